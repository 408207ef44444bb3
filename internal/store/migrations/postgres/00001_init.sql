-- Times are integer microseconds since 1970, UTC. Ids are UUIDs in text form,
-- made in Go. Every statement has its twin in ../sqlite, with text ordered
-- byte by byte (COLLATE "C") as SQLite does.

-- +goose Up
CREATE TABLE meta (
    name   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number BIGINT           NOT NULL,
    data   BYTEA
);
INSERT INTO meta (name, number) VALUES ('config_version', 1);

CREATE TABLE agents (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name           TEXT COLLATE "C" NOT NULL,
    draft          TEXT COLLATE "C" NOT NULL,
    latest_version INTEGER          NOT NULL,
    revision       BIGINT           NOT NULL,
    created_at     BIGINT           NOT NULL,
    updated_at     BIGINT           NOT NULL
);
CREATE UNIQUE INDEX agents_name ON agents (name);

CREATE TABLE versions (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    agent_id     TEXT COLLATE "C" NOT NULL REFERENCES agents (id),
    number       INTEGER          NOT NULL,
    note         TEXT COLLATE "C" NOT NULL,
    published_at BIGINT           NOT NULL,
    published_by TEXT COLLATE "C" NOT NULL,
    content      TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX versions_number ON versions (agent_id, number);
-- +goose StatementBegin
CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version is immutable' USING ERRCODE = 'restrict_violation';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER versions_no_update BEFORE UPDATE ON versions
    FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
CREATE TRIGGER versions_no_delete BEFORE DELETE ON versions
    FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
CREATE TRIGGER versions_no_truncate BEFORE TRUNCATE ON versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change();

CREATE TABLE routes (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind             TEXT COLLATE "C" NOT NULL,
    number           TEXT COLLATE "C",
    name             TEXT COLLATE "C" NOT NULL,
    live_version_id  TEXT COLLATE "C" NOT NULL REFERENCES versions (id),
    fallback_uri     TEXT COLLATE "C" NOT NULL,
    sip_mode         TEXT COLLATE "C" NOT NULL,
    max_call_seconds INTEGER          NOT NULL,
    version_limit    INTEGER          NOT NULL,
    revision         BIGINT           NOT NULL,
    created_at       BIGINT           NOT NULL,
    updated_at       BIGINT           NOT NULL
);
CREATE UNIQUE INDEX routes_number ON routes (number);
CREATE INDEX routes_name ON routes (name, id);

-- body is the test's JSON; the columns serve rules and lists.
CREATE TABLE tests (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    route_id   TEXT COLLATE "C" NOT NULL REFERENCES routes (id),
    status     TEXT COLLATE "C" NOT NULL,
    started_at BIGINT           NOT NULL,
    salt       BYTEA            NOT NULL,
    revision   BIGINT           NOT NULL,
    body       TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX tests_one_running ON tests (route_id) WHERE status = 'running';
CREATE INDEX tests_by_route ON tests (route_id, started_at, id);
CREATE INDEX tests_by_start ON tests (started_at, id);

-- record holds the facts (JSON keeps its text as it was given, and takes -> as
-- SQLite's TEXT does); the columns serve filters and lists. assigned_at is 0
-- while the assignment is not known. Nothing here refers to routes or tests by
-- foreign key: facts come from outside, in any order.
CREATE TABLE calls (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    revision       BIGINT           NOT NULL,
    route_id       TEXT COLLATE "C",
    test_id        TEXT COLLATE "C",
    phase          INTEGER          NOT NULL,
    arm            TEXT COLLATE "C",
    version_id     TEXT COLLATE "C",
    ordinal        BIGINT           NOT NULL,
    stage          TEXT COLLATE "C" NOT NULL,
    assigned_at    BIGINT           NOT NULL,
    ended_at       BIGINT,
    deadline       BIGINT,
    ended_by       TEXT COLLATE "C",
    transferred    BOOLEAN          NOT NULL,
    goal           BOOLEAN,
    has_transcript BOOLEAN          NOT NULL,
    foreign_count  INTEGER          NOT NULL,
    record         JSON             NOT NULL
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX calls_ordinal ON calls (test_id, arm, ordinal) WHERE ordinal > 0;
CREATE INDEX calls_by_time ON calls (assigned_at, id);
CREATE INDEX calls_by_route ON calls (route_id, assigned_at, id);
CREATE INDEX calls_by_test ON calls (test_id, assigned_at, id) WHERE test_id IS NOT NULL;
CREATE INDEX calls_in_progress ON calls (deadline, version_id) WHERE stage = 'assigned';

CREATE TABLE foreign_ids (
    origin     TEXT COLLATE "C" NOT NULL,
    foreign_id TEXT COLLATE "C" NOT NULL,
    call_id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (origin, foreign_id)
);

CREATE TABLE transcripts (
    call_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    turns   TEXT COLLATE "C" NOT NULL
);

-- The next ordinal of each arm, less one.
CREATE TABLE arm_sizes (
    test_id TEXT COLLATE "C" NOT NULL,
    arm     TEXT COLLATE "C" NOT NULL,
    calls   BIGINT           NOT NULL,
    PRIMARY KEY (test_id, arm)
) WITH (fillfactor = 50);

CREATE TABLE tallies (
    test_id   TEXT COLLATE "C" NOT NULL,
    phase     INTEGER          NOT NULL,
    arm       TEXT COLLATE "C" NOT NULL,
    metric    TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    n         BIGINT           NOT NULL,
    successes BIGINT           NOT NULL,
    mean      DOUBLE PRECISION NOT NULL,
    m2        DOUBLE PRECISION NOT NULL,
    hist      BYTEA,
    names     TEXT COLLATE "C",
    PRIMARY KEY (test_id, phase, arm, metric)
) WITH (fillfactor = 50);

-- One row a test; whoever changes the test's tallies holds it.
CREATE TABLE activity (
    test_id  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sequence BIGINT           NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE api_keys (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    scopes     TEXT COLLATE "C" NOT NULL,
    hash       BYTEA            NOT NULL,
    created_at BIGINT           NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

CREATE TABLE audit (
    id     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at     BIGINT           NOT NULL,
    actor  TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C",
    after  TEXT COLLATE "C"
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
DROP FUNCTION refuse_version_change;
DROP TABLE agents;
DROP TABLE meta;
