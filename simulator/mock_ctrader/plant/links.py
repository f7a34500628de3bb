"""What may happen to the bonds between users, their accounts and the brokers that these belong to."""

from dataclasses import dataclass
from hmac import compare_digest

from mock_ctrader.plant.model import Link, Manager, Trader
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment


@dataclass(frozen=True, slots=True)
class LinkWish:
    """Which account a CRM wants linked to which user."""

    login: int
    password_hash: str
    user_id: int
    environment: str
    broker: str | None


def link_trader(plant: Plant, manager: Manager, wanted: LinkWish) -> Link | Refusal:
    """Link an account to a user, or say why not (WebServices 5.2; the order of the checks is assumed)."""
    refusal = _check_place(plant, manager, wanted) or _check_account(plant, wanted)
    if refusal:
        return refusal
    link = Link(plant.ids.link(), wanted.user_id, wanted.login)
    plant.add_link(link)
    return link


def _check_place(plant: Plant, manager: Manager, wanted: LinkWish) -> Refusal | None:
    if wanted.environment not in plant.environments:
        return Refusal(Code.CANT_ROUTE_REQUEST, f"no environment '{wanted.environment}' on plant '{plant.name}'")
    if wanted.broker is not None and wanted.broker not in plant.brokers:
        return Refusal(Code.CH_PLANT_INVALID, f"no broker '{wanted.broker}' on plant '{plant.name}'")
    if wanted.user_id not in plant.users:
        return Refusal(Code.CH_CTID_NOT_FOUND, f"no user {wanted.user_id}")
    trader = plant.traders.get(wanted.login)
    if trader is not None and not manager.reaches(trader.broker, trader.group):
        return Refusal(Code.NOT_ENOUGH_RIGHTS, f"trader {wanted.login} is out of reach of manager {manager.login}")
    return None


def _check_account(plant: Plant, wanted: LinkWish) -> Refusal | None:
    trader = plant.traders.get(wanted.login)
    if trader is None or trader.environment != wanted.environment:
        return Refusal(Code.CH_TRADER_ACCOUNT_NOT_FOUND, f"no trader {wanted.login} in '{wanted.environment}'")
    if wanted.broker is not None and trader.broker != wanted.broker:
        described = f"broker '{wanted.broker}' has no access to trader {wanted.login}"
        return Refusal(Code.INSUFFICIENT_PERMISSIONS, described)
    if not compare_digest(trader.password_hash.encode(), wanted.password_hash.encode()):
        return Refusal(Code.CH_TRADER_ACCOUNT_CANNOT_BE_LINKED, "traderPasswordHash is not this trader's")
    if trader.link is not None:
        return Refusal(Code.CH_CTID_TRADER_ACCOUNT_ALREADY_EXISTS, f"trader {wanted.login} is linked already")
    return None


@dataclass(frozen=True, slots=True)
class Move:
    """Which linked account shall go to which broker."""

    login: int
    environment: str
    broker: str


def move_trader(plant: Plant, manager: Manager, wanted: Move, now: Moment) -> Trader | Refusal:
    """Give a linked account to another broker of the plant, or say why not (WebServices 5.3).

    Link, group and money stay as they are; the order of the checks is assumed.
    """
    if wanted.broker not in plant.brokers:
        return Refusal(Code.CH_PLANT_INVALID, f"no broker '{wanted.broker}' on plant '{plant.name}'")
    trader = plant.traders.get(wanted.login)
    if trader is None or trader.environment != wanted.environment:
        return Refusal(Code.CH_TRADER_ACCOUNT_NOT_FOUND, f"no trader {wanted.login} in '{wanted.environment}'")
    if not all(manager.reaches(broker, trader.group) for broker in (trader.broker, wanted.broker)):
        return Refusal(Code.NOT_ENOUGH_RIGHTS, f"trader {wanted.login} is out of reach of manager {manager.login}")
    if trader.link is None:
        return Refusal(Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND, f"trader {wanted.login} is linked to no user")
    trader.broker = wanted.broker
    trader.updated = now
    return trader
