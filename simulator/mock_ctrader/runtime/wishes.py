"""What an operator may ask of a plant: the bodies of the admin API's state part."""

from dataclasses import dataclass
from decimal import Decimal

from mock_ctrader.contract.models.traders import AccessRights, AccountType, LimitedRiskStrategy, MarginCalculation
from mock_ctrader.plant.market import Book, Side
from mock_ctrader.plant.model import NO_CONTACT, Contact
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.sandbox import TRADER_PASSWORD_HASH
from mock_ctrader.plant.traders import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class TraderTemplate:
    """A trading account, or many of a kind; keys and money are those of ``create_trader``, every one has a default."""

    count: int = 1
    environment: str | None = None
    """The plant's first if none is named; likewise group and currency."""
    broker_name: str | None = None
    group_name: str | None = None
    deposit_currency: str | None = None
    hashed_password: str = TRADER_PASSWORD_HASH
    access_rights: AccessRights = "FULL_ACCESS"
    account_type: AccountType = "HEDGED"
    total_margin_calculation_type: MarginCalculation = "MAX"
    balance: int = 0
    leverage_in_cents: int = 10000
    max_leverage: int | None = None
    name: str | None = None
    last_name: str | None = None
    description: str | None = None
    contact_details: Contact = NO_CONTACT
    is_limited_risk: bool = False
    limited_risk_margin_calculation_strategy: LimitedRiskStrategy | None = None
    send_own_statement: bool = False
    send_statement_to_broker: bool = False
    swap_free: bool = False

    def opening(self, plant: Plant) -> Opening:
        """Return the account that is meant on a plant."""
        return Opening(
            environment=self.environment or plant.environments[0],
            broker=self.broker_name,
            group=self.group_name or next(iter(plant.groups)),
            currency=self.deposit_currency or next(iter(plant.currencies)),
            password_hash=self.hashed_password,
            access_rights=self.access_rights,
            account_type=self.account_type,
            margin_calculation=self.total_margin_calculation_type,
            balance=self.balance,
            leverage_in_cents=self.leverage_in_cents,
            max_leverage=self.max_leverage,
            name=self.name,
            last_name=self.last_name,
            description=self.description,
            contact=self.contact_details,
            limited_risk=self.is_limited_risk,
            limited_risk_strategy=self.limited_risk_margin_calculation_strategy,
            send_own_statement=self.send_own_statement,
            send_statement_to_broker=self.send_statement_to_broker,
            swap_free=self.swap_free,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A position to be opened; prices and volumes are decimal, ``price`` is the last one if not given."""

    login: int
    symbol: str
    side: Side
    volume: Decimal
    price: Decimal | None = None
    commission: Decimal = Decimal(0)
    swap: Decimal = Decimal(0)
    stake: Decimal = Decimal(0)
    book: Book = "BOOK_B"
    check_margin: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What of a position is closed, and at what price; all of it, at the last price, if not given."""

    volume: Decimal | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """A manager's password, as the MD5 that the token call wants."""

    hashed_password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """The account that the user looks at when the application opens a page."""

    login: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAnswer:
    """What the next calls of an endpoint are answered with, in place of the backend's own answer."""

    endpoint: str
    when: dict[str, object] | None = None
    """What the request must say, in its body or else in its query: these keys, and others if it likes."""
    status: int | None = None
    code: str | None = None
    description: str = ""
    body: object | None = None
    headers: dict[str, str] | None = None
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NextFault:
    """What is to go wrong, as one line: ``lost-answer:create_trader@2``."""

    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserQuery:
    """Which users are listed, the first ones first."""

    email: str | None = None
    limit: int = 1000
    skip: int = 0
