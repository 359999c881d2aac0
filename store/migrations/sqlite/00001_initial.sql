-- Times are Unix milliseconds (0 or NULL: never); structures are JSON as text;
-- blobs are compressed.

-- +goose Up

-- The change log. Whoever appends takes the head first, so that the order of
-- numbers is the order of commits.
CREATE TABLE log_head (
    id  bigint PRIMARY KEY,
    seq bigint NOT NULL
);
INSERT INTO log_head (id, seq) VALUES (1, 0);

CREATE TABLE change_log (
    seq          bigint PRIMARY KEY,
    event        text   NOT NULL,
    vacancy      text   NOT NULL,
    subscription text   NOT NULL,
    fields       text   NOT NULL,
    cause        text   NOT NULL,
    at           bigint NOT NULL
);

CREATE TABLE reader (
    name text   PRIMARY KEY,
    seq  bigint NOT NULL
);

-- Work: a source to crawl, a host to visit, a digest or a confirmation to send.
CREATE TABLE work (
    kind        text   NOT NULL,
    id          text   NOT NULL,
    due_at      bigint NOT NULL,
    attempts    bigint NOT NULL,
    lease_until bigint NOT NULL,
    token       text   NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX work_due ON work (kind, due_at);

-- Sources, their health, and what each crawl of them yielded.
CREATE TABLE source (
    id              text   PRIMARY KEY,
    crawl           bigint NOT NULL, -- the number of the newest crawl that was begun
    usual           bigint NOT NULL, -- what the last healthy crawl listed
    shrunk_listed   bigint NOT NULL, -- what the last shrunk crawl listed
    shrunk_times    bigint NOT NULL, -- how many shrunk crawls in a row listed just that
    shrunk_since    bigint NOT NULL, -- when the first of them was
    failures        bigint NOT NULL, -- unhealthy crawls in a row
    last_healthy_at bigint NOT NULL
);

CREATE TABLE crawl (
    source     text   NOT NULL,
    crawl      bigint NOT NULL,
    ended_at   bigint NOT NULL,
    complete   bigint NOT NULL,
    healthy    bigint NOT NULL,
    listed     bigint NOT NULL,
    unreadable bigint NOT NULL,
    note       text   NOT NULL,
    report     text   NOT NULL,
    PRIMARY KEY (source, crawl)
);

CREATE TABLE host (
    host    text   PRIMARY KEY,
    next_at bigint NOT NULL
);

CREATE TABLE robots (
    origin text   PRIMARY KEY,
    body   blob,
    status bigint NOT NULL,
    at     bigint NOT NULL
);

CREATE TABLE page (
    source        text NOT NULL,
    url           text NOT NULL,
    etag          text NOT NULL,
    last_modified text NOT NULL,
    items         text NOT NULL,
    next          text NOT NULL,
    PRIMARY KEY (source, url)
);

-- Postings are split in two: what every crawl touches is small, what is read of
-- them is not.
CREATE TABLE posting (
    source     text   NOT NULL,
    reference  text   NOT NULL,
    vacancy    text   NOT NULL,
    url        text   NOT NULL,
    item_url   text   NOT NULL, -- the address that its lists name it by
    kind       text   NOT NULL,
    hash       text   NOT NULL,
    rules      bigint NOT NULL,
    open       bigint NOT NULL,
    missed     bigint NOT NULL, -- complete healthy crawls in a row without it
    closing    text   NOT NULL, -- why it is to be closed; empty when it is not
    first_seen bigint NOT NULL,
    last_seen  bigint NOT NULL,
    last_crawl bigint NOT NULL,
    gone_crawl bigint NOT NULL, -- the last crawl that found it gone
    closes_at  bigint,
    closed_at  bigint,
    PRIMARY KEY (source, reference)
);
CREATE INDEX posting_vacancy ON posting (vacancy);
CREATE INDEX posting_item ON posting (source, item_url);
CREATE INDEX posting_rules ON posting (rules, source, reference);
CREATE INDEX posting_open ON posting (source, open);
CREATE INDEX posting_closing ON posting (closing, source, reference) WHERE closing <> '';
CREATE INDEX posting_closes ON posting (closes_at) WHERE open = 1 AND closes_at IS NOT NULL;
CREATE INDEX posting_closed ON posting (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE posting_body (
    source    text NOT NULL,
    reference text NOT NULL,
    content   blob NOT NULL, -- the posting as extracted
    reading   blob NOT NULL,
    raw_type  text NOT NULL,
    raw       blob,          -- what was fetched for it
    PRIMARY KEY (source, reference)
);

-- By what a posting may be recognised as another one's job.
CREATE TABLE posting_key (
    kind      text NOT NULL,
    value     text NOT NULL,
    source    text NOT NULL,
    reference text NOT NULL,
    PRIMARY KEY (kind, value, source, reference)
);
CREATE INDEX posting_key_of ON posting_key (source, reference);

CREATE TABLE vacancy (
    id         text   PRIMARY KEY,
    state      text   NOT NULL,
    first_seen bigint NOT NULL,
    changed_at bigint NOT NULL,
    closed_at  bigint,
    data       text   NOT NULL,
    body       blob   NOT NULL -- body, terms, fingerprint and rules of its reading
);
CREATE INDEX vacancy_state ON vacancy (state, id);

CREATE TABLE alias (
    id      text PRIMARY KEY,
    vacancy text NOT NULL
);
CREATE INDEX alias_vacancy ON alias (vacancy);

CREATE TABLE quarantine (
    source    text   NOT NULL,
    url       text   NOT NULL,
    reference text   NOT NULL,
    error     text   NOT NULL,
    raw_type  text   NOT NULL,
    raw       blob,
    first_at  bigint NOT NULL,
    last_at   bigint NOT NULL,
    times     bigint NOT NULL,
    PRIMARY KEY (source, url, reference)
);
CREATE INDEX quarantine_last ON quarantine (last_at);

-- People. The address and the consent stand apart from what is matched.
CREATE TABLE subscriber (
    person          text   PRIMARY KEY,
    email           text   NOT NULL,
    address         text   NOT NULL UNIQUE, -- digest of the folded address
    wording         text   NOT NULL,
    consent_at      bigint NOT NULL,
    created_at      bigint NOT NULL,
    confirmed_at    bigint,
    unsubscribed_at bigint
);

CREATE TABLE subscription (
    id         text   PRIMARY KEY,
    person     text   NOT NULL,
    frequency  text   NOT NULL,
    criteria   text   NOT NULL,
    candidate  text   NOT NULL,
    state      text   NOT NULL,
    wording    text   NOT NULL,
    consent_at bigint NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL
);
CREATE INDEX subscription_person ON subscription (person);
CREATE INDEX subscription_state ON subscription (state, id);

-- The ledger: what a person is owed or was told of a vacancy, once an event.
CREATE TABLE ledger (
    person  text   NOT NULL,
    vacancy text   NOT NULL,
    event   text   NOT NULL,
    alert   text   NOT NULL,
    due_at  bigint NOT NULL,
    owed_at bigint NOT NULL,
    digest  text   NOT NULL, -- empty until it is frozen into one
    told_at bigint,
    PRIMARY KEY (person, vacancy, event)
);
CREATE INDEX ledger_due ON ledger (due_at) WHERE digest = '' AND told_at IS NULL;
CREATE INDEX ledger_vacancy ON ledger (vacancy);
CREATE INDEX ledger_digest ON ledger (digest) WHERE digest <> '';

CREATE TABLE digest (
    id         text   PRIMARY KEY,
    person     text   NOT NULL,
    message_id text   NOT NULL,
    alerts     text   NOT NULL,
    state      text   NOT NULL, -- frozen, sent, dropped
    note       text   NOT NULL,
    at         bigint NOT NULL,
    ended_at   bigint
);
CREATE INDEX digest_person ON digest (person);
CREATE UNIQUE INDEX digest_frozen ON digest (person) WHERE state = 'frozen';

CREATE TABLE confirmation (
    id         text   PRIMARY KEY,
    person     text   NOT NULL,
    message_id text   NOT NULL,
    state      text   NOT NULL, -- queued, sent, dropped
    note       text   NOT NULL,
    at         bigint NOT NULL,
    ended_at   bigint
);
CREATE INDEX confirmation_person ON confirmation (person);

CREATE TABLE suppression (
    address text   PRIMARY KEY, -- digest of the folded address, never the address
    reason  text   NOT NULL,
    at      bigint NOT NULL
);

-- +goose Down
DROP TABLE suppression;
DROP TABLE confirmation;
DROP TABLE digest;
DROP TABLE ledger;
DROP TABLE subscription;
DROP TABLE subscriber;
DROP TABLE quarantine;
DROP TABLE alias;
DROP TABLE vacancy;
DROP TABLE posting_key;
DROP TABLE posting_body;
DROP TABLE posting;
DROP TABLE page;
DROP TABLE robots;
DROP TABLE host;
DROP TABLE crawl;
DROP TABLE source;
DROP TABLE work;
DROP TABLE reader;
DROP TABLE change_log;
DROP TABLE log_head;
