"""What may happen to users: creation through the CRM, and links to trading accounts."""

from dataclasses import dataclass
from hmac import compare_digest

from mock_ctrader.plant import nicknames
from mock_ctrader.plant.model import Link, Manager, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

PRIVATE_RELAY = "@privaterelay.appleid.com"
"""Addresses that the platform does not take (edition 2025, 7.1)."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a CRM says of a new user."""

    crm_name: str
    email: str
    nickname: str | None = None
    first_name: str | None = None
    language: str | None = None


def create_user(plant: Plant, manager: Manager, wanted: Registration, now: Moment) -> User | Refusal:
    """Create a user, or say why not (edition 2025, 3.2)."""
    email = wanted.email.strip().lower()
    refusal = _may_register(plant, manager, wanted.crm_name) or _check_email(plant, email)
    if refusal:
        return refusal
    user_id = plant.ids.user()
    nickname = nicknames.choose(wanted.nickname, email, user_id, plant.nicknames)
    user = User(user_id, email, nickname, wanted.crm_name, now, wanted.first_name, wanted.language)
    plant.add_user(user)
    return user


def _may_register(plant: Plant, manager: Manager, crm_name: str) -> Refusal | None:
    brokers = plant.brokers_of(crm_name)
    if not brokers:
        return Refusal(Code.CH_BROKER_NOT_FOUND, f"no CRM '{crm_name}' on plant '{plant.name}'")
    disabled = [broker.name for broker in brokers if broker.name in manager.disabled_brokers]
    if disabled:
        described = f"manager {manager.login} has no access to broker '{disabled[0]}' of CRM '{crm_name}'"
        return Refusal(Code.CH_INSUFFICIENT_PERMISSIONS, described)
    return None


def _check_email(plant: Plant, email: str) -> Refusal | None:
    name, _, host = email.partition("@")
    if not name or not host or any(character.isspace() for character in email):
        return Refusal(Code.INVALID_REQUEST, "email: expected an e-mail address")
    if email.endswith(PRIVATE_RELAY):
        return Refusal(Code.INVALID_REQUEST, f"email: addresses at {PRIVATE_RELAY[1:]} are not supported")
    if email in plant.users_by_email:
        return Refusal(Code.CH_EMAIL_ALREADY_EXISTS, "a user with this e-mail exists")
    return None


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
