"""What may happen to users: creation, finding, another e-mail, the broker's agreement."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from mock_ctrader.plant import nicknames
from mock_ctrader.plant.deeds import deed
from mock_ctrader.plant.model import Broker, Manager, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

PRIVATE_RELAY = "@privaterelay.appleid.com"
"""Addresses that the platform does not take (edition 2025, 7.1)."""

_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
"""An alpha-2 code; what follows it in a locale is cut off."""


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
    email = email_key(wanted.email)
    refusal = check_crm(plant, manager, wanted.crm_name) or _check_email(plant, email) or _check_free(plant, email)
    if refusal:
        return refusal
    user_id = plant.ids.user()
    nickname = nicknames.choose(wanted.nickname, email, user_id, plant.nicknames)
    user = User(user_id, email, nickname, wanted.crm_name, now, wanted.first_name, wanted.language)
    plant.add_user(user)
    return user


@dataclass(frozen=True, slots=True)
class CtidRegistration:
    """What a broker without the SSO solution says of a new user."""

    email: str
    broker: str | None = None
    language: str | None = None


def create_ctid(plant: Plant, manager: Manager, wanted: CtidRegistration, now: Moment) -> User | int | Refusal:
    """Create a user, or return the mere number of the one who has this e-mail already (WebServices 5.1).

    A new user belongs to the CRM of the broker: of the plant's first one where none is named.
    """
    email = email_key(wanted.email)
    broker = plant.default_broker if wanted.broker is None else plant.brokers.get(wanted.broker)
    if broker is None:
        return Refusal(Code.CH_PLANT_INVALID, f"no broker '{wanted.broker}' on plant '{plant.name}'")
    refusal = _check_reach(manager, broker) or _check_email(plant, email) or _check_language(wanted.language)
    if refusal:
        return refusal
    if email in plant.users_by_email:
        return plant.users_by_email[email].user_id
    if not plant.options.has_default_region:
        return Refusal(Code.CID_DEFAULT_REGION_NOT_FOUND, f"plant '{plant.name}' has no default region")
    user_id = plant.ids.user()
    language = _language(wanted.language)
    user = User(user_id, email, f"ctid{user_id}", broker.crm_name, now, language=language, broker=wanted.broker)
    plant.add_user(user)
    return user


@deed
def register(plant: Plant, email: str, first_name: str, now: Moment) -> User | Refusal:
    """Create a user who registers at cTrader itself, where cTrader keeps the login (edition 2026, handoff).

    No broker asks for it: the user belongs to the CRM of the plant's first broker (assumed).
    """
    email = email_key(email)
    refusal = _check_email(plant, email) or _check_free(plant, email)
    if refusal:
        return refusal
    user_id = plant.ids.user()
    user = User(user_id, email, f"ctid{user_id}", plant.default_broker.crm_name, now, first_name or None)
    plant.add_user(user)
    return user


@deed
def connect(plant: Plant, user_id: int, now: Moment) -> bool:
    """Note that an application opened a session for a user; tell whether it is the first one ever."""
    user = plant.users[user_id]
    first, user.connected = user.connected is None, now
    if user.links:
        plant.traders[user.links[-1].login].connected = now
    return first


def find_user(plant: Plant, manager: Manager, crm_name: str, user_id: int) -> User | Refusal:
    """Return a user of a CRM: those of other CRMs are not found (edition 2025, section 3; the code is assumed)."""
    refusal = check_crm(plant, manager, crm_name)
    if refusal:
        return refusal
    user = plant.users.get(user_id)
    if user is None or user.crm_name != crm_name:
        return Refusal(Code.CH_CTID_NOT_FOUND, f"no user {user_id} of CRM '{crm_name}'")
    return user


def find_by_email(plant: Plant, manager: Manager, crm_name: str, email: str) -> User | Refusal | None:
    """Return the user of a CRM who has an e-mail; that nobody has it is no refusal (edition 2025, 3.11)."""
    email = email_key(email)
    refusal = check_crm(plant, manager, crm_name) or _check_relay(plant, email)
    if refusal:
        return refusal
    user = plant.users_by_email.get(email)
    return user if user is not None and user.crm_name == crm_name else None


def change_email(plant: Plant, user: User, email: str) -> Refusal | None:
    """Give a user another e-mail, or say why not (edition 2025, 3.10).

    The example of edition 2023 writes the at sign as ``%40`` in its JSON: an address without any is read so (assumed).
    """
    email = email_key(email if "@" in email else unquote(email))
    refusal = _check_email(plant, email, "newEmail")
    if refusal is None and email != user.email:
        refusal = _check_free(plant, email)
    if refusal:
        return refusal
    del plant.users_by_email[user.email]
    user.email = email
    plant.users_by_email[email] = user
    return None


def accept_agreement(user: User, now: Moment) -> None:
    """Note that a user accepted the broker's agreement (edition 2025, 3.13)."""
    user.agreed = now


def check_crm(plant: Plant, manager: Manager, crm_name: str) -> Refusal | None:
    """Tell why a manager may not act for a CRM: one broker out of reach is enough (edition 2025, section 9)."""
    brokers = plant.brokers_of(crm_name)
    if not brokers:
        return Refusal(Code.CH_BROKER_NOT_FOUND, f"no CRM '{crm_name}' on plant '{plant.name}'")
    disabled = [broker.name for broker in brokers if broker.name in manager.disabled_brokers]
    if disabled:
        described = f"manager {manager.login} has no access to broker '{disabled[0]}' of CRM '{crm_name}'"
        return Refusal(Code.CH_INSUFFICIENT_PERMISSIONS, described)
    return None


def email_key(email: str) -> str:
    """Return the form in which two e-mails are compared (contract, section 6)."""
    return email.strip().lower()


def _check_reach(manager: Manager, broker: Broker) -> Refusal | None:
    if broker.name not in manager.disabled_brokers:
        return None
    return Refusal(Code.NOT_ENOUGH_RIGHTS, f"manager {manager.login} has no access to broker '{broker.name}'")


def _check_email(plant: Plant, email: str, key: str = "email") -> Refusal | None:
    name, _, host = email.partition("@")
    if not name or not host or any(character.isspace() for character in email):
        return Refusal(Code.INVALID_REQUEST, f"{key}: expected an e-mail address")
    return _check_relay(plant, email, key)


def _check_relay(plant: Plant, email: str, key: str = "email") -> Refusal | None:
    if email.endswith(PRIVATE_RELAY) and not plant.options.takes_private_relay:
        return Refusal(Code.INVALID_REQUEST, f"{key}: addresses at {PRIVATE_RELAY[1:]} are not supported")
    return None


def _check_free(plant: Plant, email: str) -> Refusal | None:
    if email in plant.users_by_email:
        return Refusal(Code.CH_EMAIL_ALREADY_EXISTS, "a user with this e-mail exists")
    return None


def _check_language(language: str | None) -> Refusal | None:
    if not language or _LANGUAGE.fullmatch(language.strip()):
        return None
    return Refusal(Code.INVALID_REQUEST, "preferredLanguage: expected a code of two letters")


def _language(language: str | None) -> str | None:
    return language.strip()[:2].lower() if language else None
