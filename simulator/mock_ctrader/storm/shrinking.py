"""The smallest storm that still breaks an invariant: fewer journeys, fewer faults, fewer steps.

``shrink`` is a conversation: it yields what is to be tried and is told whether that still breaks the invariant. It
reaches nothing by itself, and asks the same in the same order each time.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from mock_ctrader.faults import Rule
from mock_ctrader.scenario import ActionStep, Scenario, WaitStep
from mock_ctrader.scenario.references import references
from mock_ctrader.storm.turns import Turn, merged

AnyStep = ActionStep | WaitStep
Turns = tuple[Turn, ...]
Search = Generator[Turns, bool, Turns]


def shrink(turns: Sequence[Turn]) -> Search:
    """Return the smallest turns that were found; those given are known to break the invariant."""
    best = tuple(turns)
    if len(best) > 1:
        best = yield from _fewer(best)
    if len(best) > 1:
        one = (merged(best),)
        if not (yield one):
            return best
        best = one
    before: Turns = ()
    while before != best:
        before = best
        for place in range(len(best)):
            best = yield from _smaller(best, place)
    return best


def _smaller(turns: Turns, place: int) -> Search:
    """Make one of the turns smaller."""

    def candidate(scenario: Scenario) -> Turns:
        return (*turns[:place], replace(turn, scenario=scenario), *turns[place + 1 :])

    turn = turns[place]
    for faults in _fewer_faults(turn.scenario):
        if (yield candidate(replace(turn.scenario, faults=faults))):
            return candidate(replace(turn.scenario, faults=faults))
    scenario, size = turn.scenario, max(1, len(turn.scenario.steps) // 2)
    while size:
        at = 0
        while at < len(scenario.steps):
            fewer = _without(scenario, at, size)
            if fewer is not None and (yield candidate(fewer)):
                scenario = fewer
            else:
                at += size
        size //= 2
    return candidate(scenario)


def _fewer_faults(scenario: Scenario) -> list[tuple[Rule, ...]]:
    """Return what may be left of the faults: all but one, or one of them a call earlier."""
    rules = scenario.faults
    without = [(*rules[:at], *rules[at + 1 :]) for at in range(len(rules))]
    sooner = [
        (*rules[:at], replace(rule, nth=rule.nth - 1), *rules[at + 1 :])
        for at, rule in enumerate(rules)
        if rule.nth > 1
    ]
    return [*without, *sooner]


def _without(scenario: Scenario, at: int, size: int) -> Scenario | None:
    """Leave steps out, and those that would lack a value then; nothing where none is left."""
    kept: list[AnyStep] = []
    lost: set[str] = set()
    for place, step in enumerate(scenario.steps):
        names = {capture.name for capture in step.captures}
        if at <= place < at + size or lost.intersection(_needed(step)):
            lost |= names
        else:
            kept.append(step)
            lost -= names
    return replace(scenario, steps=tuple(kept)) if kept else None


def _needed(step: AnyStep) -> Iterator[str]:
    given = step.arguments.values() if isinstance(step, ActionStep) else ()
    yield from (one.name for value in given if isinstance(value, str) for one in references(value))


def _fewer(turns: Turns) -> Search:
    """Leave out turns, at first half of them at a time."""
    size = len(turns) // 2
    while size:
        at = 0
        while at < len(turns):
            rest = (*turns[:at], *turns[at + size :])
            if rest and (yield rest):
                turns = rest
            else:
                at += size
        size //= 2
    return turns
