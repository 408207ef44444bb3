-- Where the analysis of each ended call with a transcript stands, and what it
-- found; and the workspace's settings. Every statement has its twin in ../postgres.

-- +goose Up
-- asked_at is since when it is due: it names the ask, so that what was found for
-- an earlier one does not answer a later. next_at means something while due.
-- kept_at is the ask that body answers; a body without one only stands in.
CREATE TABLE analyses (
    call_id    TEXT    NOT NULL PRIMARY KEY,
    state      TEXT    NOT NULL,
    asked_at   BIGINT  NOT NULL,
    attempts   INTEGER NOT NULL,
    next_at    BIGINT  NOT NULL,
    last_error TEXT    NOT NULL,
    body       TEXT,
    kept_at    BIGINT,
    reanalysis TEXT
);
CREATE INDEX analyses_due ON analyses (next_at) WHERE state = 'due';
CREATE INDEX analyses_by_state ON analyses (state, asked_at, call_id);
CREATE INDEX analyses_again ON analyses (reanalysis, state) WHERE reanalysis IS NOT NULL;

-- What the workspace has chosen: a document for each thing there is to choose.
CREATE TABLE settings (
    name     TEXT   NOT NULL PRIMARY KEY,
    body     TEXT   NOT NULL,
    revision BIGINT NOT NULL
);

-- +goose Down
DROP TABLE settings;
DROP TABLE analyses;
