"""Leaves steps of a scenario out, ``--skip 3``, ``--only "open account"``, or has something go wrong in it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.faults import parse
from mock_ctrader.matching.rules import values
from mock_ctrader.scenario.model import ActionStep, Scenario, WaitStep
from mock_ctrader.scenario.references import references


def with_steps(scenario: Scenario, skip: Collection[str] = (), only: Collection[str] = ()) -> Scenario:
    """Return the scenario with fewer steps, each named by its number or its title; the numbers stay as they are.

    A title names every step that has it. ``only`` keeps what it names, ``skip`` leaves out what it names.

    Raises:
        SettingsError: there is no such step, none is left, or one that is kept needs a value of one that is not.
    """
    kept = set(_named(scenario, "--only", only)) if only else {step.number for step in scenario.steps}
    kept -= set(_named(scenario, "--skip", skip))
    if not kept:
        raise SettingsError(f"No step of the scenario '{scenario.name}' is left.", where="--skip")
    _refuse_lost(scenario, kept)
    return replace(scenario, steps=tuple(step for step in scenario.steps if step.number in kept))


def with_faults(scenario: Scenario, faults: Iterable[str]) -> Scenario:
    """Return the scenario with further rules for faults; see ``faults.parse``.

    Raises:
        RequestError: one is no rule, or can never strike.
    """
    return replace(scenario, faults=(*scenario.faults, *map(parse, faults)))


def _named(scenario: Scenario, flag: str, words: Collection[str]) -> Iterator[int]:
    for word in words:
        found = [step.number for step in scenario.steps if word in (str(step.number), step.title)]
        if not found:
            raise _unknown(scenario, flag, word)
        yield from found


def _unknown(scenario: Scenario, flag: str, word: str) -> SettingsError:
    titles = sorted({step.title for step in scenario.steps})
    last = max(step.number for step in scenario.steps)
    return SettingsError(
        f"The scenario '{scenario.name}' has no step '{word}'.",
        where=f"{flag} {word}",
        cure=f"Its steps have the numbers 1 to {last}." if word.isdecimal() else nearest(word, titles),
    )


def _refuse_lost(scenario: Scenario, kept: set[int]) -> None:
    """Refuse to leave out what captures a value that is needed later."""
    there: set[str] = set()
    lost: dict[str, ActionStep | WaitStep] = {}
    for step in scenario.steps:
        captured = [capture.name for capture in step.captures]
        if step.number not in kept:
            lost |= dict.fromkeys(captured, step)
            continue
        for name in _references(step):
            if name in lost and name not in there:
                raise _needed(scenario, lost[name], step, name)
        there.update(captured)


def _needed(
    scenario: Scenario, skipped: ActionStep | WaitStep, step: ActionStep | WaitStep, name: str
) -> SettingsError:
    return SettingsError(
        f"Step {skipped.number} ({skipped.title}) cannot be left out: it captures '{name}', "
        f"which step {step.number} ({step.title}) needs.",
        where=scenario.source,
        cure="Keep the one, or leave out the other too.",
    )


def _references(step: ActionStep | WaitStep) -> Iterator[str]:
    expectations = [step.expectation, *([step.eventually] if step.eventually else [])]
    rules = chain.from_iterable(expectation.matchers() for expectation in expectations)
    compared = chain.from_iterable(map(values, rules))
    given = step.arguments.values() if isinstance(step, ActionStep) else ()
    texts = (value for value in chain(given, compared) if isinstance(value, str))
    yield from (reference.name for text in texts for reference in references(text))
