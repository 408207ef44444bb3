-- Users, their sessions, and tickets that let somebody in once. Every statement
-- has its twin in ../sqlite.

-- +goose Up
-- The row that changes of users take turns by: some rules are about all of them.
INSERT INTO meta (name, number) VALUES ('users', 0);

CREATE TABLE users (
    id           TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    email        TEXT    COLLATE "C" NOT NULL,
    name         TEXT    COLLATE "C" NOT NULL,
    role         TEXT    COLLATE "C" NOT NULL,
    disabled     INTEGER NOT NULL,
    password     TEXT    COLLATE "C" NOT NULL,
    subject      TEXT    COLLATE "C",
    created_at   BIGINT  NOT NULL,
    signed_in_at BIGINT
);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE UNIQUE INDEX users_subject ON users (subject);

-- hash is of the token that the browser has.
CREATE TABLE sessions (
    hash       BYTEA   NOT NULL PRIMARY KEY,
    id         TEXT    COLLATE "C" NOT NULL,
    user_id    TEXT    COLLATE "C" NOT NULL REFERENCES users (id),
    browser    TEXT    COLLATE "C" NOT NULL,
    created_at BIGINT  NOT NULL,
    seen_at    BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

-- hash is of what the ticket's holder shows. One for setup has no user.
CREATE TABLE tickets (
    hash       BYTEA   NOT NULL PRIMARY KEY,
    kind       TEXT    COLLATE "C" NOT NULL,
    user_id    TEXT    COLLATE "C" REFERENCES users (id),
    created_at BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL
);
CREATE INDEX tickets_by_user ON tickets (user_id);

-- +goose Down
DROP TABLE tickets;
DROP TABLE sessions;
DROP TABLE users;
DELETE FROM meta WHERE name = 'users';
