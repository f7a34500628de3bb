"""Judging the functional tests: what the exchanges of a journey show of each condition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mock_ctrader.conformance.said import Held, Judgement, broken
from mock_ctrader.journal.contents import body_of
from mock_ctrader.journal.entry import Entry
from mock_ctrader.wire import Direction, Request, Response

JourneyJudge = Callable[["Played"], Judgement]
_SHOWN = 3
"""How many of the last exchanges stand for a journey that failed."""


@dataclass(frozen=True, slots=True)
class Played:
    """How a journey went."""

    exchanges: tuple[Entry, ...]
    passed: bool
    failure: str = ""
    """Why it failed: the step, what was expected, what came instead; without secrets."""
    seconds: float = 0.0

    @property
    def entries(self) -> tuple[int, ...]:
        """Numbers of its last exchanges."""
        return tuple(entry.number for entry in self.exchanges[-_SHOWN:])

    def calls(self, endpoint: str) -> list[Entry]:
        """Return the calls of an endpoint that succeeded."""
        return [one for one in self.exchanges if one.endpoint == endpoint and one.response and not one.failed]


def calls(endpoint: str, *keys: str, at_least: int = 1, **sent: str) -> JourneyJudge:
    """Return a judge: a call succeeded, its answer has these keys, and its request these values."""

    def judge(played: Played) -> Judgement:
        found = [one for one in played.calls(endpoint) if _has(one, keys, sent)]
        if len(found) >= at_least:
            return Judgement(Held.YES, evidence=tuple(one.number for one in found))
        return _missed(played, f"{endpoint} did not come, or not as it should")

    return judge


def opens(screen: str, *parameters: str) -> JourneyJudge:
    """Return a judge: a screen was opened with these parameters in its address."""

    def judge(played: Played) -> Judgement:
        for one in played.exchanges:
            if one.request is None or one.direction is not Direction.SCREEN or one.endpoint != screen:
                continue
            if set(parameters) <= set(one.request.parameters()):
                return Judgement(Held.YES, evidence=(one.number,))
        return _missed(played, f"the {screen} screen was not opened with {' and '.join(parameters)}")

    return judge


def same_user(endpoint: str, *, at_least: int = 1) -> JourneyJudge:
    """Return a judge: so many calls succeeded, and the last one named the user who signed up."""

    def judge(played: Played) -> Judgement:
        made = [object_in(one.response).get("userId") for one in played.calls("create_user")]
        named = [(one.number, object_in(one.response).get("userId")) for one in played.calls(endpoint)]
        if len(named) < at_least:
            return _missed(played, f"{endpoint} did not come, or did not succeed")
        number, user = named[-1]
        if user in made:
            return Judgement(Held.YES, evidence=(number,))
        return Judgement(Held.NO, f"{endpoint} named another user than the one who signed up", (number,))

    return judge


def passes(played: Played) -> Judgement:
    """Judge that a journey went as it should, to its end."""
    return Judgement(Held.YES) if played.passed else broken(played.failure)


def either_passes(*several: Played) -> Judgement:
    """Judge that one of several journeys went as it should."""
    best = next((one for one in several if one.passed), None)
    return Judgement(Held.YES, evidence=best.entries) if best else broken(several[0].failure)


def _missed(played: Played, what: str) -> Judgement:
    return broken(what) if played.passed else broken(f"{what}: {played.failure}")


def _has(entry: Entry, keys: tuple[str, ...], sent: Mapping[str, str]) -> bool:
    answer, request = object_in(entry.response), object_in(entry.request)
    return all(key in answer for key in keys) and all(str(request.get(key)) == sent[key] for key in sent)


def object_in(message: Request | Response | None) -> Mapping[str, object]:
    """Return the object that a message holds; one without keys where it holds none."""
    held = body_of(message) if message is not None else None
    return held if isinstance(held, Mapping) else {}  # pyright: ignore[reportUnknownVariableType]
