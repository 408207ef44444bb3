-- Groups of a test's calls, by intent or by failure: how far making them has come,
-- what came of it, and which calls are in them. Every statement has its twin in
-- ../postgres.

-- +goose Up
-- claim names the attempt under way, run the one whose members are shown, and old
-- lists those whose members are still to be deleted, a space before each.
CREATE TABLE groupings (
    test_id    TEXT NOT NULL,
    by_what    TEXT NOT NULL,
    state      TEXT NOT NULL,
    asked_at   BIGINT NOT NULL,
    k          INTEGER NOT NULL,
    again      BOOLEAN NOT NULL,
    next_at    BIGINT NOT NULL,
    attempts   INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    progress   TEXT NOT NULL,
    claim      TEXT,
    run        TEXT,
    old        TEXT NOT NULL,
    done_at    BIGINT,
    report     TEXT,
    model      TEXT,
    PRIMARY KEY (test_id, by_what)
);
CREATE INDEX groupings_due ON groupings (next_at) WHERE state = 'due';

CREATE TABLE group_members (
    run        TEXT NOT NULL,
    group_name TEXT NOT NULL,
    arm        TEXT NOT NULL,
    ordinal    BIGINT NOT NULL,
    call_id    TEXT NOT NULL,
    PRIMARY KEY (run, group_name, arm, ordinal)
);
CREATE INDEX group_members_by_call ON group_members (call_id);

-- +goose Down
DROP TABLE group_members;
DROP TABLE groupings;
