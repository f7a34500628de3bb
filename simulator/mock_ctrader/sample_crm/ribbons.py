import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ribbon:
    """A message inside cTrader's applications: for all of a user's sessions, those of one broker or of one account."""

    title: str
    color: str
    url: str
    in_app: bool
    """Opened inside the application, else in a window of the browser."""
    closable: bool
    enabled: bool
    broker: str | None = None
    login: int | None = None
    ctid_trader_account_id: int | None = None


class Ribbons:
    """Which ribbons each user has."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, user_id: int, ribbon: Ribbon) -> None:
        """Give a user one ribbon more."""
        self._db.execute(
            "INSERT INTO ribbons VALUES (:user_id, :title, :color, :url, :in_app, :closable, :enabled, :broker, :login,"
            " :ctid_trader_account_id)",
            {"user_id": user_id} | vars(ribbon),
        )

    def of(self, user_id: int) -> list[Ribbon]:
        """Return a user's ribbons, oldest first."""
        rows: list[sqlite3.Row] = self._db.execute(
            "SELECT * FROM ribbons WHERE user_id = ? ORDER BY rowid", (user_id,)
        ).fetchall()
        return [read_ribbon(row) for row in rows]

    def all(self) -> list[tuple[str, Ribbon]]:
        """Return everybody's ribbons, each with the e-mail of its user, oldest first."""
        rows: list[sqlite3.Row] = self._db.execute(
            "SELECT email, ribbons.* FROM ribbons JOIN users ON users.id = user_id ORDER BY ribbons.rowid"
        ).fetchall()
        return [(row["email"], read_ribbon(row)) for row in rows]

    def clear(self, user_id: int) -> None:
        """Take all of a user's ribbons away."""
        self._db.execute("DELETE FROM ribbons WHERE user_id = ?", (user_id,))


def read_ribbon(row: sqlite3.Row) -> Ribbon:
    """Return the ribbon in a row; SQLite knows no truth values, only 0 and 1."""
    return Ribbon(
        title=row["title"],
        color=row["color"],
        url=row["url"],
        in_app=bool(row["in_app"]),
        closable=bool(row["closable"]),
        enabled=bool(row["enabled"]),
        broker=row["broker"],
        login=row["login"],
        ctid_trader_account_id=row["ctid_trader_account_id"],
    )
