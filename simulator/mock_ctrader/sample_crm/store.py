import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mock_ctrader.sample_crm.database import BIGGEST_INTEGER, fetch_one
from mock_ctrader.sample_crm.forms import DocumentForm

PaymentState = Literal["pending", "done", "refused", "unknown"]


class Duplicate(ValueError):
    """A row with this key is there already."""


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """A person who has signed up, with the ``userId`` that cTrader knows the same person by."""

    email: str
    first_name: str
    last_name: str
    phone: str
    country: str
    password_hash: str
    partner_id: str
    ctrader_user_id: int
    campaign: str = ""
    """What the sign-up address told by ``utm_...`` parameters, written as a query."""


@dataclass(frozen=True, kw_only=True)
class User(NewUser):
    """A stored user. ``id`` is ours and never leaves the house; outside it is always ``ctrader_user_id``."""

    id: int
    inapp_token: str | None


@dataclass(frozen=True, kw_only=True)
class Account:
    """A trading account; ``login`` is its number.

    Unless it was adopted, one without ``ctid_trader_account_id`` is not linked to its user.
    """

    environment: str
    login: int
    user_id: int
    currency: str
    leverage: int
    ctid_trader_account_id: int | None = None
    adopted: bool = False
    """It came from cTrader, linked, and the number of that link is not known here."""


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A deposit or withdrawal; ``id`` is ours and goes to cTrader as ``externalId``."""

    id: str
    environment: str
    login: int
    type: Literal["DEPOSIT", "WITHDRAW"]
    amount: Decimal


class Store:
    """Users, their trading accounts and their payments."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add_user(self, user: NewUser) -> User:
        """Store a user; raise Duplicate if the e-mail or cTrader's userId belongs to another one."""
        self._write(
            "INSERT INTO users (email, first_name, last_name, phone, country, password_hash, partner_id,"
            " ctrader_user_id, campaign) VALUES (:email, :first_name, :last_name, :phone, :country, :password_hash,"
            " :partner_id, :ctrader_user_id, :campaign)",
            vars(user),
        )
        stored = self.user_by_ctrader_id(user.ctrader_user_id)
        assert stored is not None
        return stored

    def user(self, user_id: int) -> User:
        """Return the user with this id of ours."""
        user = self._user("SELECT * FROM users WHERE id = ?", user_id)
        assert user is not None, "users are never deleted, and every reference is a foreign key"
        return user

    def user_by_email(self, email: str) -> User | None:
        """Return the user with this e-mail, written the way ``forms.clean_email`` writes it."""
        return self._user("SELECT * FROM users WHERE email = ?", email)

    def user_by_ctrader_id(self, ctrader_user_id: int) -> User | None:
        """Return the user whom cTrader knows by this userId."""
        if not 0 < ctrader_user_id <= BIGGEST_INTEGER:
            return None
        return self._user("SELECT * FROM users WHERE ctrader_user_id = ?", ctrader_user_id)

    def set_password(self, user_id: int, password_hash: str) -> None:
        """Give a user another password."""
        self._db.execute("UPDATE users SET password_hash = ? WHERE id = ?", (password_hash, user_id))

    def set_email(self, user_id: int, email: str) -> None:
        """Give a user another e-mail; raise Duplicate if it belongs to somebody else."""
        self._write("UPDATE users SET email = :email WHERE id = :id", {"email": email, "id": user_id})

    def add_partner(self, user_id: int, partner_id: str) -> None:
        """Note that a user is a partner, who is known to cTrader by this identifier."""
        self._db.execute("INSERT OR IGNORE INTO partners VALUES (?, ?)", (user_id, partner_id))

    def partner_id(self, user_id: int | None) -> str | None:
        """Return the user's identifier as a partner, if the user is one."""
        row = fetch_one(self._db, "SELECT partner_id FROM partners WHERE user_id = ?", user_id)
        return row["partner_id"] if row else None

    def set_brought_by(self, user_id: int, partner_id: str) -> None:
        """Note that a user is a partner's client from now on."""
        self._db.execute("UPDATE users SET partner_id = ? WHERE id = ?", (partner_id, user_id))

    def brought_by(self, partner_id: str | None) -> list[User]:
        """Return the users who signed up by a partner's link, oldest first."""
        rows: list[sqlite3.Row] = self._db.execute(
            "SELECT * FROM users WHERE partner_id = ? ORDER BY id", (partner_id,)
        ).fetchall()
        return [User(**dict(row)) for row in rows]

    def take_order(self, user_id: int, order: str) -> None:
        """Note that an account is being opened by this form; raise Duplicate if the same form was sent before."""
        self._write("INSERT INTO account_orders VALUES (:user_id, :id)", {"user_id": user_id, "id": order})

    def add_account(self, account: Account) -> None:
        """Store a trading account; raise Duplicate if its number is taken."""
        self._write(
            "INSERT INTO accounts (environment, login, user_id, currency, leverage, ctid_trader_account_id)"
            " VALUES (:environment, :login, :user_id, :currency, :leverage, :ctid_trader_account_id)",
            vars(account),
        )

    def adopt_account(self, account: Account) -> None:
        """Store an account that cTrader says is its user's; one that is somebody else's here stays so."""
        self._db.execute(
            "INSERT INTO accounts (environment, login, user_id, currency, leverage, adopted)"
            " VALUES (:environment, :login, :user_id, :currency, :leverage, 1)"
            " ON CONFLICT (environment, login) DO UPDATE SET adopted = 1 WHERE user_id = excluded.user_id",
            vars(account),
        )

    def mark_linked(self, account: Account, ctid_trader_account_id: int) -> None:
        """Note that cTrader has linked the account to its user: from now on the user sees it."""
        self._db.execute(
            "UPDATE accounts SET ctid_trader_account_id = ? WHERE environment = ? AND login = ?",
            (ctid_trader_account_id, account.environment, account.login),
        )

    def accounts(self, user_id: int) -> list[Account]:
        """Return the user's linked accounts, oldest first."""
        rows: list[sqlite3.Row] = self._db.execute(
            "SELECT * FROM accounts WHERE user_id = ? AND (ctid_trader_account_id IS NOT NULL OR adopted)"
            " ORDER BY rowid",
            (user_id,),
        ).fetchall()
        return [Account(**dict(row)) for row in rows]

    def account(self, user_id: int, login: int) -> Account | None:
        """Return the user's account with this number: None if there is none, or if it is somebody else's."""
        return next((account for account in self.accounts(user_id) if account.login == login), None)

    def next_payment_id(self, account: Account) -> str:
        """Return the number of the account's next payment: its own number, and how many it will then have made."""
        row = fetch_one(self._db, "SELECT count(*) AS made FROM payments WHERE login = ?", account.login)
        assert row is not None, "a count is always answered"
        return f"{account.login}-{row['made'] + 1}"

    def open_payment(self, payment: Payment) -> None:
        """Store a payment as pending; raise Duplicate if this payment was opened before."""
        self._write(
            "INSERT INTO payments (id, environment, login, type, amount, state)"
            " VALUES (:id, :environment, :login, :type, :amount, 'pending')",
            vars(payment) | {"amount": f"{payment.amount:f}"},
        )

    def close_payment(self, payment_id: str, state: PaymentState, detail: str) -> None:
        """Note how a payment ended; ``detail`` is what support needs to find it at cTrader."""
        self._db.execute("UPDATE payments SET state = ?, detail = ? WHERE id = ?", (state, detail, payment_id))

    def payments(self) -> list[tuple[str, PaymentState, str]]:
        """Return type, state and detail of every payment, oldest first: the list that support works through."""
        rows: list[sqlite3.Row] = self._db.execute("SELECT * FROM payments ORDER BY rowid").fetchall()
        return [(row["type"], row["state"], row["detail"]) for row in rows]

    def add_document(self, user_id: int, document_type: str, number: str) -> None:
        """Note by which document a user is verified; a later one takes its place."""
        self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (user_id, document_type, number))
        self._db.execute("DELETE FROM waiting_documents WHERE user_id = ?", (user_id,))

    def add_waiting_document(self, user_id: int, document: DocumentForm) -> None:
        """Keep a document until somebody has looked at it; a later one takes its place."""
        row = (user_id, document.type, document.number)
        self._db.execute("INSERT OR REPLACE INTO waiting_documents VALUES (?, ?, ?)", row)

    def waiting_documents(self) -> list[tuple[User, DocumentForm]]:
        """Return the documents that somebody has to look at, and whose they are."""
        rows: list[sqlite3.Row] = self._db.execute("SELECT * FROM waiting_documents ORDER BY user_id").fetchall()
        return [(self.user(row["user_id"]), DocumentForm(type=row["type"], number=row["number"])) for row in rows]

    def is_verified(self, user_id: int) -> bool:
        """Tell whether the user has proved the own identity."""
        return fetch_one(self._db, "SELECT 1 FROM documents WHERE user_id = ?", user_id) is not None

    def add_message(self, user_id: int, screen: str, message: str) -> None:
        """Keep what a user asked of us, and on which screen."""
        self._db.execute("INSERT INTO messages VALUES (?, ?, ?)", (user_id, screen, message))

    def messages(self) -> list[tuple[int, str, str]]:
        """Return user, screen and message of all that support has to answer, oldest first."""
        rows: list[sqlite3.Row] = self._db.execute("SELECT * FROM messages ORDER BY rowid").fetchall()
        return [(row["user_id"], row["screen"], row["message"]) for row in rows]

    def set_broker(self, environment: str, login: int, broker: str) -> None:
        """Note that a trading account was moved to another broker."""
        self._db.execute("INSERT OR REPLACE INTO moved_accounts VALUES (?, ?, ?)", (environment, login, broker))

    def moved_to(self, account: Account) -> str:
        """Return the broker that the account was moved to; empty, if it never was."""
        sql = "SELECT broker FROM moved_accounts WHERE environment = ? AND login = ?"
        row = fetch_one(self._db, sql, account.environment, account.login)
        return row["broker"] if row else ""

    def add_application(self, email: str, name: str) -> str:
        """Keep that somebody wants to be a partner, once, and return the identifier that this e-mail has."""
        self._db.execute("INSERT OR IGNORE INTO partner_applications (email, name) VALUES (?, ?)", (email, name))
        partner_id = self.applied_for(email)
        assert partner_id is not None
        return partner_id

    def applied_for(self, email: str) -> str | None:
        """Return the identifier of whoever applied as a partner with this e-mail."""
        row = fetch_one(self._db, "SELECT id FROM partner_applications WHERE email = ?", email)
        return f"A{row['id']}" if row else None

    def add_loose_end(self, user_id: int, matter: str, detail: str) -> None:
        """Note that cTrader was to be told something about a user and was not, as far as we know."""
        self._db.execute("INSERT INTO loose_ends VALUES (?, ?, ?)", (user_id, matter, detail))

    def loose_ends(self) -> list[tuple[int, str, str]]:
        """Return user, matter and detail of what support has to put right at cTrader, oldest first."""
        rows: list[sqlite3.Row] = self._db.execute("SELECT * FROM loose_ends ORDER BY rowid").fetchall()
        return [(row["user_id"], row["matter"], row["detail"]) for row in rows]

    def _user(self, sql: str, key: object) -> User | None:
        row = fetch_one(self._db, sql, key)
        return User(**dict(row)) if row else None

    def _write(self, sql: str, values: Mapping[str, object]) -> None:
        try:
            self._db.execute(sql, values)
        except sqlite3.IntegrityError as error:
            raise Duplicate(str(error)) from error
