-- Goals that change: which one the calls of a test are counted under, and how far
-- those counted under an earlier one are counted anew. Every statement has its twin
-- in ../sqlite.

-- +goose Up
-- Whoever commits calls counted under another edition than this is refused.
ALTER TABLE activity ADD COLUMN goal_edition BIGINT NOT NULL DEFAULT 1;

-- Calls up to (at, call_id) are counted under the edition. finished is the test's
-- activity when the last was, 0 before.
CREATE TABLE recounts (
    test_id  TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    edition  BIGINT NOT NULL,
    total    BIGINT NOT NULL,
    done     BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    call_id  TEXT   COLLATE "C" NOT NULL,
    finished BIGINT NOT NULL
);
CREATE INDEX recounts_running ON recounts (test_id) WHERE finished = 0;

-- +goose Down
DROP TABLE recounts;
ALTER TABLE activity DROP COLUMN goal_edition;
