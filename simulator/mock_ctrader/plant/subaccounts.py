"""Accounts that cTrader Copy makes beside an account, to follow strategies for it (WebServices 4.4)."""

from dataclasses import dataclass

from mock_ctrader.plant import equity
from mock_ctrader.plant.model import Trader
from mock_ctrader.plant.plant import Plant
from mock_ctrader.timing import Moment


@dataclass(frozen=True, slots=True)
class Following:
    """The accounts that follow strategies for an account, and the money in them."""

    logins: tuple[int, ...]
    balance: int
    equity: int


def open_subaccount(plant: Plant, parent: Trader, now: Moment) -> Trader:
    """Open an empty account like its parent's, as an application does when its owner follows a strategy."""
    account = Trader(
        login=plant.ids.login(),
        environment=parent.environment,
        broker=parent.broker,
        group=parent.group,
        currency=parent.currency,
        money_digits=parent.money_digits,
        password_hash=parent.password_hash,
        access_rights=parent.access_rights,
        account_type=parent.account_type,
        margin_calculation=parent.margin_calculation,
        leverage_in_cents=parent.leverage_in_cents,
        contact=parent.contact,
        swap_free=parent.swap_free,
        registered=now,
        updated=now,
    )
    plant.add_trader(account)
    plant.subaccounts.setdefault(parent.login, []).append(account.login)
    return account


def following(plant: Plant, parent: Trader) -> Following:
    """Return what follows strategies for an account; all of it has the currency of the account."""
    accounts = [plant.traders[login] for login in plant.subaccounts.get(parent.login, ())]
    return Following(
        tuple(account.login for account in accounts),
        sum(account.balance for account in accounts),
        sum(equity.equity(plant, account) for account in accounts),
    )
