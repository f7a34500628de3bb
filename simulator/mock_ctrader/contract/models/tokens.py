"""Bodies of the calls about tokens and codes that cTrader makes (edition 2026, 3.14; cTrader Copy)."""

from msgspec import UNSET, UnsetType

from mock_ctrader.contract.models.body import Body, Long


class InappToken(Body, frozen=True, kw_only=True):
    """Edition 2026, 3.14: the token with which the application opened the page."""

    token: str


class InappTokenRedeemed(Body, frozen=True, kw_only=True):
    """Edition 2026, 3.14: whom it stood for, and the account that they were looking at."""

    user_id: int
    email: str
    trading_login: int | UnsetType = UNSET


class CopyCodeWish(Body, frozen=True, kw_only=True):
    """CTrader Copy: the names of both keys are assumed."""

    user_id: Long
    broker_names: tuple[str, ...]


class CopyCode(Body, frozen=True, kw_only=True):
    """CTrader Copy: the name of the key is assumed."""

    code: str
