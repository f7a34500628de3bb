"""A scenario as a diagram, drawn from its file: what is done, and which calls and screens are expected of it.

Nothing is played. What the file does not mention may happen too, and is not drawn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.matching.rendering import render
from mock_ctrader.matching.rules import Equals, Matcher, in_words
from mock_ctrader.scenario.model import ActionStep, CallExpectation, Expectation, Scenario, WaitStep
from mock_ctrader.scenario.vocabulary import Verb
from mock_ctrader.wire import Direction

Json = dict[str, Any]
_ON_PAGES = frozenset(
    {
        *(Verb.SIGN_UP, Verb.LOG_IN, Verb.OPEN_ACCOUNT, Verb.SKIP_ACCOUNT, Verb.DEPOSIT, Verb.WITHDRAW),
        *(Verb.PASS_KYC, Verb.TAKE_ACTION, Verb.CHAT, Verb.CHANGE_PASSWORD, Verb.CHANGE_EMAIL),
        *(Verb.FORGET_PASSWORD, Verb.RESET_PASSWORD, Verb.ENTER_CLIENT_AREA, Verb.LEAVE_CLIENT_AREA),
        *(Verb.VISIT, Verb.FILL_IN, Verb.OPEN_EMBEDDED),
    }
)
"""What is done on a page of the broker's; all else is done in the application."""


@dataclass(frozen=True, slots=True)
class StepTold:
    """A step in words."""

    number: int
    title: str
    actor: str
    does: str
    expects: tuple[str, ...]


def steps(scenario: Scenario) -> tuple[StepTold, ...]:
    """Tell every step: who does what, and what is expected of it."""
    return tuple(
        StepTold(step.number, step.title, step.actor, _does(step), tuple(_expectations(step)))
        for step in scenario.steps
    )


def rows(scenario: Scenario) -> list[Json]:
    """Return the rows of the diagram, in the form of ``exchanges.row``; moments and durations are not known."""
    drawn = [(step, row) for step in scenario.steps for row in _rows(step)]
    return [
        _BARE
        | row
        | {
            "number": number,
            "last": number,
            "step": step.number,
            "title": step.title,
            "device": step.actor,
        }
        for number, (step, row) in enumerate(drawn, 1)
    ]


_BARE: Json = {
    "plant": "",
    "moment": 0,
    "duration": None,
    "journey": "",
    "method": "",
    "target": "",
    "status": None,
    "error": "",
    "violations": 0,
    "notes": 0,
    "facts": "",
}
_PARTIES: Mapping[Direction, tuple[str, str]] = {
    Direction.TO_CTRADER: ("crm", "ctrader"),
    Direction.TO_CRM: ("ctrader", "crm"),
    Direction.SCREEN: ("screen", "crm"),
    Direction.SESSION: ("app", "ctrader"),
}


def _rows(step: ActionStep | WaitStep) -> Iterator[Json]:
    wanted = [one for one in (step.expectation, step.eventually) if one is not None]
    screens = [_screen(one) for one in wanted if one.screen is not None and one.screen.kind]
    calls = [_call(call) for one in wanted for call in one.calls or ()]
    if isinstance(step, WaitStep):
        yield from (*screens, _call(CallExpectation(step.endpoint)), *calls)
    elif step.verb in _ON_PAGES:
        yield from (*screens, _arrow(Direction.SCREEN, step.verb.value) | {"facts": _arguments(step)}, *calls)
    elif step.verb is Verb.LET_PASS:  # time goes by: nobody calls anybody
        yield from (*screens, *calls)
    else:
        yield from (_arrow(Direction.SESSION, step.verb.value) | {"facts": _arguments(step)}, *screens, *calls)


def _screen(wanted: Expectation) -> Json:
    screen = wanted.screen
    assert screen is not None, "who asks has looked"
    opened = f"opened with {in_words(screen.query)}" if screen.query else "opened"
    return _arrow(Direction.SCREEN, str(screen.kind)) | {"facts": opened}


def _arrow(direction: Direction, endpoint: str) -> Json:
    caller, called = _PARTIES[direction]
    return {"direction": str(direction), "from": caller, "to": called, "endpoint": endpoint}


def _call(call: CallExpectation) -> Json:
    endpoint = ENDPOINTS[call.endpoint]
    return _arrow(endpoint.direction, call.endpoint) | {
        "method": endpoint.method,
        "target": endpoint.path or "(the broker's own URL)",
        "status": _status(call.status),
    }


def _status(matcher: Matcher | None) -> int | None:
    """Return the status that is expected, where it is one."""
    if isinstance(matcher, Equals) and render(matcher.value).isdecimal():
        return int(render(matcher.value))
    return None


def _does(step: ActionStep | WaitStep) -> str:
    if isinstance(step, WaitStep):
        return f"wait for {step.endpoint}, {step.within:g} s at most"
    return f"{step.verb.value} {_arguments(step)}".rstrip()


def _arguments(step: ActionStep) -> str:
    return " ".join(f"{name}={render(value)}" for name, value in step.arguments.items())


def _expectations(step: ActionStep | WaitStep) -> Iterator[str]:
    yield from _said(step.expectation)
    if step.eventually is not None:
        yield from (f"within {step.within:g} s: {one}" for one in _said(step.eventually))
    yield from (f"keeps {capture}" for capture in step.captures)


def _said(wanted: Expectation) -> Iterator[str]:
    if wanted.calls is not None:
        yield "calls " + (", ".join(map(_call_in_words, wanted.calls)) or "nobody")
    if wanted.never:
        yield f"never {', '.join(wanted.never)}"
    if wanted.screen is not None:
        query = f" with {in_words(wanted.screen.query)}" if wanted.screen.query else ""
        yield f"screen {'none' if wanted.screen.kind is None else wanted.screen.kind}{query}"
    if wanted.session is not None:
        yield f"session {wanted.session}"
    if wanted.stored_token is not None:
        yield "a stored token" if wanted.stored_token else "no stored token"
    for name in ("refused", "account", "application", "page"):
        matcher: Matcher | None = getattr(wanted, name)
        if matcher is not None:
            yield f"{name} {in_words(matcher)}"


def _call_in_words(call: CallExpectation) -> str:
    parts = {"status": call.status, "query": call.query, "request": call.request, "answer": call.answer}
    said = [f"{name} {in_words(matcher)}" for name, matcher in parts.items() if matcher is not None]
    return f"{call.endpoint} ({'; '.join(said)})" if said else call.endpoint
