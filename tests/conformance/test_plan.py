"""The list itself: what is on it, and choosing from it."""

import pytest

from mock_ctrader.conformance import model
from mock_ctrader.conformance.plan import CONDITIONS, PLAN, RULES_BY_CONDITION, applies, obstacle, select
from mock_ctrader.conformance.plan_functional import JOURNEYS
from mock_ctrader.errors import SettingsError
from mock_ctrader.runtime.conforming_journeys import scenario_of
from mock_ctrader.scenario import MODULES

VENDORS = {f"6.{group}.{number}" for group, last in ((1, 9), (2, 7), (3, 9)) for number in range(1, last + 1)}


def ids(*only: str) -> list[str]:
    return [test.id for test in select(only)]


@pytest.mark.parametrize("edition", ["2025", "2026"])
def test_the_list_is_the_vendors(edition: str) -> None:
    """Every number of the vendor's list is one test."""
    numbers = [test.numbers[edition] for test in PLAN if test.numbers]
    assert sorted(numbers) == sorted(VENDORS)


def test_ids_are_words_and_unique() -> None:
    """A condition is named once, behind the id of its test."""
    assert len(CONDITIONS) == sum(len(test.conditions) for test in PLAN)
    assert all(condition.id.startswith(f"{test.id}.") for test in PLAN for condition in test.conditions)
    assert all(test.id.startswith(f"{test.group}.") for test in PLAN)


def test_every_condition_says_where_it_stands() -> None:
    """No condition is without a section and a title."""
    assert all(condition.section and condition.title for condition in CONDITIONS.values())


def test_modules_and_journeys_are_known() -> None:
    """Tests need modules that there are; rules name journeys that can be played with those modules."""
    assert all(test.modules <= set(MODULES) for test in PLAN)
    for test in PLAN:
        for condition in test.conditions:
            if test.group is model.Group.FUNCTIONAL:
                for name in RULES_BY_CONDITION[condition.id].attempts:
                    assert scenario_of(JOURNEYS[name]).needs <= test.modules


def test_choosing_by_number_group_and_id() -> None:
    """A number stands for all below it; groups and ids go by their names; order and repetition do not matter."""
    assert ids("6.1.3") == ["api.verify"]
    assert ids("api") == [*ids("6.1"), "api.calls"]
    assert ids("functional.deposit", "6.1.1", "6.1.1") == ["api.crm-api-token", "functional.deposit"]
    assert ids() == [test.id for test in PLAN]
    assert "api.expiry" not in ids("6.2")
    assert ids("beyond.race") == ["beyond.race"]
    assert ids("beyond") == [test.id for test in PLAN if test.group is model.Group.BEYOND]


def test_a_test_that_is_not_there() -> None:
    """What is no test is named, with what was probably meant."""
    with pytest.raises(SettingsError, match=r"no test 'api.verfy'. Did you mean 'api.verify'"):
        select(["api.verfy"])


def test_what_is_not_for_a_crm() -> None:
    """A test is not for a CRM without its module, nor for an edition without it."""
    verify, calls = select(["api.verify"])[0], select(["api.calls"])[0]
    assert obstacle(verify, "2026", ["deposit"]) == "the CRM has no sso"
    assert obstacle(verify, "2023", MODULES) == "edition 2023 has no such test"
    assert obstacle(verify, "2025", MODULES) == ""
    assert obstacle(calls, "2023", MODULES) == ""
    assert obstacle(select(["beyond.logout"])[0], "2023", MODULES) == "edition 2023 does not ask for it"
    assert applies(CONDITIONS["api.exchange.valid"], "2023")
    assert not applies(CONDITIONS["api.exchange.user-number"], "2023")


def test_a_number_of_an_edition_that_alone_has_it() -> None:
    """What only the first edition numbers can be chosen by that number."""
    only = model.Test(id="api.old", numbers={"2023": "6.4"}, group=model.Group.API, title="", conditions=())
    assert select(["6.4"], [only]) == (only,)
