"""Invariants about tokens and sessions: who is let in, and how often."""

from collections import defaultdict
from collections.abc import Iterator

from mock_ctrader.journal.entry import Entry
from mock_ctrader.storm.breach import Breach
from mock_ctrader.storm.story import SUCCEEDED, Story, Values, answered, asked
from mock_ctrader.wire import Direction

_EXCHANGE, _VERIFY, _GENERATE = "exchange_ot_token", "verify_access_token", "generate_ot_token"
_ISSUES = {_GENERATE: "token", "crm_api_token": "crmApiToken"}
"""Calls that are answered with a token, and the key that it stands under."""
OPENED = ("opened", "true")
"""The fact of the visit that opened a window."""
_PERSONAL = ("accessToken", "inappToken", "token")


def taken_once(story: Story) -> Iterator[Breach]:
    """Find one-time tokens that the CRM took more than once."""
    yield from _several(story.done(_EXCHANGE), "code", "a one-time token was taken more than once")


def issued_once(story: Story) -> Iterator[Breach]:
    """Find tokens that were issued more than once."""
    issued: defaultdict[str, list[Entry]] = defaultdict(list)
    for call in story.done(*_ISSUES):
        issued[answered(call).get(_ISSUES[call.endpoint], "")].append(call)
    for token, calls in issued.items():
        if token and len(calls) > 1:
            yield Breach("a token was issued more than once", tuple(calls))


def personal(story: Story) -> Iterator[Breach]:
    """Find secrets of one user in what was answered about another."""
    told: defaultdict[str, list[tuple[str, Entry]]] = defaultdict(list)
    for call in story.done(_EXCHANGE, _VERIFY, _GENERATE):
        said = answered(call)
        user = said.get("userId") or asked(call).get("userId", "")
        for key in _PERSONAL:
            if said.get(key) and user:
                told[said[key]].append((user, call))
    for uses in told.values():
        if len({user for user, _ in uses}) > 1:
            yield Breach("a secret of one user was told of another", tuple(call for _, call in uses))


def session_is_its_users(story: Story) -> Iterator[Breach]:
    """Find tokens that opened the session of somebody else than they were issued for."""
    yield from _of_others(story)
    users = dict[str, str]()
    typed = dict[tuple[str, str], str]()
    arrived = dict[tuple[str, str], int]()
    for entry in story.entries:
        _learn(users, entry)
        device = (entry.step.journey, entry.step.device)
        if entry.direction is Direction.SCREEN and entry.endpoint == "login":
            typed[device] = _typed(entry, typed.get(device, ""))
            arrived[device] = entry.step.number if SUCCEEDED in entry.facts else 0
        elif entry.endpoint == _EXCHANGE and arrived.get(device) == entry.step.number:
            expected, found = users.get(typed[device]), answered(entry).get("userId")
            if expected and found and expected != found:
                yield Breach(f"user {expected} logged in, and the session of user {found} was opened", (entry,))


def logged_out(story: Story) -> Iterator[Breach]:
    """Find long-term tokens that were good once more when their user had logged out."""
    ended = {asked(call).get("accessToken", ""): call for call in reversed(story.done("crm_logout"))}
    for call in story.done(_VERIFY):
        logout = ended.get(asked(call).get("accessToken", ""))
        if logout is not None and call.number > logout.last:
            yield Breach("an accessToken was good once more after the logout", (logout, call))


def _of_others(story: Story) -> Iterator[Breach]:
    """Find long-term tokens that stand for other users than they were issued for."""
    issued = {
        answered(call).get("accessToken", ""): (call, answered(call).get("userId")) for call in story.done(_EXCHANGE)
    }
    for call in story.done(_VERIFY):
        token, found = asked(call).get("accessToken", ""), answered(call).get("userId")
        source = issued.get(token)
        if token and source is not None and source[1] != found:
            yield Breach(f"the accessToken of user {source[1]} opened the session of user {found}", (source[0], call))


def _typed(visit: Entry, before: str) -> str:
    """Return the e-mail that was typed last in a login window; blank where it was opened just now."""
    emails = [_email(value) for _, value in visit.facts if "@" in value]
    return emails[0] if emails else "" if OPENED in visit.facts else before


def _learn(users: dict[str, str], entry: Entry) -> None:
    """Take note of whose an e-mail is, as the plant has it."""
    said: Values = asked(entry) if entry.direction is Direction.TO_CTRADER and not entry.failed else {}
    if entry.endpoint in ("create_user", "create_ctid") and said:
        users[_email(said.get("email", ""))] = answered(entry).get("userId", "")
    elif entry.endpoint == "change_email" and said:
        user = said.get("userId", "")
        for old in [email for email, known in users.items() if known == user]:
            del users[old]
        users[_email(said.get("newEmail", ""))] = user


def _email(text: str) -> str:
    return text.strip().lower()


def _several(calls: list[Entry], key: str, what: str) -> Iterator[Breach]:
    uses: defaultdict[str, list[Entry]] = defaultdict(list)
    for call in calls:
        uses[asked(call).get(key, "")].append(call)
    for token, several in uses.items():
        if token and len(several) > 1:
            yield Breach(what, tuple(several))
