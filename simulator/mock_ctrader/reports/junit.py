"""The result of the conformance list as JUnit XML: a suite for each group, a case for each condition."""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mock_ctrader.conformance.model import Condition, Finding, Group, Report, Test, Verdict, is_held_against
from mock_ctrader.reports.lines import Letters
from mock_ctrader.timing import iso

_PASSES = (Verdict.PASS, Verdict.WARNING)
_LETTERS = Letters(unicode=True)


def junit(report: Report) -> str:
    """Write a report for a build server. What failed and is accepted, and what was not tried, is "skipped" there."""
    root = Element("testsuites", name="conformance")
    for group in Group:
        cases = [(test, *pair) for test in report.tests if test.group is group for pair in report.of(test)]
        if cases:
            _suite(root, group, cases, iso(report.started)[:19])
    if report.problems:
        _baseline(root, report.problems)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, group: Group, cases: list[tuple[Test, Condition, Finding]], started: str) -> None:
    outcome = Counter(_outcome(finding) for _, _, finding in cases)
    suite = SubElement(root, "testsuite", name=group.value, timestamp=started, tests=str(len(cases)))
    suite.attrib |= {name: str(outcome[name]) for name in ("failure", "skipped")}
    suite.attrib["failures"] = suite.attrib.pop("failure")
    for test, condition, finding in cases:
        case = SubElement(suite, "testcase", classname=test.id, name=f"{condition.id}: {condition.title}")
        case.set("time", f"{finding.seconds:.3f}")
        if outcome_of := _outcome(finding):
            message = _LETTERS.clean(" ".join(_told(finding)))
            SubElement(case, outcome_of, message=message).text = f"{condition.provenance}, {condition.section}"


def _outcome(finding: Finding) -> str:
    if is_held_against(finding):
        return "failure"
    return "" if finding.verdict in _PASSES else "skipped"


def _told(finding: Finding) -> Iterator[str]:
    yield f"{'accepted' if finding.accepted else finding.verdict.value}:"
    yield from (part for part in (finding.accepted, finding.detail) if part)


def _baseline(root: Element, problems: tuple[str, ...]) -> None:
    suite = SubElement(root, "testsuite", name="baseline", tests=str(len(problems)), failures=str(len(problems)))
    for problem in problems:
        case = SubElement(suite, "testcase", classname="baseline", name=_LETTERS.clean(problem))
        SubElement(case, "failure", message=_LETTERS.clean(problem))
