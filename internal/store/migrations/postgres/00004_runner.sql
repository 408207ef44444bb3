-- What analyses took, by day; and tests whose calls are all read again. Every
-- statement has its twin in ../sqlite.

-- +goose Up
-- day counts UTC days since 1970.
CREATE TABLE analysis_days (
    day           BIGINT NOT NULL PRIMARY KEY,
    analyses      BIGINT NOT NULL,
    requests      BIGINT NOT NULL,
    input_tokens  BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cost          DOUBLE PRECISION NOT NULL
);

-- cursor_at and cursor_id name the last call whose turn has come.
CREATE TABLE reanalyses (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    test_id       TEXT COLLATE "C" NOT NULL,
    state         TEXT COLLATE "C" NOT NULL,
    actor         TEXT COLLATE "C" NOT NULL,
    asked_at      BIGINT NOT NULL,
    max_cost      DOUBLE PRECISION NOT NULL,
    cost_per_call DOUBLE PRECISION NOT NULL,
    calls         BIGINT NOT NULL,
    asked         BIGINT NOT NULL,
    cursor_at     BIGINT NOT NULL,
    cursor_id     TEXT COLLATE "C" NOT NULL,
    requests      BIGINT NOT NULL,
    input_tokens  BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cost          DOUBLE PRECISION NOT NULL,
    note          TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX reanalyses_running ON reanalyses (test_id) WHERE state = 'running';
CREATE INDEX reanalyses_by_test ON reanalyses (test_id, asked_at);

-- +goose Down
DROP TABLE reanalyses;
DROP TABLE analysis_days;
