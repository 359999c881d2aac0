-- The history of postings: what became of each since it was first seen.

-- +goose Up
CREATE TABLE posting_turn (
    source    text   NOT NULL,
    reference text   NOT NULL,
    at        bigint NOT NULL,
    event     text   NOT NULL, -- changed, closed, reopened
    why       text   NOT NULL, -- why it was closed
    fields    text   NOT NULL, -- what changed of it, with commas between
    seen      bigint NOT NULL, -- when it was last seen before that
    PRIMARY KEY (source, reference, at, event)
);
ALTER TABLE posting ADD COLUMN checked_at bigint NOT NULL DEFAULT 0; -- when it was last looked for in vain at its own page, listed nowhere

-- +goose Down
ALTER TABLE posting DROP COLUMN checked_at;
DROP TABLE posting_turn;
