-- What a host's answers have taught of its pace.

-- +goose Up
ALTER TABLE host ADD COLUMN pace bigint NOT NULL DEFAULT 0; -- least milliseconds from the end of an answer to the next request

-- +goose Down
ALTER TABLE host DROP COLUMN pace;
