"""Passwords of trading accounts: what the platform knows of them is a hash (WebServices 4.8, 4.9)."""

from hmac import compare_digest

from mock_ctrader.plant.model import Trader
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment


def change_password(trader: Trader, password_hash: str, now: Moment) -> None:
    """Give an account another password; the one before is not asked for."""
    trader.password_hash = password_hash
    trader.updated = now


def check_password(trader: Trader, password_hash: str) -> Refusal | None:
    """Tell a wrong password from the account's own."""
    if compare_digest(trader.password_hash.encode(), password_hash.encode()):
        return None
    return Refusal(Code.WRONG_PASSWORD, f"this is not the password of trader {trader.login}")
