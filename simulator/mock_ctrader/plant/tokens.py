"""Tokens that cTrader makes itself: single use, sixty seconds (edition 2026, one-time token handoff; Copy codes)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mock_ctrader.plant import users
from mock_ctrader.plant.deeds import deed
from mock_ctrader.plant.model import Manager, OneTimeToken, Trader, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

LIFETIME = 60_000
"""Milliseconds that a token is good for; for the handoff token no source says how long (assumed)."""
_PAGE = "page"
_COPY = "copy"
_UNKNOWN = Refusal(Code.CID_NON_EXISTED_TOKEN, "no such token")
_USED = Refusal(Code.CID_NON_EXISTED_TOKEN, "the token was used already")
_EXPIRED = Refusal(Code.CID_TOKEN_EXPIRED, f"the token is older than {LIFETIME // 1000} seconds")
_NUMBERS = 2**32
_FACTOR = 0x9E3779B1
"""Odd, so that each number has a token of its own, and neighbours look nothing alike."""
_INVERSE = pow(_FACTOR, -1, _NUMBERS)
_BEGINNING = re.compile(r"[0-9a-f]{8}-")


@deed
def issue(plant: Plant, user_id: int, login: int | None, now: Moment) -> str:
    """Make the token with which an application opens a page of the broker, from the account that it shows."""
    return _enter(plant, OneTimeToken(purpose=_PAGE, user_id=user_id, issued=now, login=login))


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Whom a token stood for."""

    user: User
    login: int | None


def redeem(plant: Plant, manager: Manager, token: str, now: Moment) -> Redeemed | Refusal:
    """Say once whom a token stands for, or why not (edition 2026, 3.14; the error codes are assumed)."""
    found = _usable(plant, _PAGE, token, now)
    if isinstance(found, Refusal):
        return found
    user = plant.users[found.user_id]
    trader = None if found.login is None else plant.traders.get(found.login)
    refusal = users.check_crm(plant, manager, user.crm_name) or _check_account(manager, trader)
    if refusal:
        return refusal
    found.used = True
    return Redeemed(user, found.login)


def create_copy_code(
    plant: Plant, manager: Manager, user_id: int, brokers: Sequence[str], now: Moment
) -> str | Refusal:
    """Make a code that opens a session for a user, with the accounts of these brokers only (cTrader Copy)."""
    if user_id not in plant.users:
        return Refusal(Code.CH_CTID_NOT_FOUND, f"no user {user_id}")
    if not brokers:
        return Refusal(Code.INVALID_REQUEST, "brokerNames: expected at least one")
    for broker in brokers:
        if broker not in plant.brokers:
            return Refusal(Code.CH_PLANT_INVALID, f"no broker '{broker}' on plant '{plant.name}'")
        if broker in manager.disabled_brokers:
            return Refusal(Code.NOT_ENOUGH_RIGHTS, f"manager {manager.login} has no access to broker '{broker}'")
    return _enter(plant, OneTimeToken(purpose=_COPY, user_id=user_id, issued=now, brokers=tuple(brokers)))


@dataclass(frozen=True, slots=True)
class CopySession:
    """What an application may see that came with a copy code."""

    user: User
    brokers: tuple[str, ...]
    logins: tuple[int, ...]
    """The user's accounts at these brokers."""


@deed
def exchange_copy_code(plant: Plant, code: str, now: Moment) -> CopySession | Refusal:
    """Open a session with a copy code, once (cTrader Copy)."""
    found = _usable(plant, _COPY, code, now)
    if isinstance(found, Refusal):
        return found
    found.used = True
    user = plant.users[found.user_id]
    logins = [link.login for link in user.links if plant.traders[link.login].broker in found.brokers]
    return CopySession(user, found.brokers, tuple(logins))


def _enter(plant: Plant, token: OneTimeToken) -> str:
    value = _token(plant, len(plant.spent_tokens) + len(plant.one_time_tokens))
    plant.one_time_tokens[value] = token
    if len(plant.one_time_tokens) > plant.options.one_time_tokens_kept:
        _forget_oldest(plant, token.issued)
    return value


def _token(plant: Plant, number: int) -> str:
    """Return the token with a number, counted from 0: the number is in it, so that a forgotten one is known again."""
    scrambled = (number * _FACTOR ^ _mask(plant)) % _NUMBERS
    return f"{scrambled:08x}{plant.chance.child(f'one-time token/{number}').uuid()[8:]}"


def _number(plant: Plant, value: str) -> int | None:
    """Return the number of a token that was given out and forgotten."""
    if not _BEGINNING.match(value):
        return None
    number = (int(value[:8], 16) ^ _mask(plant)) * _INVERSE % _NUMBERS
    return number if number < len(plant.spent_tokens) and value == _token(plant, number) else None


def _mask(plant: Plant) -> int:
    return plant.chance.child("one-time tokens").number()


def _forget_oldest(plant: Plant, now: Moment) -> None:
    """Forget the oldest token if it opens nothing any more; how it ended, and what it was for, is not forgotten."""
    value, token = next(iter(plant.one_time_tokens.items()))
    if token.used or now - token.issued >= LIFETIME:
        del plant.one_time_tokens[value]
        plant.spent_tokens.append(token.used + 2 * (token.purpose == _COPY))


def _usable(plant: Plant, purpose: str, value: str, now: Moment) -> OneTimeToken | Refusal:
    """Return a token that is known, new and fresh."""
    token = plant.one_time_tokens.get(value)
    if token is None:
        return _spent(plant, purpose, _number(plant, value))
    if token.purpose != purpose:
        return _UNKNOWN
    if token.used:
        return _USED
    return _EXPIRED if now - token.issued >= LIFETIME else token


def _spent(plant: Plant, purpose: str, number: int | None) -> Refusal:
    """Answer to a token that is in the register no more as if it still were there."""
    how = None if number is None else plant.spent_tokens[number]
    if how is None or (_COPY if how & 2 else _PAGE) != purpose:
        return _UNKNOWN
    return _USED if how & 1 else _EXPIRED


def _check_account(manager: Manager, trader: Trader | None) -> Refusal | None:
    if trader is None or manager.reaches(trader.broker, trader.group):
        return None
    return Refusal(Code.NOT_ENOUGH_RIGHTS, f"trader {trader.login} is out of reach of manager {manager.login}")
