-- Who may see more than everybody: an operator, an adviser, an agency; and what the
-- operator's page asks.

-- +goose Up
CREATE TABLE access (
    name       text   PRIMARY KEY, -- what the operator calls it
    role       text   NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint -- NULL: not by itself
);

-- What proves an access: a link to sign in, the session that it began, an API key.
CREATE TABLE access_token (
    digest     text   PRIMARY KEY, -- of the token, never the token
    access     text   NOT NULL,
    kind       text   NOT NULL, -- link, session, key
    hint       text   NOT NULL, -- how the token begins, to tell one from another
    created_at bigint NOT NULL,
    expires_at bigint,
    used_at    bigint NOT NULL  -- about when it was last used; 0: never
);
CREATE INDEX access_token_access ON access_token (access);
CREATE INDEX access_token_expires ON access_token (expires_at) WHERE expires_at IS NOT NULL;

-- How telling went of late.
CREATE INDEX digest_ended ON digest (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX confirmation_ended ON confirmation (ended_at) WHERE ended_at IS NOT NULL;

-- +goose Down
DROP INDEX confirmation_ended;
DROP INDEX digest_ended;
DROP TABLE access_token;
DROP TABLE access;
