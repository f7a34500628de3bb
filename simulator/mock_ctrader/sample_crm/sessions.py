import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from mock_ctrader.sample_crm.database import fetch_one
from mock_ctrader.sample_crm.tokens import digest, new_token

SESSION_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class Session:
    """One browser's visit. A visitor has one before signing in, too: the forms' CSRF token hangs on it."""

    secret: str
    csrf: str
    user_id: int | None
    keep_logged_in: bool


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a visitor who is signing up will log in with."""

    email: str
    password_hash: str
    keep_logged_in: bool


class Sessions:
    """Browser sessions, found by the secret in the visitor's cookie."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float]) -> None:
        self._db = db
        self._now = now

    def start(self, user_id: int | None = None, *, keep_logged_in: bool = False) -> Session:
        """Return a new session. Signing in always starts one: an older secret may have been planted by a stranger."""
        session = Session(
            secret=new_token(), csrf=secrets.token_urlsafe(16), user_id=user_id, keep_logged_in=keep_logged_in
        )
        now = self._now()
        self._db.execute("DELETE FROM sessions WHERE expires_at <= ?", (now,))
        self._db.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?)",
            (digest(session.secret), session.csrf, user_id, keep_logged_in, now + SESSION_SECONDS),
        )
        return session

    def find(self, secret: str) -> Session | None:
        """Return the session with this secret, unless it is over."""
        row = fetch_one(
            self._db, "SELECT * FROM sessions WHERE digest = ? AND expires_at > ?", digest(secret), self._now()
        )
        if row is None:
            return None
        return Session(
            secret=secret, csrf=row["csrf"], user_id=row["user_id"], keep_logged_in=bool(row["keep_logged_in"])
        )

    def keep_credentials(self, session: Session, credentials: Credentials) -> None:
        """Keep what was typed on the first page of signing up; it is forgotten when the session ends."""
        self._db.execute(
            "INSERT OR REPLACE INTO begun_signups VALUES (?, ?, ?, ?)",
            (digest(session.secret), credentials.email, credentials.password_hash, credentials.keep_logged_in),
        )

    def credentials(self, session: Session) -> Credentials | None:
        """Return what was typed on the first page of signing up, if the visitor has been there."""
        row = fetch_one(self._db, "SELECT * FROM begun_signups WHERE digest = ?", digest(session.secret))
        if row is None:
            return None
        return Credentials(
            email=row["email"], password_hash=row["password_hash"], keep_logged_in=bool(row["keep_logged_in"])
        )

    def end_all(self, user_id: int) -> None:
        """Forget all sessions of a user, in every browser."""
        self._db.execute("DELETE FROM sessions WHERE user_id = ?", (user_id,))

    def end(self, session: Session) -> None:
        """Forget a session."""
        self._db.execute("DELETE FROM sessions WHERE digest = ?", (digest(session.secret),))


class StaffSessions:
    """Browsers in which somebody has given the password of the back office."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float]) -> None:
        self._db = db
        self._now = now

    def start(self) -> str:
        """Return the secret of a new session."""
        secret, now = new_token(), self._now()
        self._db.execute("DELETE FROM staff_sessions WHERE expires_at <= ?", (now,))
        self._db.execute("INSERT INTO staff_sessions VALUES (?, ?)", (digest(secret), now + SESSION_SECONDS))
        return secret

    def is_open(self, secret: str) -> bool:
        """Tell whether there is a session with this secret that still lasts."""
        sql = "SELECT 1 FROM staff_sessions WHERE digest = ? AND expires_at > ?"
        return fetch_one(self._db, sql, digest(secret), self._now()) is not None
