-- Times are integer microseconds since 1970, UTC. Ids are UUIDs in text form,
-- made in Go. Every statement has its twin in ../postgres.

-- +goose Up
CREATE TABLE meta (
    name   TEXT   NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    data   BLOB
);
INSERT INTO meta (name, number) VALUES ('config_version', 1);

CREATE TABLE agents (
    id             TEXT    NOT NULL PRIMARY KEY,
    name           TEXT    NOT NULL,
    draft          TEXT    NOT NULL,
    latest_version INTEGER NOT NULL,
    revision       BIGINT  NOT NULL,
    created_at     BIGINT  NOT NULL,
    updated_at     BIGINT  NOT NULL
);
CREATE UNIQUE INDEX agents_name ON agents (name);

CREATE TABLE versions (
    id           TEXT    NOT NULL PRIMARY KEY,
    agent_id     TEXT    NOT NULL REFERENCES agents (id),
    number       INTEGER NOT NULL,
    note         TEXT    NOT NULL,
    published_at BIGINT  NOT NULL,
    published_by TEXT    NOT NULL,
    content      TEXT    NOT NULL
);
CREATE UNIQUE INDEX versions_number ON versions (agent_id, number);
-- +goose StatementBegin
CREATE TRIGGER versions_no_update BEFORE UPDATE ON versions
BEGIN
    SELECT RAISE(ABORT, 'a published version is immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER versions_no_delete BEFORE DELETE ON versions
BEGIN
    SELECT RAISE(ABORT, 'a published version is immutable');
END;
-- +goose StatementEnd
-- INSERT OR REPLACE deletes the old row without asking the trigger above.
-- +goose StatementBegin
CREATE TRIGGER versions_no_replace BEFORE INSERT ON versions
WHEN EXISTS (SELECT 1 FROM versions WHERE id = NEW.id OR (agent_id = NEW.agent_id AND number = NEW.number))
BEGIN
    SELECT RAISE(ABORT, 'a published version is immutable');
END;
-- +goose StatementEnd

CREATE TABLE routes (
    id               TEXT    NOT NULL PRIMARY KEY,
    kind             TEXT    NOT NULL,
    number           TEXT,
    name             TEXT    NOT NULL,
    live_version_id  TEXT    NOT NULL REFERENCES versions (id),
    fallback_uri     TEXT    NOT NULL,
    sip_mode         TEXT    NOT NULL,
    max_call_seconds INTEGER NOT NULL,
    version_limit    INTEGER NOT NULL,
    revision         BIGINT  NOT NULL,
    created_at       BIGINT  NOT NULL,
    updated_at       BIGINT  NOT NULL
);
CREATE UNIQUE INDEX routes_number ON routes (number);
CREATE INDEX routes_name ON routes (name, id);

-- body is the test's JSON; the columns serve rules and lists.
CREATE TABLE tests (
    id         TEXT   NOT NULL PRIMARY KEY,
    route_id   TEXT   NOT NULL REFERENCES routes (id),
    status     TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    salt       BLOB   NOT NULL,
    revision   BIGINT NOT NULL,
    body       TEXT   NOT NULL
);
CREATE UNIQUE INDEX tests_one_running ON tests (route_id) WHERE status = 'running';
CREATE INDEX tests_by_route ON tests (route_id, started_at, id);
CREATE INDEX tests_by_start ON tests (started_at, id);

-- record holds the facts; the columns serve filters and lists. assigned_at is 0
-- while the assignment is not known. Nothing here refers to routes or tests by
-- foreign key: facts come from outside, in any order.
CREATE TABLE calls (
    id             TEXT    NOT NULL PRIMARY KEY,
    revision       BIGINT  NOT NULL,
    route_id       TEXT,
    test_id        TEXT,
    phase          INTEGER NOT NULL,
    arm            TEXT,
    version_id     TEXT,
    ordinal        BIGINT  NOT NULL,
    stage          TEXT    NOT NULL,
    assigned_at    BIGINT  NOT NULL,
    ended_at       BIGINT,
    deadline       BIGINT,
    ended_by       TEXT,
    transferred    BOOLEAN NOT NULL,
    goal           BOOLEAN,
    has_transcript BOOLEAN NOT NULL,
    foreign_count  INTEGER NOT NULL,
    record         TEXT    NOT NULL
);
CREATE UNIQUE INDEX calls_ordinal ON calls (test_id, arm, ordinal) WHERE ordinal > 0;
CREATE INDEX calls_by_time ON calls (assigned_at, id);
CREATE INDEX calls_by_route ON calls (route_id, assigned_at, id);
CREATE INDEX calls_by_test ON calls (test_id, assigned_at, id) WHERE test_id IS NOT NULL;
CREATE INDEX calls_in_progress ON calls (deadline, version_id) WHERE stage = 'assigned';

CREATE TABLE foreign_ids (
    origin     TEXT NOT NULL,
    foreign_id TEXT NOT NULL,
    call_id    TEXT NOT NULL,
    PRIMARY KEY (origin, foreign_id)
) WITHOUT ROWID;

CREATE TABLE transcripts (
    call_id TEXT NOT NULL PRIMARY KEY,
    turns   TEXT NOT NULL
);

-- The next ordinal of each arm, less one.
CREATE TABLE arm_sizes (
    test_id TEXT   NOT NULL,
    arm     TEXT   NOT NULL,
    calls   BIGINT NOT NULL,
    PRIMARY KEY (test_id, arm)
) WITHOUT ROWID;

CREATE TABLE tallies (
    test_id   TEXT             NOT NULL,
    phase     INTEGER          NOT NULL,
    arm       TEXT             NOT NULL,
    metric    TEXT             NOT NULL,
    kind      TEXT             NOT NULL,
    n         BIGINT           NOT NULL,
    successes BIGINT           NOT NULL,
    mean      DOUBLE PRECISION NOT NULL,
    m2        DOUBLE PRECISION NOT NULL,
    hist      BLOB,
    names     TEXT,
    PRIMARY KEY (test_id, phase, arm, metric)
);

-- One row a test; whoever changes the test's tallies holds it.
CREATE TABLE activity (
    test_id  TEXT   NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE api_keys (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    scopes     TEXT   NOT NULL,
    hash       BLOB   NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

CREATE TABLE audit (
    id     TEXT   NOT NULL PRIMARY KEY,
    at     BIGINT NOT NULL,
    actor  TEXT   NOT NULL,
    action TEXT   NOT NULL,
    object TEXT   NOT NULL,
    before TEXT,
    after  TEXT
);
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_object ON audit (object, at, id);

-- +goose Down
DROP TABLE audit;
DROP TABLE api_keys;
DROP TABLE activity;
DROP TABLE tallies;
DROP TABLE arm_sizes;
DROP TABLE transcripts;
DROP TABLE foreign_ids;
DROP TABLE calls;
DROP TABLE tests;
DROP TABLE routes;
DROP TABLE versions;
DROP TABLE agents;
DROP TABLE meta;
