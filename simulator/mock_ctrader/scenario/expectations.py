"""Compares what a step was to bring with what it brought."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mock_ctrader.matching.rendering import MISSING, render
from mock_ctrader.matching.rules import Difference, Fill, Matcher, differences
from mock_ctrader.scenario.model import CallExpectation, Expectation, ScreenExpectation
from mock_ctrader.scenario.observation import Call, Observation, ScreenOpened, listing


def unmet(expectation: Expectation, observation: Observation, fill: Fill) -> tuple[Difference, ...]:
    """Return all that is not as expected, in the order of the file's keys."""
    return tuple(_unmet(expectation, observation, fill))


def _unmet(expectation: Expectation, observation: Observation, fill: Fill) -> Iterator[Difference]:
    if expectation.calls is not None:
        yield from _calls(expectation.calls, observation.calls, fill)
    yield from _never(expectation.never, observation.calls)
    if expectation.screen is not None:
        yield from _screen(expectation.screen, observation.screens, fill)
    if expectation.session not in (None, observation.session):
        yield Difference("session", str(expectation.session), observation.session)
    if expectation.stored_token not in (None, observation.stored_token):
        yield Difference("stored_token", render(expectation.stored_token), render(observation.stored_token))
    if expectation.refused is not None:
        said = MISSING if observation.refused is None else observation.refused
        yield from differences(expectation.refused, said, "refused", fill)
    if expectation.account is not None:
        account = MISSING if observation.account is None else observation.account
        yield from differences(expectation.account, account, "account", fill)
    if expectation.application is not None:
        yield from differences(expectation.application, observation.application, "application", fill)
    if expectation.page is not None:
        yield from differences(expectation.page, observation.page or MISSING, "page", fill)


def _calls(expected: Sequence[CallExpectation], calls: Sequence[Call], fill: Fill) -> Iterator[Difference]:
    """Walk along both lists: each expected call is the first fitting one behind the one before it."""
    if not expected and calls:
        yield Difference("calls", "no call at all", _seen(calls))
    position = 0
    before = ""
    for wanted in expected:
        misses = [
            (list(_of_call(wanted, call, fill)), index)
            for index, call in enumerate(calls)
            if index >= position and call.endpoint == wanted.endpoint
        ]
        if misses:
            closest, index = min(misses, key=lambda miss: len(miss[0]))
            yield from closest
            position = index + 1
        else:
            yield Difference("calls", _behind(before, wanted.endpoint), _seen(calls))
        before = wanted.endpoint


def _behind(before: str, endpoint: str) -> str:
    if before == endpoint:
        return f"another {endpoint}"
    return f"{endpoint} after {before}" if before else endpoint


def _of_call(wanted: CallExpectation, call: Call, fill: Fill) -> Iterator[Difference]:
    parts: list[tuple[str, Matcher | None, object]] = [
        ("status", wanted.status, MISSING if call.status is None else call.status),
        ("request", wanted.request, call.request),
        ("query", wanted.query, call.query),
        ("answer", wanted.answer, call.answer),
    ]
    for name, matcher, found in parts:
        if matcher is not None:
            for difference in differences(matcher, found, f"{call.endpoint}.{name}", fill):
                yield replace(difference, entry=call.entry)


def _never(unwanted: Sequence[str], calls: Sequence[Call]) -> Iterator[Difference]:
    for endpoint in unwanted:
        made = [call for call in calls if call.endpoint == endpoint]
        if made:
            yield Difference("never", f"no {endpoint}", _seen(made), made[0].entry)


def _screen(wanted: ScreenExpectation, screens: Sequence[ScreenOpened], fill: Fill) -> Iterator[Difference]:
    seen = listing([screen.kind for screen in screens], "no screen")
    if wanted.kind is None:
        if screens:
            yield Difference("screen", "no screen", seen)
        return
    misses = [list(_of_screen(wanted, screen, fill)) for screen in screens if screen.kind == wanted.kind]
    yield from min(misses, key=len, default=[Difference("screen", wanted.kind, seen)])


def _of_screen(wanted: ScreenExpectation, screen: ScreenOpened, fill: Fill) -> Iterator[Difference]:
    if wanted.query is not None:
        for difference in differences(wanted.query, screen.query, f"screen.{screen.kind}.query", fill):
            yield replace(difference, entry=screen.entry)


def _seen(calls: Sequence[Call]) -> str:
    return listing([call.endpoint for call in calls], "no call")
