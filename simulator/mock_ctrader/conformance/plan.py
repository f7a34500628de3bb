"""The whole list, and choosing from it."""

from collections.abc import Collection, Sequence

from mock_ctrader.conformance.connections import CERTIFICATE, HTTPS
from mock_ctrader.conformance.design_plan import DESIGN
from mock_ctrader.conformance.model import Condition, Test
from mock_ctrader.conformance.plan_api import CALL_TESTS, RULES
from mock_ctrader.conformance.plan_beyond import BEYOND, BEYOND_JOURNEYS, BEYOND_RULES
from mock_ctrader.conformance.plan_functional import FUNCTIONAL, FUNCTIONAL_RULES, JOURNEYS
from mock_ctrader.conformance.rules import by_condition
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import SettingsError, nearest

API: tuple[Test, ...] = (*CALL_TESTS[:-1], HTTPS, CERTIFICATE, CALL_TESTS[-1])
PLAN: tuple[Test, ...] = (*API, *DESIGN, *FUNCTIONAL, *BEYOND)
"""In the order of the latest edition; what goes beyond the vendor's list comes last."""
PLAYINGS = {**JOURNEYS, **BEYOND_JOURNEYS}
"""Every journey that a condition is judged by."""
CONDITIONS = {condition.id: condition for test in PLAN for condition in test.conditions}
RULES_BY_CONDITION = by_condition((*RULES, *FUNCTIONAL_RULES, *BEYOND_RULES))
"""How the conditions of calls and journeys are judged."""


def select(only: Sequence[str] = (), plan: Sequence[Test] = PLAN) -> tuple[Test, ...]:
    """Return the tests that are meant: by number (``6.1``, ``6.1.3``), group (``api``) or id; all, if none is named.

    Raises:
        SettingsError: something that is named is no test.
    """
    for name in only:
        if not any(_is_meant(name, test) for test in plan):
            cure = nearest(name, sorted({*(test.id for test in plan), *(test.group.value for test in plan)}))
            raise SettingsError(f"there is no test '{name}'.", where="--only", cure=cure)
    return tuple(test for test in plan if not only or any(_is_meant(name, test) for name in only))


def _is_meant(name: str, test: Test) -> bool:
    wanted = name.strip().lower()
    if wanted in (test.group.value, test.id):
        return True
    numbers = [number for edition, number in test.numbers.items() if edition != "2023"] or [*test.numbers.values()]
    return any(number == wanted or number.startswith(f"{wanted}.") for number in numbers)


def obstacle(test: Test, edition: EditionName, modules: Collection[str]) -> str:
    """Tell why a test is not for this CRM; blank where it is."""
    missing = sorted(test.modules.difference(modules))
    if missing:
        return f"the CRM has no {', '.join(missing)}"
    if test.numbers and edition not in test.numbers:
        return f"edition {edition} has no such test"
    if not any(applies(condition, edition) for condition in test.conditions):
        return f"edition {edition} does not ask for it"
    return ""


def applies(condition: Condition, edition: EditionName) -> bool:
    """Tell whether a condition is for an edition."""
    return edition in condition.editions
