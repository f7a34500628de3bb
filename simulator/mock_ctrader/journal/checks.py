"""Named checks across directions: what a broker's integration must hold to, whatever the test is about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from mock_ctrader.errors import NotOne
from mock_ctrader.journal.contents import body_of
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.journal.explaining import INDENT, line
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.matching.rendering import is_mapping, render
from mock_ctrader.wire import Direction

TOKEN = "token"
"""The fact of a session that holds the one-time token it was asked for with."""
EXCHANGE = "exchange_ot_token"
_TAKEN = {EXCHANGE: "code", "redeem_inapp_token": "token"}
"""Calls that take a one-time token, and the key that they say it under."""
_ISSUED = "generate_ot_token"
_LOGIN = "login"
_OPENED = ("opened", "true")


def no_violations(entries: Iterable[Entry], secrets: Secrets) -> None:
    """Make sure that no exchange broke a clause which a source states.

    Raises:
        NotOne: some did.
    """
    broken = [entry for entry in entries if entry.breaches]
    if broken:
        count = f"{len(broken)} {'exchange breaks' if len(broken) == 1 else 'exchanges break'}"
        told = "".join(f"\n  {line(entry, secrets)}{_clauses(entry, secrets)}" for entry in broken)
        raise NotOne(f"expected no violation; {count} the contract:{told}")


def _clauses(entry: Entry, secrets: Secrets) -> str:
    told = (
        f"{one.clause}: expected {one.expected}, found {one.found} ({one.provenance}, {one.section})"
        for one in entry.breaches
    )
    return "".join(INDENT + secrets.mask(text) for text in told)


def tokens_used_once(entries: Sequence[Entry], secrets: Secrets) -> None:
    """Make sure that the CRM never issued a token twice, and that neither side took one twice.

    Raises:
        NotOne: it did.
    """
    issued = _by_token((entry, _key(body_of(entry.response), "token")) for entry in _answered(entries, (_ISSUED,)))
    taken = _by_token((entry, _taken(entry)) for entry in _answered(entries, _TAKEN))
    for what, found in (("issued", issued), ("taken", taken)):
        for token, uses in found.items():
            if len(uses) > 1:
                said = f"expected each one-time token to be {what} once; {secrets.hide('otToken', token)} was "
                raise NotOne(f"{said}{what} {len(uses)} times:{_listed(uses, secrets)}")


def one_time_token_used_once(entries: Sequence[Entry], secrets: Secrets) -> tuple[Entry, ...]:
    """Return the exchanges of the tokens with which applications came from the success URL.

    Raises:
        NotOne: there was none, or one was not exchanged as it must be.
    """
    logins = [entry for entry in entries if entry.direction is Direction.SESSION and dict(entry.facts).get(TOKEN)]
    exchanges = [entry for entry in entries if entry.endpoint == EXCHANGE]
    if not logins:
        raise NotOne("expected an application that comes with the token of the success URL; none did")
    brought = {dict(login.facts)[TOKEN] for login in logins}
    strange = [entry for entry in exchanges if _taken(entry) not in brought]
    if strange:
        raise NotOne(f"expected exchanges of tokens of a success URL only; others came:{_listed(strange, secrets)}")
    found = tuple(_exchange_of(login, exchanges, secrets) for login in logins)
    for exchange in found:
        _check_screens(exchange, found, entries, secrets)
    return found


def _exchange_of(login: Entry, exchanges: Sequence[Entry], secrets: Secrets) -> Entry:
    token = dict(login.facts)[TOKEN]
    shown = secrets.hide("otToken", token)
    uses = [entry for entry in exchanges if _taken(entry) == token]
    if len(uses) != 1:
        said = f"expected the token {shown} of the success URL to be exchanged once; it was {len(uses)} times"
        raise NotOne(said + (f":{_listed(uses, secrets)}" if uses else ""))
    if uses[0].failed:
        raise NotOne(f"expected the CRM to take the token {shown} of the success URL:{_listed(uses, secrets)}")
    return uses[0]


def _check_screens(exchange: Entry, found: Sequence[Entry], entries: Sequence[Entry], secrets: Secrets) -> None:
    """Refuse a screen that a device opened before anybody was logged in on it."""
    own = _device(exchange.step)
    first = min(each.number for each in found if _device(each.step) == own)
    early = [
        entry
        for entry in entries
        if entry.number < first and _device(entry.step) == own and _OPENED in entry.facts and entry.endpoint != _LOGIN
    ]
    if early:
        said = f"expected the one-time token to be exchanged (#{first}) before any other screen opens"
        raise NotOne(f"{said}:{_listed(early, secrets)}")


def _device(step: Step) -> tuple[str, str]:
    return step.journey, step.device


def _answered(entries: Iterable[Entry], ids: Iterable[str]) -> list[Entry]:
    wanted = frozenset(ids)
    return [entry for entry in entries if entry.endpoint in wanted and not entry.failed and entry.response]


def _taken(entry: Entry) -> str:
    return _key(body_of(entry.request), _TAKEN[entry.endpoint])


def _key(body: object, key: str) -> str:
    return render(body.get(key, "")) if is_mapping(body) else ""


def _by_token(pairs: Iterable[tuple[Entry, str]]) -> Mapping[str, list[Entry]]:
    """Gather entries by their tokens; a blank one is none."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry, token in pairs:
        if token:
            found[token].append(entry)
    return found


def _listed(entries: Iterable[Entry], secrets: Secrets) -> str:
    return "".join(f"\n  {line(entry, secrets)}" for entry in entries)
