"""Attempts with bodies that are broken, mislabelled or huge, and with webhooks that nobody sent."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mock_ctrader.conformance.beyond_seen import Several
from mock_ctrader.conformance.said import Attempt, Judgement, untried
from mock_ctrader.contract.calls.crm import (
    ATTRIBUTION_WEBHOOK,
    CRM_API_TOKEN,
    EXCHANGE_OT_TOKEN,
    GENERATE_OT_TOKEN,
    NEW_USER_WEBHOOK,
    VERIFY_ACCESS_TOKEN,
)
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.models.crm import (
    AccessToken,
    Attribution,
    OneTimeCode,
    Password,
    RegisteredInApplication,
    UserId,
)
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.conforming_guests import Guests
from mock_ctrader.runtime.profile_attempts import MADE_UP, NOBODY
from mock_ctrader.wire import Headers, Request

Found = Mapping[str, Attempt | Judgement]
HUGE: Final = 10 * 2**20
"""Bytes that are added to a right body, or to a form."""
DEEP: Final = 5_000
"""Brackets in each other."""
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"

BROKEN: Final[Sequence[tuple[str, bytes]]] = (
    ("nothing", b""),
    ("half an object", b'{"code": "0000'),
    ("a list", b"[]"),
    ("null", b"null"),
    ("a text", b'"code"'),
    ("an object without the field", b"{}"),
    ("what is no UTF-8", b'{"code": "\xff\xfe", "password": "\xff", "accessToken": "\xff", "userId": "\xff"}'),
    ("brackets in brackets", b"[" * DEEP + b"]" * DEEP),
)
"""Bodies that are no JSON object, or say nothing."""
_MADE_UP: Final[Mapping[Endpoint, Struct]] = {
    CRM_API_TOKEN: Password(password=MADE_UP),
    EXCHANGE_OT_TOKEN: OneTimeCode(code=MADE_UP),
    VERIFY_ACCESS_TOKEN: AccessToken(access_token=MADE_UP),
    GENERATE_OT_TOKEN: UserId(user_id=NOBODY),
}


async def bodies(guests: Guests) -> Found:
    """Send each of the endpoints what it ought to refuse, then what it ought to answer."""
    malformed, other, huge = list[Several](), list[Several](), list[Several]()
    for endpoint, made_up in _MADE_UP.items():
        sound = await _request(guests, endpoint, made_up)
        malformed.append(await guests.several("bodies.malformed", endpoint, _broken(endpoint, sound)))
        other.append(await guests.several("bodies.other", endpoint, _otherwise(endpoint, sound)))
    for endpoint, large in [one async for one in _large(guests)]:  # all are written before the first is sent
        huge.append(await guests.several("bodies.huge", endpoint, [(endpoint.id, large)]))
    form = await _huge_form(guests)
    alive = await guests.people.authenticate("bodies.alive", guests.crm.password)
    return {
        "bodies.malformed": _joined(malformed),
        "bodies.other": _joined(other),
        "bodies.huge": _joined(huge),
        "bodies.form": form,
        "bodies.alive": Several((("crm_api_token", alive),)),
        "bodies.all": _joined([*malformed, *other, *huge, form]),
    }


async def _large(guests: Guests) -> AsyncGenerator[tuple[Endpoint, Request]]:
    """Give the calls with what is right in them, so that nothing but their size is wrong."""
    first = await guests.first()
    right: list[tuple[Endpoint, Struct]] = [
        (CRM_API_TOKEN, Password(password=guests.crm.password)),
        (EXCHANGE_OT_TOKEN, OneTimeCode(code=await guests.token("bodies.token", first))),
        (GENERATE_OT_TOKEN, UserId(user_id=first.user_id)),
    ]
    if first.access_token:
        right.append((VERIFY_ACCESS_TOKEN, AccessToken(access_token=first.access_token)))
    for endpoint, body in right:
        yield endpoint, replace(await _request(guests, endpoint, body), body=_padded(body))


async def _request(guests: Guests, endpoint: Endpoint, body: Struct) -> Request:
    caller = None if endpoint is CRM_API_TOKEN else await guests.caller()
    inapp = (await guests.first()).inapp_token if endpoint is GENERATE_OT_TOKEN else ""
    query = (("inappToken", inapp),) if inapp else ()
    return guests.run.address.request(endpoint, body, caller, query)


def _broken(endpoint: Endpoint, sound: Request) -> Iterator[tuple[str, Request]]:
    for what, body in BROKEN:
        yield f"{endpoint.id}, {what}", replace(sound, body=body)


def _otherwise(endpoint: Endpoint, sound: Request) -> Iterator[tuple[str, Request]]:
    """Give calls whose body is something else than JSON, or is called something else; nothing in them is right."""
    pairs: dict[str, object] = msgspec.json.decode(sound.body)
    form = "&".join(f"{key}={value}" for key, value in pairs.items()).encode()
    xml = "".join(f"<{key}>{value}</{key}>" for key, value in pairs.items()).encode()
    for what, kind, body in (
        ("JSON called text", "text/plain", sound.body),
        ("a form", _FORM, form),
        ("a form called JSON", _JSON, form),
        ("XML", "application/xml", xml),
        ("XML called JSON", _JSON, xml),
    ):
        yield f"{endpoint.id}, {what}", replace(sound, headers=(("Content-Type", kind),), body=body)


def _padded(right: Struct) -> bytes:
    held: dict[str, object] = msgspec.to_builtins(right)
    return msgspec.json.encode({**held, "padding": "x" * HUGE})


async def _huge_form(guests: Guests) -> Several:
    form = b"email=nobody%40example.com&password=" + b"x" * HUGE
    asked = Request.to("POST", guests.people.login_url(), headers=(("Content-Type", _FORM),), body=form)
    return Several((("the form to log in", await guests.people.send("bodies.form", None, asked)),))


def _joined(several: Sequence[Several]) -> Several:
    return Several(tuple(pair for one in several for pair in one.of))


async def webhooks(guests: Guests) -> Found:
    """Send webhooks with a wrong ``Authorization``, with none, broken, and each right one twice."""
    hooks = guests.crm.webhooks
    if not (hooks.attribution and hooks.new_user):
        nothing = untried("crm.webhooks names no address")
        names = ("wrong", "none", "malformed", "attribution", "new-user")
        return {f"hooks.{name}": nothing for name in names}
    attribution, new_user = await _hooks(guests)
    both = ((ATTRIBUTION_WEBHOOK, attribution), (NEW_USER_WEBHOOK, new_user))
    made: dict[str, list[Several]] = {"wrong": [], "none": [], "malformed": []}
    for endpoint, hook in both:
        spoilt = {
            "wrong": replace(hook, headers=_headers(f"Basic {MADE_UP}")),
            "none": replace(hook, headers=_headers("")),
            "malformed": replace(hook, body=hook.body[:-5]),
        }
        for name, request in spoilt.items():
            made[name].append(await guests.several(f"hooks.{name}", endpoint, [(endpoint.id, request)]))
    twice = [("the first time", attribution), ("the second time", attribution)]
    again = [("the first time", new_user), ("the second time", new_user)]
    return {
        **{f"hooks.{name}": _joined(each) for name, each in made.items()},
        "hooks.attribution": await guests.several("hooks.attribution", ATTRIBUTION_WEBHOOK, twice),
        "hooks.new-user": await guests.several("hooks.new-user", NEW_USER_WEBHOOK, again),
    }


async def _hooks(guests: Guests) -> tuple[Request, Request]:
    """Write the webhooks: the second user came by the first one's link, and registered in an application."""
    first, second, crm = await guests.first(), await guests.second(), guests.crm
    broker = crm.broker or profile.description(guests.run.settings).brokers[0].name
    attribution = Attribution(invited_user_id=second.user_id, partner_user_id=first.user_id, broker_name=broker)
    registered = RegisteredInApplication(
        user_id=second.user_id, broker_name=broker, email=second.facts["email"], partner_user_id=first.user_id
    )
    headers = _headers(crm.webhooks.authorization)
    return (
        Request.to(
            "POST", crm.address(crm.webhooks.attribution), headers=headers, body=msgspec.json.encode(attribution)
        ),
        Request.to("POST", crm.address(crm.webhooks.new_user), headers=headers, body=msgspec.json.encode(registered)),
    )


def _headers(authorization: str) -> Headers:
    plain = (("Content-Type", _JSON), ("Accept", _JSON))
    return (*plain, ("Authorization", authorization)) if authorization else plain
