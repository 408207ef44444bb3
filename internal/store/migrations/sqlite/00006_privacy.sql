-- What a call holds of personal data, whose it is, and the work of deleting it.
-- Every statement has its twin in ../postgres.

-- +goose Up
-- caller_key is the keyed hash of the caller. holds has a bit for each kind of
-- personal data that the call may hold (PersonalData.Bit); -1 for calls that were
-- stored without a key of their caller, which are settled in the background.
-- dated_at is the time of the call.
ALTER TABLE calls ADD COLUMN caller_key TEXT NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN holds INTEGER NOT NULL DEFAULT -1;
ALTER TABLE calls ADD COLUMN dated_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX calls_by_caller ON calls (caller_key) WHERE caller_key <> '';
CREATE INDEX calls_unsettled ON calls (id) WHERE holds < 0;

-- settings are the privacy settings it goes by. The work has come past the call at
-- (after_at, after_id) of its step. revision grows with each batch.
CREATE TABLE privacy_jobs (
    id          TEXT    NOT NULL PRIMARY KEY,
    key         TEXT    NOT NULL,
    work        TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    actor       TEXT    NOT NULL,
    setting     BIGINT  NOT NULL,
    settings    TEXT    NOT NULL,
    step        INTEGER NOT NULL,
    after_at    BIGINT  NOT NULL,
    after_id    TEXT    NOT NULL,
    looked      BIGINT  NOT NULL,
    changed     BIGINT  NOT NULL,
    refused     BIGINT  NOT NULL,
    redacted    TEXT    NOT NULL,
    finished_at BIGINT,
    lease_until BIGINT  NOT NULL,
    last_error  TEXT    NOT NULL,
    revision    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX privacy_jobs_key ON privacy_jobs (key);
CREATE INDEX privacy_jobs_by_time ON privacy_jobs (at, id);

-- oldest and newest are 0 while nothing was deleted; left_over is NULL until it was
-- counted.
CREATE TABLE purges (
    job_id    TEXT    NOT NULL,
    data      TEXT    NOT NULL,
    cause     TEXT    NOT NULL,
    days      INTEGER NOT NULL,
    setting   BIGINT  NOT NULL,
    at        BIGINT  NOT NULL,
    before    BIGINT  NOT NULL,
    calls     BIGINT  NOT NULL,
    oldest    BIGINT  NOT NULL,
    newest    BIGINT  NOT NULL,
    left_over BIGINT,
    PRIMARY KEY (job_id, data)
);
CREATE INDEX purges_by_time ON purges (at, job_id, data);

-- +goose Down
DROP TABLE purges;
DROP TABLE privacy_jobs;
DROP INDEX calls_unsettled;
DROP INDEX calls_by_caller;
ALTER TABLE calls DROP COLUMN dated_at;
ALTER TABLE calls DROP COLUMN holds;
ALTER TABLE calls DROP COLUMN caller_key;
