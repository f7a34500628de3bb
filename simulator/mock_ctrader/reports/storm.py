"""The result of a storm for programs: a JSON document, and JUnit XML for a build server."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mock_ctrader.reports.lines import Letters
from mock_ctrader.storm import INVARIANTS
from mock_ctrader.storm.result import Case, Tally, by_invariant
from mock_ctrader.storm.turns import Turn

_LETTERS = Letters(unicode=True)


def document(tally: Tally, ids: Collection[str], seed: int, seconds: float, written: Iterable[str]) -> dict[str, Any]:
    """Return all that is known of a storm; ``written`` are the files of the small scenarios."""
    broken = by_invariant(tally.cases)
    return {
        "seed": seed,
        "seconds": round(seconds, 3),
        "journeys": len(tally.played),
        "exchanges": tally.exchanges,
        "screens": tally.screens,
        "struck": dict(sorted(tally.struck.items())),
        "invariants": [_invariant(name, broken.get(name, [])) for name in ids],
        "failed": [{"journey": one.turn.journey, "why": one.failure} for one in tally.findings],
        "scenarios": list(written),
    }


def junit(tally: Tally, ids: Collection[str]) -> str:
    """Write a case for each invariant, and one for each journey in which nothing was to go wrong."""
    root, broken = Element("testsuites", name="storm"), by_invariant(tally.cases)
    invariants = ((f"{name}: {INVARIANTS[name].sentence}", _told(broken.get(name, []))) for name in ids)
    calm = ((one.turn.scenario.name, one.failure) for one in tally.played if one.turn.is_calm)
    for suite, cases in (("invariants", list(invariants)), ("journeys", list(calm))):
        failures = sum(bool(why) for _, why in cases)
        element = SubElement(root, "testsuite", name=suite, tests=str(len(cases)), failures=str(failures))
        for name, why in cases:
            case = SubElement(element, "testcase", classname=f"storm.{suite}", name=_LETTERS.clean(name))
            if why:
                SubElement(case, "failure", message=_LETTERS.clean(why))
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def lines(tally: Tally, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what a person reads of it, each line with its role."""
    stormy = sum(not one.turn.is_calm for one in tally.played)
    counted = f"{tally.exchanges} exchanges, {tally.screens} screens"
    yield f"{len(tally.played)} journeys, {stormy} of them with faults: {counted}.", ""
    struck = ", ".join(f"{name} {count}" for name, count in sorted(tally.struck.items()))
    yield f"Faults that struck: {struck or 'none'}.", "dim"
    broken = by_invariant(tally.cases)
    for name in ids:
        if name in broken:
            yield f"{name}: BROKEN {_often(broken[name])}. {INVARIANTS[name].sentence}", "failed"
            yield broken[name][0].told, "failed"
    for one in tally.findings:
        yield f"{one.turn.journey}: FAILED though nothing went wrong: {one.failure}", "failed"
    held = [name for name in ids if name not in broken]
    yield f"{len(held)} of {len(ids)} invariants hold" + (f": {', '.join(held)}." if held else "."), "ok"


def _invariant(name: str, cases: list[Case]) -> dict[str, Any]:
    known = INVARIANTS[name]
    return {
        "id": name,
        "sentence": known.sentence,
        "section": known.section,
        "provenance": known.provenance.value,
        "holds": not cases,
        "cases": [{"told": case.told, "journeys": [_turn(turn) for turn in case.turns]} for case in cases],
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {"number": turn.number, "journey": turn.journey, "faults": [str(rule) for rule in turn.scenario.faults]}


def _told(cases: list[Case]) -> str:
    return cases[0].told if cases else ""


def _often(cases: list[Case]) -> str:
    return "once" if len(cases) == 1 else f"{len(cases)} times"
