"""Bodies of the calls about trading accounts (WebServices, sections 3 and 4).

A field that may be left out is ``X | None`` in a request (``null`` means 'not given') and ``X | UnsetType`` in an
answer (a key without a value is left out, never null). Money in trader objects is scaled by ``moneyDigits``.
"""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from mock_ctrader.contract.models.body import Body, Long

AccessRights = Literal["FULL_ACCESS", "CLOSE_ONLY", "NO_TRADING", "NO_LOGIN"]
AccountType = Literal["HEDGED", "NETTED", "SPREAD_BETTING"]
MarginCalculation = Literal["MAX", "SUM", "NET"]
LimitedRiskStrategy = Literal["ACCORDING_TO_LEVERAGE", "ACCORDING_TO_GSL", "ACCORDING_TO_GSL_AND_LEVERAGE"]
LeverageInCents = Annotated[int, Meta(ge=0, le=2**32 - 1)]
BonusChange = Literal["DEPOSIT", "WITHDRAW"]
BalanceChange = Literal["DEPOSIT", "WITHDRAW", "DEPOSIT_NONWITHDRAWABLE_BONUS", "WITHDRAW_NONWITHDRAWABLE_BONUS"]


class ContactDetails(Body, frozen=True, kw_only=True):
    """WebServices, the trader object: the ten keys, all optional."""

    address: str | None = None
    city: str | None = None
    country_id: Long | None = None
    document_id: str | None = None
    email: str | None = None
    phone: str | None = None
    state: str | None = None
    zip_code: str | None = None
    introducing_broker1: str | None = field(default=None, name="introducingBroker1")
    introducing_broker2: str | None = field(default=None, name="introducingBroker2")


class NewTrader(Body, frozen=True, kw_only=True):
    """WebServices 4.1. Clients were seen to leave out ``brokerName`` and ``totalMarginCalculationType``."""

    access_rights: AccessRights
    account_type: AccountType
    balance: Long
    deposit_currency: str
    group_name: str
    hashed_password: str
    leverage_in_cents: LeverageInCents
    broker_name: str | None = None
    contact_details: ContactDetails | None = None
    description: str | None = None
    is_limited_risk: bool | None = None
    last_name: str | None = None
    limited_risk_margin_calculation_strategy: LimitedRiskStrategy | None = None
    max_leverage: Long | None = None
    name: str | None = None
    send_own_statement: bool | None = None
    send_statement_to_broker: bool | None = None
    swap_free: bool | None = None
    total_margin_calculation_type: MarginCalculation | None = None


class ChangedTerms(Body, frozen=True, kw_only=True):
    """WebServices 4.5: what a broker may change. ``login``, if it is sent, must be that of the path (assumed)."""

    login: Long | None = None
    access_rights: AccessRights | None = None
    broker_name: str | None = None
    contact_details: ContactDetails | None = None
    description: str | None = None
    is_limited_risk: bool | None = None
    last_name: str | None = None
    leverage_in_cents: LeverageInCents | None = None
    limited_risk_margin_calculation_strategy: LimitedRiskStrategy | None = None
    max_leverage: Long | None = None
    name: str | None = None
    send_own_statement: bool | None = None
    send_statement_to_broker: bool | None = None
    swap_free: bool | None = None
    total_margin_calculation_type: MarginCalculation | None = None


class ReplaceTrader(ChangedTerms, frozen=True, kw_only=True):
    """WebServices 4.5.1: each key counts, and one that is left out has its default.

    ``accountType``, ``balance``, ``depositCurrency`` and ``hashedPassword`` are no part of it: whatever is sent for
    them, the account keeps what it has.
    """

    group_name: str


class UpdateTrader(ChangedTerms, frozen=True, kw_only=True):
    """WebServices 4.5.2: what is left out stays as it is.

    A client was seen to send ``brokerName``, ``totalMarginCalculationType`` and
    ``limitedRiskMarginCalculationStrategy`` too, which are changed (assumed), and what cannot be changed, which is
    ignored.
    """

    group_name: str | None = None


class ContactDetailsSent(Body, frozen=True, kw_only=True, omit_defaults=True):
    """Contact details as answered: what was never given is left out."""

    address: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    country_id: int | UnsetType = UNSET
    document_id: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    state: str | UnsetType = UNSET
    zip_code: str | UnsetType = UNSET
    introducing_broker1: str | UnsetType = field(default=UNSET, name="introducingBroker1")
    introducing_broker2: str | UnsetType = field(default=UNSET, name="introducingBroker2")


class TraderObject(Body, frozen=True, kw_only=True):
    """WebServices, section 3: every key a public client was seen to require, the legacy ones with safe values."""

    login: int
    group_name: str
    deposit_currency: str
    name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    access_rights: str
    broker_name: str
    balance: int
    bonus: int
    non_withdrawable_bonus: int
    cash_equity: int
    leverage_in_cents: int
    max_leverage: int | UnsetType = UNSET
    contact_details: ContactDetailsSent
    registration_timestamp: int
    last_update_timestamp: int
    last_connection_timestamp: int | UnsetType = UNSET
    equity: int
    used_margin: int
    free_margin: int
    min_equity_daily: int
    max_equity_daily: int
    account_type: str
    limited_risk: bool
    is_limited_risk: bool
    limited_risk_margin_calculation_strategy: str | UnsetType = UNSET
    send_own_statement: bool
    send_statement_to_broker: bool
    swap_free: bool
    total_margin_calculation_type: str
    money_digits: int
    introducing_broker: bool = False
    split_revenue: bool = False
    default_split_revenue: bool = False
    french_risk: bool = False
    introducing_broker_commission_rate: float = 0.0
    pocket_commission_rate: float = 0.0
    pocket_markup_rate: float = 0.0
    default_introducing_broker_commission_rate: float = 0.0
    default_pocket_commission_rate: float = 0.0
    default_pocket_markup_rate: float = 0.0
    default_rebate_rate: float = 0.0
    default_ib_commissions_type: str = "USD_PER_MILLION_USD"
    ib_commissions_type: str = "USD_PER_MILLION_USD"
    ranks: tuple[str, ...] = ()


class ListTraders(Body, frozen=True, kw_only=True):
    """WebServices 4.3, in the query; times are ``yyyy-MM-ddTHH:mm:ss.SSS``, UTC.

    The source lost the names of the deal times and of the filter for open positions: they are assumed.
    """

    since: str = field(name="from")
    before: str = field(name="to")
    deal_since: str | None = field(default=None, name="dealFrom")
    deal_before: str | None = field(default=None, name="dealTo")
    has_open_positions: bool | None = None
    group_id: Long | None = None
    fields: str | None = None
    """Names of the keys to answer with, separated by commas."""


class TraderList(Body, frozen=True, kw_only=True):
    """WebServices 4.3: the newest registration first."""

    trader: tuple[TraderObject, ...]
    has_more: bool


class PartialTraderList(Body, frozen=True, kw_only=True):
    """WebServices 4.3: the same where ``fields`` asks for some keys of each account only."""

    trader: tuple[dict[str, object], ...]
    has_more: bool


class SubaccountLogins(Body, frozen=True, kw_only=True):
    """WebServices 4.4: the holder of the list."""

    login: tuple[int, ...]


class Subaccounts(Body, frozen=True, kw_only=True):
    """WebServices 4.4: money has the scale of the parent."""

    sub_account_logins: SubaccountLogins
    total_sub_accounts_balance: int
    total_sub_accounts_equity: int


class MoneyMovement(Body, frozen=True, kw_only=True):
    """What changes of balance and of bonus have in common: ``preciseAmount`` is a plain positive decimal."""

    login: Long
    precise_amount: Decimal
    comment: str | None = None
    external_id: str | None = None
    external_note: str | None = None
    source: str | None = None


class ChangeBalance(MoneyMovement, frozen=True, kw_only=True):
    """WebServices 4.7: the direction is in ``type`` alone."""

    type: BalanceChange
    skip_margin_check: bool | None = None


class BalanceChanged(Body, frozen=True, kw_only=True):
    """WebServices 4.7: the number of the history record."""

    balance_history_id: int


class ChangeBonus(MoneyMovement, frozen=True, kw_only=True):
    """WebServices 4.10: as 4.7; only an older edition has ``source``."""

    type: BonusChange


class BonusChanged(Body, frozen=True, kw_only=True):
    """WebServices 4.10: the number of the history record."""

    bonus_history_id: int


class NewWithdrawRequest(Body, frozen=True, kw_only=True):
    """WebServices 4.x, seen in a client."""

    login: Long
    precise_amount: Decimal
    comment: str | None = None


class Password(Body, frozen=True, kw_only=True):
    """WebServices 4.8 and 4.9: the hash of a new password, or of one to be checked."""

    login: Long
    hashed_password: str


class GroupObject(Body, frozen=True, kw_only=True):
    """WebServices 4.11 and 7.2."""

    id: int
    name: str
    description: str | UnsetType = UNSET


class GroupList(Body, frozen=True, kw_only=True):
    """WebServices 4.11."""

    trader_group: tuple[GroupObject, ...]
