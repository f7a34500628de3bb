"""The things that exist on a plant. Money is in whole units of 10^-``money_digits`` of the account's currency."""

from dataclasses import dataclass, field

from mock_ctrader.timing import Moment


@dataclass(frozen=True, slots=True)
class Currency:
    """A deposit currency."""

    name: str
    money_digits: int = 2
    """Scale of every amount of an account in this currency."""
    decimals: int = 2
    """Digits behind the point that the currency really has: none for JPY."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker or white label of the plant, and the CRM that serves it."""

    name: str
    crm_name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of trading accounts."""

    id: int
    name: str
    description: str | None = None


@dataclass(slots=True)
class Manager:
    """A back-office login that may call the backend for the broker."""

    login: int
    password_hash: str
    token: str
    disabled_brokers: frozenset[str] = frozenset()
    """Brokers out of this manager's reach."""
    groups: frozenset[str] | None = None
    """Groups within reach; nothing means all."""

    def reaches(self, broker: str, group: str) -> bool:
        """Tell whether the manager may touch accounts of this broker in this group."""
        return broker not in self.disabled_brokers and (self.groups is None or group in self.groups)


@dataclass(slots=True)
class User:
    """A cTrader user (cTID)."""

    user_id: int
    email: str
    """As a key: lower case, without blanks around it."""
    nickname: str
    crm_name: str
    created: Moment
    first_name: str | None = None
    language: str | None = None
    links: list["Link"] = field(default_factory=list["Link"])


@dataclass(frozen=True, slots=True)
class Link:
    """A trading account that belongs to a user."""

    link_id: int
    """``ctidTraderAccountId``"""
    user_id: int
    login: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact details of an account's holder."""

    address: str | None = None
    city: str | None = None
    country_id: int | None = None
    document_id: str | None = None
    email: str | None = None
    phone: str | None = None
    state: str | None = None
    zip_code: str | None = None
    introducing_broker1: str | None = None
    introducing_broker2: str | None = None


@dataclass(slots=True, kw_only=True)
class Trader:
    """A trading account."""

    login: int
    environment: str
    broker: str
    group: str
    currency: str
    money_digits: int
    password_hash: str
    access_rights: str
    account_type: str
    margin_calculation: str
    leverage_in_cents: int
    registered: Moment
    updated: Moment
    balance: int = 0
    bonus: int = 0
    credit: int = 0
    """Non-withdrawable bonus: credit moves this, never the balance."""
    contact: Contact = Contact()
    max_leverage: int | None = None
    name: str | None = None
    last_name: str | None = None
    description: str | None = None
    limited_risk: bool = False
    limited_risk_strategy: str | None = None
    send_own_statement: bool = False
    send_statement_to_broker: bool = False
    swap_free: bool = False
    connected: Moment | None = None
    link: Link | None = None

    @property
    def equity(self) -> int:
        """Balance with credit; nothing is open that could gain or lose."""
        return self.balance + self.credit

    @property
    def cash_equity(self) -> int:
        """What the holder may withdraw: credit is not."""
        return self.balance


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a plant, for those who listen: ``user_created``, ``balance_changed``."""

    kind: str
    user_id: int | None = None
    login: int | None = None
