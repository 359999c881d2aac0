-- What a vacancy's copies by others are looked up by.

-- +goose Up
CREATE TABLE vacancy_key (
    value   text COLLATE "C" NOT NULL,
    vacancy text COLLATE "C" NOT NULL,
    PRIMARY KEY (value, vacancy)
);
CREATE INDEX vacancy_key_vacancy ON vacancy_key (vacancy);

-- +goose Down
DROP TABLE vacancy_key;
