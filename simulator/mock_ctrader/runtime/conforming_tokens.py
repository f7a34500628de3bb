"""Attempts with tokens: one that is used twice at once, another user's, one of a session that is over."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import aiohttp

from mock_ctrader.conformance.beyond_seen import Rounds, Several
from mock_ctrader.conformance.said import Attempt, Judgement, Said, untried
from mock_ctrader.contract.calls.crm import CRM_LOGOUT, GENERATE_OT_TOKEN, VERIFY_ACCESS_TOKEN
from mock_ctrader.contract.models.crm import AccessToken, UserId
from mock_ctrader.errors import PeerViolation
from mock_ctrader.runtime.conforming_guests import Guests
from mock_ctrader.runtime.conforming_people import Person
from mock_ctrader.runtime.profile_attempts import MADE_UP

ROUNDS: Final = 5
Found = Mapping[str, Attempt | Judgement]


async def races(guests: Guests) -> Found:
    """Exchange one token twice at the same instant, and the tokens of two users, over connections of their own."""
    first, second, caller = await guests.first(), await guests.second(), await guests.caller()
    lanes = guests.people.new_client(), guests.people.new_client()
    for lane in lanes:  # both are connected before it counts
        await guests.people.exchange("race.connect", MADE_UP, caller, client=lane)
    same, several = list[tuple[Said, ...]](), list[tuple[Said, ...]]()
    for _ in range(ROUNDS):
        token = await guests.token("race.token", first)
        same.append(await _at_once(guests, lanes, [(first, token), (first, token)]))
        tokens = [(one, await guests.token("race.token", one)) for one in (first, second)]
        several.append(await _at_once(guests, lanes, tokens))
    return {"race.token": Rounds(tuple(same)), "race.users": Rounds(tuple(several))}


async def _at_once(
    guests: Guests, lanes: Sequence[aiohttp.ClientSession], tokens: Sequence[tuple[Person, str]]
) -> tuple[Said, ...]:
    caller, exchange = await guests.caller(), guests.people.exchange
    calls = [exchange("race", token, caller, one, lane) for lane, (one, token) in zip(lanes, tokens, strict=True)]
    return tuple(await asyncio.gather(*calls))


async def inapp_tokens(guests: Guests) -> Found:
    """Ask for an OT token without the inappToken that belongs to it, or with a wrong one."""
    first, second, caller = await guests.first(), await guests.second(), await guests.caller()
    if not (first.inapp_token and second.inapp_token):
        nothing = untried("the CRM gives no inappToken, so there is none to check")
        return dict.fromkeys(("inapp.missing", "inapp.wrong", "inapp.other", "inapp.all"), nothing)
    shown = {"missing": "", "wrong": MADE_UP, "other": first.inapp_token}
    made: dict[str, Several] = {}
    for name, token in shown.items():
        query = (("inappToken", token),) if token else ()
        body = UserId(user_id=second.user_id)
        said = await guests.people.call(f"inapp.{name}", GENERATE_OT_TOKEN, body, caller, query)
        made[f"inapp.{name}"] = Several(((name, said),))
    return {**made, "inapp.all": Several(tuple(pair for one in made.values() for pair in one.of))}


async def log_outs(guests: Guests) -> Found:
    """End one of a user's two sessions, and show what is left of it."""
    first = await guests.first()
    ended, other = await _open(guests, "ended"), await _open(guests, "other")
    if not (ended and other):
        nothing = untried("the CRM gives no accessToken, so nothing can be kept after a logout")
        return dict.fromkeys(("logout.old", "logout.other", "logout.again"), nothing)
    await _end(guests, first, ended)
    return {
        "logout.old": Several((("the accessToken of before", await _verify(guests, "logout.old", ended)),)),
        "logout.other": Several((("the other session", await _verify(guests, "logout.other", other)),)),
        "logout.again": Several(
            (
                ("the same session", await _end(guests, first, ended)),
                ("a session that never was", await _end(guests, first, MADE_UP)),
            )
        ),
    }


async def _open(guests: Guests, name: str) -> str:
    """Log in, and return the accessToken; blank if there is none."""
    first = await guests.first()
    login = await guests.people.log_in(f"logout.{name}", first)
    if not login.token:
        raise PeerViolation(f"nobody could log in: {login.error}")
    said = await guests.people.exchange(f"logout.{name}", login.token, await guests.caller(), first)
    return said.issued("accessToken")


async def _end(guests: Guests, person: Person, token: str) -> Said:
    query = (("userId", str(person.user_id)), ("accessToken", token))
    return await guests.people.call("logout.end", CRM_LOGOUT, None, await guests.caller(), query)


async def _verify(guests: Guests, name: str, token: str) -> Said:
    body = AccessToken(access_token=token)
    return await guests.people.call(name, VERIFY_ACCESS_TOKEN, body, await guests.caller())


async def answers(guests: Guests) -> Found:
    """Make the calls that are answered with tokens."""
    first, caller = await guests.first(), await guests.caller()
    made = await guests.people.generate("tokens.generate", first, caller)
    calls = [("generate_ot_token", made)]
    if token := made.issued("token"):
        calls.append(("exchange_ot_token", await guests.people.exchange("tokens.exchange", token, caller, first)))
    calls.append(("crm_api_token", await guests.people.authenticate("tokens.password", guests.crm.password)))
    return {"tokens.calls": Several(tuple(calls))}
