"""Judging what a CRM makes of calls that nobody ought to make, or that come twice, broken or far too large."""

import re
from collections.abc import Callable
from statistics import median
from typing import Final

from mock_ctrader.conformance.beyond_seen import Crossing, Doors, Rounds, Several
from mock_ctrader.conformance.journeys import Played, object_in
from mock_ctrader.conformance.judges import Judge
from mock_ctrader.conformance.said import Held, Judgement, Said, broken, kept, untried

HUNG: Final = "no answer within"
"""What the error of a call begins with that was not answered in time."""
TIMES_SLOWER: Final = 2.0
SECONDS_SLOWER: Final = 0.02
"""Both, and no overlap, before a difference of times is told: nothing is concluded from noise."""
TRACES: Final = (
    *("Traceback (most recent call last)", "Exception in thread", "Unhandled exception", "<b>Fatal error</b>"),
    *("Whitelabel Error Page", "Stack trace:", "Stack Trace:", "stack traceback:", "SQLSTATE["),
)
"""What errors look like that were meant for a developer."""
_FRAME: Final = re.compile(r"^\s+at [\w.$<>]+\([\w.]*(:\d+)*\)", re.MULTILINE)
"""A line of a stack in Java, C# or JavaScript."""


def not_both(rounds: Rounds) -> Judgement:
    """Judge that of two exchanges at the same instant never more than one succeeds."""
    both = [one for one in rounds.of if sum(map(succeeded, one)) > 1]
    if both:
        return _shown(f"both succeeded in {len(both)} of {len(rounds.of)} rounds", *both[0])
    return kept(f"{len(rounds.of)} rounds")


def not_neither(rounds: Rounds) -> Judgement:
    """Judge that of two exchanges at the same instant one succeeds."""
    neither = [one for one in rounds.of if not any(map(succeeded, one))]
    if neither:
        return _shown(f"neither succeeded in {len(neither)} of {len(rounds.of)} rounds", *neither[0])
    return kept(f"{len(rounds.of)} rounds")


def each_answered(rounds: Rounds) -> Judgement:
    """Judge that every one of them is answered, and none as a fault of the CRM's own."""
    for said in (said for one in rounds.of for said in one):
        if told := _failed(said):
            return _shown(told, said)
    return kept()


def own_users(rounds: Rounds) -> Judgement:
    """Judge that exchanges for several users at the same instant name each its own."""
    calls = [said for one in rounds.of for said in one]
    for said in calls:
        if succeeded(said) and said.value("userId") != said.user_id:
            return _shown("the answer names another user", said)
    return kept() if all(map(succeeded, calls)) else untried("not every exchange succeeded")


def each_refused(several: Several) -> Judgement:
    """Judge that every call is answered, and refused."""
    return _first(several, lambda said: said.error or _not_refused(said))


def each_turned_away(several: Several) -> Judgement:
    """Judge that every call is refused, be it by closing the connection; none is taken, none is left waiting."""
    return _first(several, lambda said: _waited(said) or ("" if said.response is None else _not_refused(said)))


def each_borne(several: Several) -> Judgement:
    """Judge that no call makes the CRM fail or wait for ever, whatever it answers."""
    return _first(several, lambda said: _waited(said) or _fault(said))


def each_taken(several: Several) -> Judgement:
    """Judge that every call succeeds."""
    return _first(several, lambda said: "" if succeeded(said) else _told(said))


def each_keeps_back(*keys: str) -> Judge:
    """Return a judge: no answer holds any of these keys."""

    def told(said: Said) -> str:
        held = object_in(said.response)
        found = [key for key in keys if held.get(key)]
        return f"the answer holds {' and '.join(found)}" if found else ""

    def judge(several: Several) -> Judgement:
        return _first(several, told)

    return judge


def each_without_trace(several: Several) -> Judgement:
    """Judge that no answer tells what the CRM is made of: no stack, no message of a database."""
    return _first(several, lambda said: trace_in(said.response.body.decode(errors="replace")) if said.response else "")


def each_uncached(*words: str) -> Judge:
    """Return a judge: ``Cache-Control`` of every answer that succeeded says one of these words."""

    def told(said: Said) -> str:
        if not succeeded(said) or said.response is None:
            return ""
        says = said.response.header("Cache-Control") or ""
        return "" if set(words) & directives(says) else f"Cache-Control says {says or 'nothing'}"

    def judge(several: Several) -> Judgement:
        return _first(several, told)

    return judge


def alike(key: str) -> Judge:
    """Return a judge: a call that comes again is answered with the same value as at the first time."""

    def judge(several: Several) -> Judgement:
        if not all(succeeded(said) for _, said in several.of):
            return untried("not every call succeeded")
        values = [said.value(key) for _, said in several.of]
        differing = [said for (_, said), value in zip(several.of, values, strict=True) if value != values[0]]
        return _shown(f"another {key} the second time", differing[0]) if differing else kept()

    return judge


def same_words(doors: Doors) -> Judgement:
    """Judge that an answer does not say whether the CRM knows the e-mail."""
    return _same("says", {one.text for one in doors.known}, {one.text for one in doors.unknown})


def same_status(doors: Doors) -> Judgement:
    """Judge that the status of an answer does not tell it either."""
    return _same("status", {str(one.status) for one in doors.known}, {str(one.status) for one in doors.unknown})


def same_time(doors: Doors) -> Judgement:
    """Judge that the time of an answer does not tell it: only a plain difference counts, with no overlap."""
    known, unknown = [one.seconds for one in doors.known], [one.seconds for one in doors.unknown]
    fast, slow = sorted((known, unknown), key=median)
    told = f"known {median(known) * 1000:.0f} ms, unknown {median(unknown) * 1000:.0f} ms"
    apart = min(slow) > max(fast) and median(slow) >= TIMES_SLOWER * median(fast)
    return broken(told) if apart and median(slow) - median(fast) >= SECONDS_SLOWER else kept(told)


def shows_nothing(crossing: Crossing) -> Judgement:
    """Judge that no page shows what is another user's."""
    for what, pattern in crossing.private:
        if any(re.search(pattern, text) for text in crossing.texts):
            return broken(f"the page shows the other's {what}")
    return kept()


def changes_nothing(crossing: Crossing) -> Judgement:
    """Judge that no form moves another user's money."""
    if crossing.moved:
        return broken(f"{', '.join(crossing.moved)} for the other's account")
    return kept(f"{crossing.sent} forms sent" if crossing.sent else "no form was shown")


def one_account(played: Played) -> Judgement:
    """Judge that the user ends up with one trading account, however often the CRM had to try."""
    linked = {object_in(one.request).get("traderLogin") for one in played.calls("link_trader")} - {None}
    if not linked:
        return broken(f"no account was linked: {played.failure}")
    return kept() if len(linked) == 1 else broken(f"{len(linked)} accounts were linked")


def trace_in(text: str) -> str:
    """Return what of a text was meant for a developer; nothing where there is none."""
    frame = _FRAME.search(text)
    found = next((one for one in TRACES if one in text), frame[0].strip() if frame else "")
    return f"the answer holds '{found}'" if found else ""


def directives(header: str) -> set[str]:
    """Return the words of a ``Cache-Control`` header, without their values."""
    return {word.partition("=")[0].strip().lower() for word in header.split(",")}


def succeeded(said: Said) -> bool:
    """Tell whether a call was answered with success."""
    return said.response is not None and 200 <= said.response.status < 300


def _first(several: Several, check: Callable[[Said], str]) -> Judgement:
    for what, said in several.of:
        if told := check(said):
            return _shown(f"{what}: {told}", said)
    return kept(f"{len(several.of)} calls") if several.of else untried("there was nothing to try it with")


def _shown(detail: str, *said: Said) -> Judgement:
    return Judgement(Held.NO, detail, tuple(number for one in said for number in one.entries))


def _told(said: Said) -> str:
    return f"answered {said.response.status}" if said.response else f"no answer came: {said.error}"


def _not_refused(said: Said) -> str:
    return "" if said.response and 400 <= said.response.status < 500 else _told(said)


def _waited(said: Said) -> str:
    return said.error if said.error.startswith(HUNG) else ""


def _fault(said: Said) -> str:
    return _told(said) if said.response and said.response.status >= 500 else ""


def _failed(said: Said) -> str:
    return _told(said) if said.response is None else _fault(said)


def _same(what: str, known: set[str], unknown: set[str]) -> Judgement:
    if known & unknown:
        return kept()
    return broken(f"{what} '{min(known)}' for a user whom the CRM knows, '{min(unknown)}' for another")
