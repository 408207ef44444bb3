-- Groups of a test's calls, by intent or by failure: how far making them has come,
-- what came of it, and which calls are in them. Every statement has its twin in
-- ../sqlite.

-- +goose Up
-- claim names the attempt under way, run the one whose members are shown, and old
-- lists those whose members are still to be deleted, a space before each.
CREATE TABLE groupings (
    test_id    TEXT COLLATE "C" NOT NULL,
    by_what    TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    asked_at   BIGINT NOT NULL,
    k          INTEGER NOT NULL,
    again      BOOLEAN NOT NULL,
    next_at    BIGINT NOT NULL,
    attempts   INTEGER NOT NULL,
    last_error TEXT COLLATE "C" NOT NULL,
    progress   TEXT COLLATE "C" NOT NULL,
    claim      TEXT COLLATE "C",
    run        TEXT COLLATE "C",
    old        TEXT COLLATE "C" NOT NULL,
    done_at    BIGINT,
    report     TEXT COLLATE "C",
    model      TEXT COLLATE "C",
    PRIMARY KEY (test_id, by_what)
);
CREATE INDEX groupings_due ON groupings (next_at) WHERE state = 'due';

CREATE TABLE group_members (
    run        TEXT COLLATE "C" NOT NULL,
    group_name TEXT COLLATE "C" NOT NULL,
    arm        TEXT COLLATE "C" NOT NULL,
    ordinal    BIGINT NOT NULL,
    call_id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, group_name, arm, ordinal)
);
CREATE INDEX group_members_by_call ON group_members (call_id);

-- +goose Down
DROP TABLE group_members;
DROP TABLE groupings;
