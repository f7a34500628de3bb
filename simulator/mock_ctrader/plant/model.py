"""The things that exist on a plant. Money is in whole units of 10^-``money_digits`` of the account's currency."""

from dataclasses import dataclass, field

from mock_ctrader.plant.rights import ALL_RIGHTS
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
    rights: frozenset[str] = ALL_RIGHTS
    """What the manager may do, by the names in ``rights``."""
    ip_list: tuple[str, ...] = ()
    """Addresses and networks (``192.0.2.0/24``) that the manager may call from; without any, from everywhere."""
    requests_per_hour: int | None = None
    """How many calls other than GET are taken in an hour; nothing means any number."""
    enabled: bool = True
    tokens_given: int = 1
    """Counts the tokens that the manager had: a number of them makes the next one."""

    def reaches(self, broker: str, group: str) -> bool:
        """Tell whether the manager may touch accounts of this broker in this group."""
        return broker not in self.disabled_brokers and (self.groups is None or group in self.groups)


@dataclass(frozen=True, slots=True)
class Window:
    """An hour in which a manager's calls other than GET are counted."""

    started: Moment
    counted: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a label on an account, a group or a manager says, by its name."""

    value: str
    updated: Moment


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
    broker: str | None = None
    """The broker named at the creation, if one was: users of the SSO solution belong to a CRM only."""
    agreed: Moment | None = None
    """When the broker's agreement was last accepted."""
    connected: Moment | None = None
    """When an application last opened a session for the user."""


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A strip of text that applications show to a user (edition 2025, 3.9)."""

    color: str
    title: str
    enabled: bool
    closable: bool
    """A closed ribbon is there again at the next launch."""
    url_external: str | None = None
    """Opens a window of the browser."""
    url_in_app: str | None = None
    """Opens inside the application; a ribbon has the one or the other."""
    link_id: int | None = None
    """Only for sessions that show this account."""
    broker: str | None = None
    """Only for sessions that show an account of this broker."""


@dataclass(slots=True, kw_only=True)
class OneTimeToken:
    """Something that cTrader gives away once, for a minute, to be shown to it again."""

    purpose: str
    """``page`` of the broker, or ``copy``."""
    user_id: int
    issued: Moment
    login: int | None = None
    """The account that the user was looking at."""
    brokers: tuple[str, ...] = ()
    """Whose accounts a session with it may see."""
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """That a user came through the link of another (cTrader Invite)."""

    invited_user_id: int
    partner_user_id: int
    moment: Moment
    broker_partner_id: str | None = None
    """The partner's number at the broker, once the broker told it."""
    broker: str | None = None


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


NO_CONTACT = Contact()
"""Nothing is known of the holder; one value that a million accounts share."""


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
    contact: Contact = NO_CONTACT
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
    day: int = -1
    """The day, counted from 1970 UTC, that the next two belong to; equity was not followed yet where it is below 0."""
    day_low: int = 0
    """Lowest equity of that day so far."""
    day_high: int = 0
    last_deal: Moment | None = None
    """When a position of the account was last opened, added to or closed."""

    @property
    def funds(self) -> int:
        """Balance and credit: equity without what open positions gain or lose."""
        return self.balance + self.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One record of the history of money, credit and bonus: what moved, and what the account held afterwards."""

    number: int
    """``balanceHistoryId`` or ``bonusHistoryId``"""
    login: int
    kind: str
    """``DEPOSIT``, ``WITHDRAW``, the same with ``_NONWITHDRAWABLE_BONUS``, or ``BONUS_`` before them;
    ``CLOSE_POSITION`` where a deal realised something."""
    delta: int
    """What was added, negative where it was taken."""
    balance: int
    credit: int
    bonus: int
    moment: Moment
    comment: str | None = None
    external_id: str | None = None
    external_note: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Somebody's wish to take money out, which moved nothing yet."""

    login: int
    amount: int
    moment: Moment
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a plant, for those who listen: ``user_created``, ``balance_changed``."""

    kind: str
    user_id: int | None = None
    login: int | None = None
