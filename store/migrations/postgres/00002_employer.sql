-- The national register of schools, as last imported.

-- +goose Up
CREATE TABLE employer (
    urn         text COLLATE "C" PRIMARY KEY,
    name_key    text COLLATE "C" NOT NULL, -- the name in the form that names are compared in
    postcode    text COLLATE "C" NOT NULL,
    content     text COLLATE "C" NOT NULL,
    imported_at bigint NOT NULL -- when the import began that saw it last
);
CREATE INDEX employer_name ON employer (name_key);
CREATE INDEX employer_postcode ON employer (postcode);
CREATE INDEX employer_imported ON employer (imported_at);

-- +goose Down
DROP TABLE employer;
