"""The tokens that cTrader and the client area trade in, and the secret of a password reset.

============  ====================================================  ==========================  ==================
token         says                                                  good for                    edition 2025
============  ====================================================  ==========================  ==================
OT token      "this application (or screen) is this user's"         one use within 60 seconds   4.2, 4.4, 5.6
accessToken   the same, at every later start of the application     until logged out            4.2, 4.3
inappToken    "the session that asks for an OT token is the user's" as long as the user exists  4.4
crmApiToken   "the caller is cTrader"                               one week                    4.1
reset link    "whoever opens this reads the user's mail"            one use within 30 minutes   (ours alone)
============  ====================================================  ==========================  ==================
"""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from mock_ctrader.sample_crm.database import fetch_one
from mock_ctrader.sample_crm.store import User

ONE_TIME_SECONDS = 60
RESET_SECONDS = 30 * 60
CRM_API_SECONDS = 7 * 24 * 3600
REMEMBER_EXPIRED_SECONDS = 24 * 3600  # how long we can still say "expired" rather than "unknown"


class TokenUnknown(LookupError):
    """We never issued this token, or it has been used."""


class TokenExpired(LookupError):
    """We did issue this token, but its time is over."""


@dataclass(frozen=True)
class Grant:
    """What an OT token was good for: who it stands for, and whether that user ticked "Keep me logged in"."""

    user_id: int
    keep_logged_in: bool


def new_token() -> str:
    """Return a secret of 256 bits that can go into a URL as it is."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what we keep of a token. It needs no salt and no slow hash: nobody can guess 256 random bits."""
    # surrogatepass: JSON may carry half a surrogate pair, which is no token of ours but must not be an error either.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same_secret(given: str, expected: str) -> bool:
    """Compare two secrets in a time that tells nothing about where they differ."""
    return hmac.compare_digest(digest(given), digest(expected))


class Tokens:
    """Issues, checks and revokes tokens."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float]) -> None:
        self._db = db
        self._now = now

    def issue_one_time(self, user_id: int, *, keep_logged_in: bool) -> str:
        """Return a new OT token. It differs from every other, also from the same user's last one."""
        token, now = new_token(), self._now()
        self._db.execute("DELETE FROM one_time_tokens WHERE expires_at <= ?", (now - REMEMBER_EXPIRED_SECONDS,))
        self._db.execute(
            "INSERT INTO one_time_tokens VALUES (?, ?, ?, ?)",
            (digest(token), user_id, keep_logged_in, now + ONE_TIME_SECONDS),
        )
        return token

    def redeem_one_time(self, token: str) -> Grant:
        """Use up an OT token; raise TokenUnknown or TokenExpired."""
        # Looking it up and taking it away is one statement: of two callers with the same token one gets the row.
        row = fetch_one(
            self._db,
            "DELETE FROM one_time_tokens WHERE digest = ? AND expires_at > ? RETURNING user_id, keep_logged_in",
            digest(token),
            self._now(),
        )
        if row:
            return Grant(row["user_id"], bool(row["keep_logged_in"]))
        if fetch_one(self._db, "SELECT 1 FROM one_time_tokens WHERE digest = ?", digest(token)):
            raise TokenExpired
        raise TokenUnknown

    def issue_access(self, user_id: int) -> str:
        """Return a new accessToken. How long it lives is the broker's choice: ours lives until the user logs out."""
        token = new_token()
        self._db.execute("INSERT INTO access_tokens VALUES (?, ?)", (digest(token), user_id))
        return token

    def access_user_id(self, token: str) -> int:
        """Return whose accessToken this is; raise TokenUnknown."""
        row = fetch_one(self._db, "SELECT user_id FROM access_tokens WHERE digest = ?", digest(token))
        if row is None:
            raise TokenUnknown
        user_id: int = row["user_id"]
        return user_id

    def revoke_access(self, token: str, user_id: int) -> None:
        """End an accessToken of this user; raise TokenUnknown if it is none."""
        ended = self._db.execute("DELETE FROM access_tokens WHERE digest = ? AND user_id = ?", (digest(token), user_id))
        if ended.rowcount == 0:
            raise TokenUnknown

    def revoke_all(self, user_id: int) -> None:
        """End whatever could open an application or a screen in the user's name."""
        self._db.execute("DELETE FROM access_tokens WHERE user_id = ?", (user_id,))
        self._db.execute("DELETE FROM one_time_tokens WHERE user_id = ?", (user_id,))

    def issue_reset(self, user_id: int) -> str:
        """Return the secret of a new reset link; a link that the user was sent before ends by it."""
        token = new_token()
        row = (user_id, digest(token), self._now() + RESET_SECONDS)
        self._db.execute("INSERT OR REPLACE INTO reset_links VALUES (?, ?, ?)", row)
        return token

    def reset_user_id(self, token: str) -> int:
        """Return whose reset link this is, without using it up; raise TokenUnknown or TokenExpired."""
        row = fetch_one(self._db, "SELECT user_id, expires_at FROM reset_links WHERE digest = ?", digest(token))
        return self._reset_user_id(row)

    def redeem_reset(self, token: str) -> int:
        """Use up a reset link and return whose it was; raise TokenUnknown or TokenExpired."""
        sql = "DELETE FROM reset_links WHERE digest = ? RETURNING user_id, expires_at"
        return self._reset_user_id(fetch_one(self._db, sql, digest(token)))

    def _reset_user_id(self, row: sqlite3.Row | None) -> int:
        if row is None:
            raise TokenUnknown
        if row["expires_at"] <= self._now():
            raise TokenExpired
        user_id: int = row["user_id"]
        return user_id

    def issue_inapp(self, user: User) -> str:
        """Return the user's inappToken, making it at the first time.

        Every session of the user is told the same one: a new one each time would cut off the user's other devices.
        It is kept readable, to be told again, because it is worth nothing without a crmApiToken.
        """
        row = fetch_one(
            self._db,
            "UPDATE users SET inapp_token = coalesce(inapp_token, ?) WHERE id = ? RETURNING inapp_token",
            new_token(),
            user.id,
        )
        assert row is not None
        token: str = row["inapp_token"]
        return token

    def issue_crm_api(self) -> str:
        """Return a new crmApiToken. Earlier ones stay good: cTrader may have several servers, each with its own."""
        token, now = new_token(), self._now()
        self._db.execute("DELETE FROM crm_api_tokens WHERE expires_at <= ?", (now,))
        self._db.execute("INSERT INTO crm_api_tokens VALUES (?, ?)", (digest(token), now + CRM_API_SECONDS))
        return token

    def is_crm_api(self, token: str) -> bool:
        """Tell whether this is a crmApiToken that is still good."""
        sql = "SELECT 1 FROM crm_api_tokens WHERE digest = ? AND expires_at > ?"
        return fetch_one(self._db, sql, digest(token), self._now()) is not None
