-- What each crawl yielded, field by field, and the alarms that follow.

-- +goose Up
ALTER TABLE source ADD COLUMN added_at bigint NOT NULL DEFAULT 0; -- since when it is known

ALTER TABLE crawl ADD COLUMN partial bigint NOT NULL DEFAULT 0; -- its lists name only part of what is live
ALTER TABLE crawl ADD COLUMN fault   text   NOT NULL DEFAULT ''; -- why it was not healthy
ALTER TABLE crawl ADD COLUMN fresh   bigint NOT NULL DEFAULT 0; -- adverts met for the first time
ALTER TABLE crawl ADD COLUMN counted bigint NOT NULL DEFAULT 0; -- adverts read whose words were new
ALTER TABLE crawl ADD COLUMN fields  text   NOT NULL DEFAULT ''; -- how many of those carried each field
CREATE INDEX crawl_ended ON crawl (ended_at);

ALTER TABLE quarantine ADD COLUMN crawl bigint NOT NULL DEFAULT 0; -- the last crawl that met it

CREATE TABLE alarm (
    source   text   NOT NULL,
    kind     text   NOT NULL,
    says     text   NOT NULL,
    usual    bigint NOT NULL, -- what it is measured against, in its kind's own unit
    since    bigint NOT NULL,
    seen_at  bigint NOT NULL, -- when it was last found to be on
    told_at  bigint NOT NULL, -- when the operator was last told of it
    ended_at bigint,
    PRIMARY KEY (source, kind)
);

-- What the operator is told of, one message at a time.
CREATE TABLE notice (
    id         text   PRIMARY KEY,
    message_id text   NOT NULL,
    lines      text   NOT NULL,
    state      text   NOT NULL, -- frozen, sent, dropped
    note       text   NOT NULL,
    at         bigint NOT NULL,
    ended_at   bigint
);

-- +goose Down
DROP TABLE notice;
DROP TABLE alarm;
ALTER TABLE quarantine DROP COLUMN crawl;
DROP INDEX crawl_ended;
ALTER TABLE crawl DROP COLUMN fields;
ALTER TABLE crawl DROP COLUMN counted;
ALTER TABLE crawl DROP COLUMN fresh;
ALTER TABLE crawl DROP COLUMN fault;
ALTER TABLE crawl DROP COLUMN partial;
ALTER TABLE source DROP COLUMN added_at;
