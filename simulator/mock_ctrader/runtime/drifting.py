"""Making the calls of a recording again, to a plant in memory that is made for them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import msgspec

from mock_ctrader.contract.addresses import FAMILIES, VENDOR, Place
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.journal.body import Form, read_body
from mock_ctrader.journal.comparing import differences
from mock_ctrader.journal.drifts import Drift, Drifts, Incomparable, drifts_of
from mock_ctrader.journal.fields import Speaker, fields_of
from mock_ctrader.journal.format import to_dict
from mock_ctrader.journal.recording import Exchange, Received, Recording, Sent
from mock_ctrader.journal.standing import Standing, is_id, words
from mock_ctrader.plant.model import Broker
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH
from mock_ctrader.runtime.description import CurrencyEntry, GroupEntry, ManagerEntry, PlantDescription
from mock_ctrader.runtime.plants import Plants
from mock_ctrader.runtime.replaying import PLACEHOLDER, made_up
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import VirtualClock
from mock_ctrader.wire import Direction, Request, Response

PLANT = "recorded"
_LOGIN_TO_MANAGER = "manager_token"
_LOOK_UP = "find_user"
_DIGITS = re.compile(r"\d{4,}")
_MADE = re.compile(r"(?:login|userIds?|AccountIds?|positionIds?)(?:\[\d+\])?$", re.IGNORECASE)
"""Names of fields that hold what calls make on a plant; ``countryId`` is none."""


def drift(recording: Recording, settings: Settings) -> Drifts:
    """Make the broker's calls of a recording again and compare the answers; ids and tokens are mapped.

    The plant is the one of the settings that has the recording's name; else one with all brokers, groups, currencies
    and managers that the calls name.
    """
    calls = [one for one in recording.exchanges if one.direction is Direction.TO_CTRADER]
    return _Again(calls, recording.header.plant, settings).all()


class _Again:
    """The calls of one recording, made again one after the other."""

    def __init__(self, calls: list[Exchange], plant: str, settings: Settings) -> None:
        self._calls = calls
        described = settings.plants.get(plant) or described_by(calls, PlantDescription())
        self._clock = VirtualClock(calls[0].moment if calls else 0)
        own = msgspec.structs.replace(settings, plant=PLANT, plants={PLANT: described})
        self._world: World = Plants(own, 1, self._clock, lambda _: None, "")[PLANT]
        self._hashes = {str(one.login): one.hashed_password for one in described.managers}
        self._standing = Standing()
        self._values: dict[str, str] = {}
        """A recorded id or placeholder -> what came in its place."""

    def all(self) -> Drifts:
        """Make them all."""
        found, incomparable = list[Drift](), list[Incomparable]()
        for call in self._calls:
            endpoint = self._world.variant.endpoints.get(call.endpoint)
            why = self._obstacle(call, endpoint)
            if why or endpoint is None:
                incomparable.append(Incomparable(call, why))
                continue
            again = self._make(call)
            if missing := _missed(call, again):
                incomparable.append(Incomparable(call, missing))
                continue
            deviations = differences(call, again, self._standing, {Speaker.CTRADER})
            found += drifts_of(endpoint, deviations)
        return Drifts(tuple(found), tuple(incomparable), len(self._calls) - len(incomparable))

    def _obstacle(self, call: Exchange, endpoint: Endpoint | None) -> str:
        """Tell why a call cannot be made again; blank where it can."""
        if endpoint is None or call.request is None:
            return "it is no call that the plant serves"
        if call.response is None:
            return "no answer was recorded"
        if call.status == 401 and call.endpoint != _LOGIN_TO_MANAGER:
            return "its token had died, which is before the recording"
        if "base64" in call.request.body:
            return "its body is no text"
        unknown = dict.fromkeys(value for value in _ids(call) if value not in self._values)
        return f"the recording does not tell where {', '.join(unknown)} came from" if unknown else ""

    def _make(self, call: Exchange) -> Exchange:
        assert call.request is not None, "an obstacle, else"
        self._clock.advance(max(0, call.moment - self._clock.now()) / 1000)
        request = self._request(call.request, call.endpoint)
        place = _place(request, self._world.plant.environments)
        response = self._world.answer(place, request)
        self._learn(call, _plain(call, response))
        journal = self._world.journal
        written = to_dict(journal.entries[-1], journal.secrets)
        return msgspec.structs.replace(msgspec.convert(written, Exchange), endpoint=call.endpoint)

    def _request(self, sent: Sent, endpoint: str) -> Request:
        text = self._now(sent.body.get("text", ""))
        held = self._json(sent.body["json"], endpoint) if "json" in sent.body else text.encode()
        headers = tuple((name, self._now(value)) for name, value in sent.headers if name.lower() != "content-length")
        return Request.to(sent.method, self._now(sent.url), headers=headers, body=held)

    def _json(self, body: object, endpoint: str) -> bytes:
        mapped = self._mapped(body)
        if isinstance(mapped, dict) and endpoint == _LOGIN_TO_MANAGER:
            said = cast(dict[str, object], mapped)
            said["hashedPassword"] = self._hashes.get(str(said.get("login")), MANAGER_PASSWORD_HASH)
        return msgspec.json.encode(mapped)

    def _mapped(self, value: object) -> object:
        if isinstance(value, dict):
            return {key: self._mapped(child) for key, child in cast(dict[str, object], value).items()}
        if isinstance(value, list):
            return [self._mapped(child) for child in cast(list[object], value)]
        if isinstance(value, int) and not isinstance(value, bool):
            return int(self._values.get(str(value), value))
        return self._now(value) if isinstance(value, str) else value

    def _now(self, text: str) -> str:
        """Put what came now in the place of what came then."""
        return "".join(self._values.get(word) or self._unmasked(word) for word in words(text))

    def _unmasked(self, word: str) -> str:
        if not PLACEHOLDER.fullmatch(word):
            return word
        if word.startswith(("[webservToken", "[token")):  # it was fetched before the recording began
            return next(iter(self._world.plant.managers_by_token))
        return made_up(word)

    def _learn(self, call: Exchange, again: Exchange) -> None:
        """Remember what ids and tokens of the answer came in the place of which."""
        olds = {one.name: one.value for one in fields_of(call) if one.name.startswith("response.body")}
        for new in fields_of(again):
            old = olds.get(new.name)
            if old is not None and new.value is not None and (is_id(new.name) or PLACEHOLDER.fullmatch(str(old))):
                self._values[str(old)] = str(new.value)


def _missed(call: Exchange, again: Exchange) -> str:
    """Tell what a call lacked that was there when it was recorded."""
    then, now = (one.response.body if one.response else {} for one in (call, again))
    if call.endpoint == _LOOK_UP and now in ({}, {"json": {}}) and then != now:
        return "whom it looks for is not made in the recording"
    said = str(now)
    if (call.status or 0) < 400 <= (again.status or 0) and (lacking := re.search(r"\w+_NOT_FOUND", said)):
        return f"something that it needs is not made in the recording ({lacking[0]})"
    return ""


def _ids(call: Exchange) -> Iterator[str]:
    """Return the ids that a call names: in its path, its query, its body."""
    assert call.request is not None, "an obstacle, else"
    if call.endpoint == _LOGIN_TO_MANAGER:
        return
    for one in fields_of(msgspec.structs.replace(call, response=None, facts=[])):
        if one.name == "request.path":
            yield from _DIGITS.findall(str(one.value))
        elif _MADE.search(one.name) and str(one.value).isdigit():
            yield str(one.value)


def _plain(call: Exchange, response: Response) -> Exchange:
    """Return a call with the answer that came now, its secrets unmasked: they are needed for the calls that follow."""
    read = read_body(response.body, response.headers)
    body: dict[str, Any] = {"json": read.value} if read.form is Form.JSON else {"text": read.text}
    return msgspec.structs.replace(call, response=Received(status=response.status, body=body))


def _place(request: Request, environments: Iterable[str]) -> Place:
    """Return where on the plant a call goes: the environment is in the host's name, or in the path."""
    known = list(environments)
    parts = request.path.lstrip("/").split("/")
    named = ""
    if parts[0] not in FAMILIES and len(parts) > 2:
        named, parts = parts[1], parts[2:]
    elif request.host.partition(":")[0].endswith(VENDOR):
        named = request.host.partition("-")[0]
    return Place(PLANT, named if named in known else known[0], "/" + "/".join(parts))


def described_by(calls: Iterable[Exchange], usual: PlantDescription) -> PlantDescription:
    """Return a plant with everything that calls name, beside what is usual."""
    said: dict[str, list[str]] = {}
    environments = list(usual.environments)
    for call in calls:
        for one in fields_of(msgspec.structs.replace(call, response=None, facts=[])):
            said.setdefault(_name(one.name, call.endpoint), []).append(str(one.value))
        if call.request and (found := re.match(rf"\w+://([a-z0-9]+)-[^/]*{re.escape(VENDOR)}", call.request.url)):
            environments.append(found[1])
    crm = next(iter(said.get("brokerCrmName", [])), usual.brokers[0].crm_name)
    brokers = [*said.get("brokerName", []), *(one.name for one in usual.brokers)]
    return replace(
        usual,
        environments=_all(environments),
        brokers=tuple(Broker(name, crm) for name in _all(brokers)),
        groups=(*usual.groups, *(GroupEntry(name=one) for one in _beyond(said, "groupName", usual.groups))),
        currencies=(
            *usual.currencies,
            *(CurrencyEntry(name=one) for one in _beyond(said, "depositCurrency", usual.currencies)),
        ),
        managers=(*usual.managers, *_managers(said.get(_LOGIN_TO_MANAGER, []), usual)),
        examples=False,
    )


def _name(field: str, endpoint: str) -> str:
    key = field.rpartition(".")[2]
    return _LOGIN_TO_MANAGER if endpoint == _LOGIN_TO_MANAGER and key == "login" else key


def _beyond(said: Mapping[str, list[str]], key: str, known: Iterable[GroupEntry | CurrencyEntry]) -> tuple[str, ...]:
    names = {one.name for one in known}
    return _all(name for name in said.get(key, []) if name not in names)


def _managers(logins: list[str], usual: PlantDescription) -> Iterator[ManagerEntry]:
    known = {str(one.login) for one in usual.managers}
    for login in _all(logins):
        if login.isdigit() and login not in known:
            yield ManagerEntry(login=int(login), hashed_password=MANAGER_PASSWORD_HASH)


def _all(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
