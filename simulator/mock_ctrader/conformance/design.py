"""The verdicts of the design tests: from what browsers saw to findings."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from mock_ctrader.conformance.design_checks import Check, checks
from mock_ctrader.conformance.design_languages import Fault
from mock_ctrader.conformance.design_plan import CONDITIONS
from mock_ctrader.conformance.design_seen import Seen
from mock_ctrader.conformance.design_visits import ENGLISH, UNKNOWN, Subject, Visit, visits_of
from mock_ctrader.conformance.model import Finding, Verdict

RESET: Final = "design.reset-password.control"
OTHER_BROWSERS: Final[Mapping[str, str]] = {
    "firefox": "design.browsers.firefox",
    "webkit": "design.browsers.webkit",
}
"""Browsers beside Chromium, as Playwright calls them, and their conditions."""
FOR_PEOPLE: Final[Mapping[str, str]] = {
    "design.browsers.legal-entities": "Only a person knows which legal entities are the right ones; see the pictures.",
    "design.browsers.tidy": "Only a person can tell what is needless; see the pictures.",
}
_NO_SCREEN: Final = "The profile has no such screen."
_LANGUAGES: Final = frozenset({"design.language.other", "design.language-and-theme.both"})
_MOST_TOLD: Final = 4
_MOST_PICTURES: Final = 12
_EXAMPLES: Final = 4
"""Pictures and entries of what is right; the others are in the journal, and on the contact sheet."""


def all_skipped(reason: str, only: Collection[str] = ()) -> list[Finding]:
    """Return the findings where no browser can be used: nothing is passed that was not seen."""
    return [Finding(condition=one, verdict=Verdict.SKIPPED, detail=reason) for one in CONDITIONS if is_in(one, only)]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the plan's order."""
    places = list(CONDITIONS)
    return sorted(findings, key=lambda finding: places.index(finding.condition))


def wanted(visits: Iterable[Visit], origin: str, only: Collection[str] = ()) -> list[Visit]:
    """Return the looks that some conditions need; all conditions if none is named."""
    needed = [check for condition, check in checks(origin).items() if is_in(condition, only)]
    for_people = any(is_in(condition, only) for condition in FOR_PEOPLE)
    return [visit for visit in visits if for_people or any(check.wants(visit) for check in needed)]


def judge(
    looks: Sequence[Seen],
    origin: str,
    *,
    unseen: Mapping[Subject, str],
    languages: Sequence[str],
    only: Collection[str] = (),
    strict: bool = False,
) -> Iterator[Finding]:
    """Judge all conditions that Chromium alone decides.

    ``unseen`` are the screens that could not be looked at, and why; ``languages`` are those that the CRM was found
    to speak beside English; ``strict`` counts what is only inferred, too.
    """
    for condition, check in checks(origin).items():
        if not is_in(condition, only):
            continue
        if condition in _LANGUAGES and not languages:
            what = "No language but one was found; the vendor asks for several, and does not insist."
            yield Finding(condition=condition, verdict=Verdict.WARNING, detail=what)
        else:
            yield _judged(condition, check, looks, unseen, strict=strict)
    for condition, what in FOR_PEOPLE.items():
        if is_in(condition, only):
            pictures = _pictures(seen for seen in looks if _is_plain(seen.visit))
            yield Finding(condition=condition, verdict=Verdict.NEEDS_A_PERSON, detail=what, screenshots=pictures)


def judge_reset(problem: str, *, strict: bool = False, picture: str = "", entry: int = 0) -> Finding:
    """Judge the control for a new password by what came of using it."""
    verdict = CONDITIONS[RESET].unmet(strict=strict) if problem else Verdict.PASS
    detail = problem or "It leads to a form that takes an e-mail."
    return Finding(
        condition=RESET,
        verdict=verdict,
        detail=detail,
        screenshots=(picture,) if picture else (),
        evidence=(entry,) if entry else (),
    )


def no_reset() -> Finding:
    """Return the finding of the control for a new password where there is no login screen."""
    return Finding(condition=RESET, verdict=Verdict.NOT_APPLICABLE, detail=_NO_SCREEN)


def judge_browser(name: str, looks: Sequence[Seen], *, strict: bool = False) -> Finding:
    """Judge how the screens fared in a browser beside Chromium."""
    condition = OTHER_BROWSERS[name]
    return _judged(condition, checks("")["design.browsers.chromium"], looks, {}, strict=strict)


def _judged(
    condition: str, check: Check, looks: Sequence[Seen], unseen: Mapping[Subject, str], *, strict: bool
) -> Finding:
    all_of_them = [seen for seen in looks if check.wants(seen.visit)]
    open_ones = [seen for seen in all_of_them if check.of_unopened or not seen.problem]
    faults = [fault for subject in _subjects(open_ones) for fault in check.faults(_of(open_ones, subject))]
    missing = [subject for subject in unseen if any(check.wants(one) for one in visits_of(subject, ()))]
    if faults:
        return _found(condition, CONDITIONS[condition].unmet(strict=strict), _told(faults), [one for one, _ in faults])
    if missing:
        names = ", ".join(subject.name for subject in missing)
        return _found(condition, Verdict.SKIPPED, f"Not seen: {names}. {unseen[missing[0]]}", open_ones)
    if not open_ones:
        is_none = not all_of_them
        what = _NO_SCREEN if is_none else "No screen could be opened."
        return _found(condition, Verdict.NOT_APPLICABLE if is_none else Verdict.SKIPPED, what, all_of_them)
    count = len(open_ones)
    detail = f"Held in {count} look{'' if count == 1 else 's'} at {_count_of_screens(open_ones)}."
    return _found(condition, Verdict.PASS, detail, open_ones)


def _found(condition: str, verdict: Verdict, detail: str, looks: Iterable[Seen]) -> Finding:
    shown = list(dict.fromkeys(looks))
    most = _EXAMPLES if verdict is Verdict.PASS else _MOST_PICTURES
    return Finding(
        condition=condition,
        verdict=verdict,
        detail=detail,
        screenshots=_pictures(shown)[:most],
        evidence=tuple(seen.entry for seen in shown if seen.entry)[:most],
        seconds=max((seen.page.seconds for seen in shown), default=0.0),
    )


def _told(faults: Sequence[Fault]) -> str:
    """Say what is wrong where, the same fault of many looks once."""
    by_fault: dict[str, list[Seen]] = {}
    for seen, what in faults:
        by_fault.setdefault(what, []).append(seen)
    told = [f"{_where(looks)}: {what}" for what, looks in by_fault.items()]
    more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    return "; ".join(told[:_MOST_TOLD]) + more + "."


def _where(looks: Sequence[Seen]) -> str:
    more = f" and {len(looks) - 1} more" if len(looks) > 1 else ""
    return f"{looks[0].visit}{more}"


def _subjects(looks: Iterable[Seen]) -> list[Subject]:
    return list(dict.fromkeys(seen.visit.subject for seen in looks))


def _of(looks: Iterable[Seen], subject: Subject) -> list[Seen]:
    return [seen for seen in looks if seen.visit.subject == subject]


def _count_of_screens(looks: Iterable[Seen]) -> str:
    count = len(_subjects(looks))
    return f"{count} screen{'' if count == 1 else 's'}"


def _pictures(looks: Iterable[Seen]) -> tuple[str, ...]:
    return tuple(seen.picture for seen in looks if seen.picture)[:_MOST_PICTURES]


def _is_plain(visit: Visit) -> bool:
    return visit.language in (ENGLISH, UNKNOWN) and not visit.is_slow


def is_in(condition: str, only: Collection[str] = ()) -> bool:
    """Tell whether a condition is one of those that are meant, by its id or its test's; all are, if none is named."""
    return not only or any(condition == one or condition.startswith(f"{one}.") for one in only)
