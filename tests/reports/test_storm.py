"""The result of a storm for programs and people."""

from collections import Counter
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.reports.storm import document, junit, lines
from mock_ctrader.scenario import load
from mock_ctrader.storm import INVARIANTS, Turn
from mock_ctrader.storm.result import Case, Played, Tally

IDS = ("paid-once", "no-crash")
TEXT = "scenario: 1-deposit\npurpose: p\nfaults: [lost-answer]\nactors: {trader: }\nsteps: [do: launch]\n"


def turn(*, is_calm: bool) -> Turn:
    scenario = load(TEXT, source="s.yaml", endpoints=ENDPOINTS)
    return Turn(number=1, journey="deposit", scenario=scenario, is_calm=is_calm)


@pytest.fixture
def tally() -> Tally:
    """A storm in which one invariant was broken twice, and a calm journey failed."""
    case = Case(INVARIANTS["paid-once"], "the balance was changed twice", (turn(is_calm=False),), ())
    played = [Played(turn(is_calm=False), True, ""), Played(turn(is_calm=True), False, "step 1 failed")]
    return Tally(played, [case, case], Counter({"lost-answer": 3}), 12, 5)


def test_a_document_holds_all_of_it(tally: Tally) -> None:
    """Cases name their journeys with what struck them."""
    told: dict[str, Any] = document(tally, IDS, 7, 1.23456, ["small.yaml"])
    broken, held = told.pop("invariants")
    assert told == {
        "seed": 7,
        "seconds": 1.235,
        "journeys": 2,
        "exchanges": 12,
        "screens": 5,
        "struck": {"lost-answer": 3},
        "failed": [{"journey": "deposit", "why": "step 1 failed"}],
        "scenarios": ["small.yaml"],
    }
    journeys = [{"number": 1, "journey": "deposit", "faults": ["lost-answer"]}]
    assert broken["cases"][0] == {"told": "the balance was changed twice", "journeys": journeys}
    assert (broken["id"], broken["holds"], held["id"], held["holds"]) == ("paid-once", False, "no-crash", True)


def test_a_build_server_sees_invariants_and_calm_journeys(tally: Tally) -> None:
    """What was struck may fail, and is no test case."""
    root = fromstring(junit(tally, IDS))
    told = {suite.get("name"): (suite.get("tests"), suite.get("failures")) for suite in root}
    assert told == {"invariants": ("2", "1"), "journeys": ("1", "1")}
    assert [failure.get("message") for failure in root.iter("failure")] == [
        "the balance was changed twice",
        "step 1 failed",
    ]


def test_a_person_reads_what_is_broken_and_what_holds(tally: Tally) -> None:
    """In a few lines."""
    told = [text for text, _ in lines(tally, IDS)]
    assert told == [
        "2 journeys, 1 of them with faults: 12 exchanges, 5 screens.",
        "Faults that struck: lost-answer 3.",
        f"paid-once: BROKEN 2 times. {INVARIANTS['paid-once'].sentence}",
        "the balance was changed twice",
        "deposit: FAILED though nothing went wrong: step 1 failed",
        "1 of 2 invariants hold: no-crash.",
    ]


def test_nothing_that_holds_and_nothing_that_struck(tally: Tally) -> None:
    """Said as it is."""
    tally.cases.pop()
    tally.struck.clear()
    told = [text for text, _ in lines(tally, IDS[:1])]
    assert told[1] == "Faults that struck: none."
    assert told[2].startswith("paid-once: BROKEN once.")
    assert told[-1] == "0 of 1 invariants hold."
