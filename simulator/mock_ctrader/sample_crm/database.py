"""The one SQLite connection of the client area.

It is synchronous on purpose: every query here takes microseconds, which is less than handing it to a thread would
cost. One connection also means one writer, so nothing waits for a lock.
"""

import sqlite3

from mock_ctrader.errors import StartError

# Tokens are kept as digests only, so that a stolen copy of the database opens no session.
SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id              INTEGER PRIMARY KEY,
    email           TEXT NOT NULL UNIQUE,
    first_name      TEXT NOT NULL,
    last_name       TEXT NOT NULL,
    phone           TEXT NOT NULL,
    country         TEXT NOT NULL,
    password_hash   TEXT NOT NULL,
    partner_id      TEXT NOT NULL,
    ctrader_user_id INTEGER NOT NULL UNIQUE,
    inapp_token     TEXT
);
CREATE TABLE IF NOT EXISTS accounts (
    environment     TEXT NOT NULL,
    login           INTEGER NOT NULL,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    currency        TEXT NOT NULL,
    leverage        INTEGER NOT NULL,
    ctid_trader_account_id INTEGER,
    PRIMARY KEY (environment, login)
);
CREATE TABLE IF NOT EXISTS account_orders (
    user_id         INTEGER NOT NULL REFERENCES users (id),
    id              TEXT NOT NULL,
    PRIMARY KEY (user_id, id)
);
CREATE TABLE IF NOT EXISTS payments (
    id              TEXT PRIMARY KEY,
    environment     TEXT NOT NULL,
    login           INTEGER NOT NULL,
    type            TEXT NOT NULL CHECK (type IN ('DEPOSIT', 'WITHDRAW')),
    amount          TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('pending', 'done', 'refused', 'unknown')),
    detail          TEXT NOT NULL DEFAULT '',
    FOREIGN KEY (environment, login) REFERENCES accounts (environment, login)
);
CREATE TABLE IF NOT EXISTS documents (
    user_id         INTEGER PRIMARY KEY REFERENCES users (id),
    type            TEXT NOT NULL,
    number          TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS partners (
    user_id         INTEGER PRIMARY KEY REFERENCES users (id),
    partner_id      TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS messages (
    user_id         INTEGER NOT NULL REFERENCES users (id),
    screen          TEXT NOT NULL,
    message         TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS loose_ends (
    user_id         INTEGER NOT NULL REFERENCES users (id),
    matter          TEXT NOT NULL,
    detail          TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS one_time_tokens (
    digest          TEXT PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    keep_logged_in  INTEGER NOT NULL,
    expires_at      REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS access_tokens (
    digest          TEXT PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id)
);
CREATE TABLE IF NOT EXISTS reset_links (
    user_id         INTEGER PRIMARY KEY REFERENCES users (id),
    digest          TEXT NOT NULL UNIQUE,
    expires_at      REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS crm_api_tokens (
    digest          TEXT PRIMARY KEY,
    expires_at      REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
    digest          TEXT PRIMARY KEY,
    csrf            TEXT NOT NULL,
    user_id         INTEGER REFERENCES users (id),
    keep_logged_in  INTEGER NOT NULL,
    expires_at      REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS waiting_documents (
    user_id         INTEGER PRIMARY KEY REFERENCES users (id),
    type            TEXT NOT NULL,
    number          TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS attributions (
    invited_user_id INTEGER PRIMARY KEY,
    partner_user_id INTEGER NOT NULL,
    broker          TEXT NOT NULL,
    partner_id      TEXT NOT NULL,
    result          TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS registered_users (
    user_id         INTEGER PRIMARY KEY,
    broker          TEXT NOT NULL,
    email           TEXT NOT NULL,
    partner_user_id INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS begun_signups (
    digest          TEXT PRIMARY KEY REFERENCES sessions (digest) ON DELETE CASCADE,
    email           TEXT NOT NULL,
    password_hash   TEXT NOT NULL,
    keep_logged_in  INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS staff_sessions (
    digest          TEXT PRIMARY KEY,
    expires_at      REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS ribbons (
    user_id         INTEGER NOT NULL REFERENCES users (id),
    title           TEXT NOT NULL,
    color           TEXT NOT NULL,
    url             TEXT NOT NULL,
    in_app          INTEGER NOT NULL,
    closable        INTEGER NOT NULL,
    enabled         INTEGER NOT NULL,
    broker          TEXT,
    login           INTEGER,
    ctid_trader_account_id INTEGER
);
CREATE TABLE IF NOT EXISTS moved_accounts (
    environment     TEXT NOT NULL,
    login           INTEGER NOT NULL,
    broker          TEXT NOT NULL,
    PRIMARY KEY (environment, login)
);
CREATE TABLE IF NOT EXISTS partner_applications (
    id              INTEGER PRIMARY KEY,
    email           TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL
);
"""

# Columns that came later than their table, which an older file has without them.
LATER_COLUMNS = (
    ("users", "campaign", "TEXT NOT NULL DEFAULT ''"),
    ("accounts", "adopted", "INTEGER NOT NULL DEFAULT 0"),
)

BIGGEST_INTEGER = 2**63 - 1  # SQLite's; a larger number is nobody's id and must not reach a query


def open_database(path: str) -> sqlite3.Connection:
    """Open the database file, or ``:memory:``, and see that the tables are there; raise StartError if it cannot."""
    try:
        # isolation_level None: each statement commits by itself, so "atomic" means "one statement" all over this room.
        db = sqlite3.connect(path, isolation_level=None)
    except sqlite3.Error as error:
        raise cannot_open(path, error) from error
    db.row_factory = sqlite3.Row
    try:
        db.execute("PRAGMA foreign_keys = ON")
        db.executescript(SCHEMA)
        add_later_columns(db)
    except sqlite3.Error as error:
        db.close()
        raise cannot_open(path, error) from error
    return db


def add_later_columns(db: sqlite3.Connection) -> None:
    """Add what a table of an older file lacks."""
    for table, column, kind in LATER_COLUMNS:
        if fetch_one(db, "SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column) is None:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def cannot_open(path: str, error: sqlite3.Error) -> StartError:
    """Return the error that tells a person what is wrong with the database and how to mend it."""
    return StartError(
        f"The client area cannot open its database: {error}.", where=path, cure="Name a file that can be written."
    )


def fetch_one(db: sqlite3.Connection, sql: str, *values: object) -> sqlite3.Row | None:
    """Run one statement to its end and return its first row, if there is one."""
    rows: list[sqlite3.Row] = db.execute(sql, values).fetchall()
    return rows[0] if rows else None
