-- Adverts that were asked away, and what visitors report.

-- +goose Up
ALTER TABLE posting ADD COLUMN removed text NOT NULL DEFAULT ''; -- the removal that hides it; empty when none does
CREATE INDEX posting_removed ON posting (removed) WHERE removed <> '';

CREATE TABLE removal (
    id      text   PRIMARY KEY,
    vacancy text   NOT NULL, -- what it was made for; empty when nothing was known there
    subject text   NOT NULL, -- in words, for the operator
    reason  text   NOT NULL,
    reposts bigint NOT NULL, -- whether equal text under another reference stays away too
    at      bigint NOT NULL
);

-- By what an advert is recognised as removed.
CREATE TABLE removal_key (
    kind    text NOT NULL,
    value   text NOT NULL,
    removal text NOT NULL,
    PRIMARY KEY (kind, value, removal)
);
CREATE INDEX removal_key_of ON removal_key (removal);

-- What visitors report of a vacancy: a mistake, or the wish that it goes. Nothing is
-- kept of who they are.
CREATE TABLE report (
    id         text   PRIMARY KEY,
    vacancy    text   NOT NULL,
    about      text   NOT NULL,
    text       text   NOT NULL,
    state      text   NOT NULL,
    answer     text   NOT NULL,
    at         bigint NOT NULL,
    decided_at bigint
);
CREATE INDEX report_state ON report (state, at);

-- +goose Down
DROP TABLE report;
DROP TABLE removal_key;
DROP TABLE removal;
DROP INDEX posting_removed;
ALTER TABLE posting DROP COLUMN removed;
