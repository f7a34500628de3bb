import sqlite3
from dataclasses import dataclass
from typing import Literal

from mock_ctrader.sample_crm.database import fetch_one

Result = Literal["ATTRIBUTED_NEW", "ATTRIBUTED", "PENDING_ATTRIBUTION", "REATTRIBUTED"]


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """Who brought whom, by cTrader's userIds, and what came of it. While it is pending there is no ``partner_id``."""

    invited_user_id: int
    partner_user_id: int
    broker: str
    partner_id: str
    result: Result


@dataclass(frozen=True, kw_only=True)
class RegisteredUser:
    """Somebody who registered inside an application of cTrader's, by cTrader's userIds."""

    user_id: int
    broker: str
    email: str
    partner_user_id: int


class Invitations:
    """What cTrader Invite has told us."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def keep_attribution(self, attribution: Attribution) -> None:
        """Note who brought a user; a later partner takes the place of the earlier one."""
        self._db.execute(
            "INSERT OR REPLACE INTO attributions (invited_user_id, partner_user_id, broker, partner_id, result)"
            " VALUES (:invited_user_id, :partner_user_id, :broker, :partner_id, :result)",
            vars(attribution),
        )

    def attribution(self, invited_user_id: int) -> Attribution | None:
        """Return who brought a user, as far as cTrader Invite has told us."""
        row = fetch_one(self._db, "SELECT * FROM attributions WHERE invited_user_id = ?", invited_user_id)
        return Attribution(**dict(row)) if row else None

    def pending(self, user_id: int) -> list[Attribution]:
        """Return what waits until we know this user, on either side."""
        rows: list[sqlite3.Row] = self._db.execute(
            "SELECT * FROM attributions WHERE partner_id = '' AND ? IN (invited_user_id, partner_user_id)", (user_id,)
        ).fetchall()
        return [Attribution(**dict(row)) for row in rows]

    def keep_registered(self, user: RegisteredUser) -> None:
        """Note that somebody registered; told again, it is the same person."""
        self._db.execute(
            "INSERT OR REPLACE INTO registered_users (user_id, broker, email, partner_user_id)"
            " VALUES (:user_id, :broker, :email, :partner_user_id)",
            vars(user),
        )

    def registered(self) -> list[RegisteredUser]:
        """Return everybody who registered inside an application, in the order of their userIds."""
        rows: list[sqlite3.Row] = self._db.execute("SELECT * FROM registered_users ORDER BY user_id").fetchall()
        return [RegisteredUser(**dict(row)) for row in rows]
