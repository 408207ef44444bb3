-- The ledger of evidence (who folded how far, what changed behind it, and
-- evidence as it was after some calls), decisions, and notices on their way to
-- webhooks. Every statement has its twin in ../postgres.

-- +goose Up
-- folded_at is the furthest assignment time that a node has announced to fold;
-- forgotten is the last sequence whose correction may have been dropped.
ALTER TABLE activity ADD COLUMN folded_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN forgotten BIGINT NOT NULL DEFAULT 0;

-- A commit, by its sequence in the test's activity, that changed a call at or
-- before folded_at; at is the earliest assignment time of those.
CREATE TABLE corrections (
    test_id     TEXT   NOT NULL,
    sequence    BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (test_id, sequence)
);

-- Evidence after the first calls of a test, the last of them at (at, call_id).
CREATE TABLE checkpoints (
    test_id TEXT   NOT NULL,
    calls   BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    call_id TEXT   NOT NULL,
    state   BLOB   NOT NULL,
    PRIMARY KEY (test_id, calls)
);

CREATE TABLE decisions (
    test_id TEXT NOT NULL PRIMARY KEY REFERENCES tests (id),
    body    TEXT NOT NULL
);

CREATE TABLE webhooks (
    id         TEXT   NOT NULL PRIMARY KEY,
    url        TEXT   NOT NULL,
    kinds      TEXT   NOT NULL,
    secret     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE notices (
    id       TEXT   NOT NULL PRIMARY KEY,
    key      TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    test_id  TEXT,
    route_id TEXT,
    text     TEXT   NOT NULL,
    data     TEXT
);
CREATE UNIQUE INDEX notices_key ON notices (key);
CREATE INDEX notices_by_time ON notices (at, id);
CREATE INDEX notices_by_test ON notices (test_id, at, id);

-- at is the notice's. next_at means something while pending.
CREATE TABLE deliveries (
    notice_id  TEXT    NOT NULL REFERENCES notices (id),
    webhook_id TEXT    NOT NULL REFERENCES webhooks (id),
    at         BIGINT  NOT NULL,
    state      TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    next_at    BIGINT  NOT NULL,
    last_error TEXT    NOT NULL,
    PRIMARY KEY (notice_id, webhook_id)
);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'pending';
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, at, notice_id);

-- +goose Down
DROP TABLE deliveries;
DROP TABLE notices;
DROP TABLE webhooks;
DROP TABLE decisions;
DROP TABLE checkpoints;
DROP TABLE corrections;
ALTER TABLE activity DROP COLUMN forgotten;
ALTER TABLE activity DROP COLUMN folded_at;
