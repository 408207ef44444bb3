-- What people say of calls and of pairs of calls, and what a judge does. Every
-- statement has its twin in ../postgres.

-- +goose Up
-- One rating for each rater and call: the last one.
CREATE TABLE call_ratings (
    call_id  TEXT   NOT NULL,
    rater    TEXT   NOT NULL,
    rated_at BIGINT NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (call_id, rater)
);

-- One for each rater and pair. blind stays true only while the rater keeps to what
-- they said before the arms were told to them.
CREATE TABLE pair_ratings (
    id          TEXT    NOT NULL PRIMARY KEY,
    test_id     TEXT    NOT NULL,
    first_call  TEXT    NOT NULL,
    second_call TEXT    NOT NULL,
    first_arm   TEXT    NOT NULL,
    second_arm  TEXT    NOT NULL,
    rater       TEXT    NOT NULL,
    winner      TEXT    NOT NULL,
    blind       BOOLEAN NOT NULL,
    note        TEXT    NOT NULL,
    rated_at    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX pair_ratings_one ON pair_ratings (first_call, second_call, rater);
CREATE INDEX pair_ratings_by_test ON pair_ratings (test_id, rated_at, id);

-- The judging of one arm of a test against the first. While it runs, holder works
-- on it until next_at; then another node may. body holds what is only told.
CREATE TABLE judgings (
    test_id       TEXT             NOT NULL,
    arm           TEXT             NOT NULL,
    state         TEXT             NOT NULL,
    judge         TEXT             NOT NULL,
    next_at       BIGINT           NOT NULL,
    holder        TEXT             NOT NULL,
    requests      BIGINT           NOT NULL,
    input_tokens  BIGINT           NOT NULL,
    output_tokens BIGINT           NOT NULL,
    cost          DOUBLE PRECISION NOT NULL,
    cost_limit    DOUBLE PRECISION NOT NULL,
    attempts      INTEGER          NOT NULL,
    last_error    TEXT             NOT NULL,
    ended_at      BIGINT,
    body          TEXT             NOT NULL,
    PRIMARY KEY (test_id, arm)
);
CREATE INDEX judgings_due ON judgings (next_at) WHERE state = 'running';

-- Its pairs. forward is the judge's answer with the first call shown first,
-- backward with the second: each is paid for, and kept as it comes.
CREATE TABLE judged_pairs (
    test_id     TEXT             NOT NULL,
    arm         TEXT             NOT NULL,
    number      BIGINT           NOT NULL,
    first_arm   TEXT             NOT NULL,
    first_call  TEXT             NOT NULL,
    second_call TEXT             NOT NULL,
    similarity  DOUBLE PRECISION NOT NULL,
    state       TEXT             NOT NULL,
    attempts    INTEGER          NOT NULL,
    last_error  TEXT             NOT NULL,
    judged_at   BIGINT,
    forward     TEXT,
    backward    TEXT,
    PRIMARY KEY (test_id, arm, number)
);
CREATE UNIQUE INDEX judged_pairs_calls ON judged_pairs (test_id, arm, first_call, second_call);
CREATE INDEX judged_pairs_due ON judged_pairs (test_id, arm, attempts, number) WHERE state = 'due';

-- +goose Down
DROP TABLE judged_pairs;
DROP TABLE judgings;
DROP TABLE pair_ratings;
DROP TABLE call_ratings;
