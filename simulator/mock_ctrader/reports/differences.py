"""Differences between recordings, for a terminal."""

import json
from collections import Counter
from collections.abc import Iterable

from mock_ctrader.journal.comparing import Comparison, Deviation, Kind
from mock_ctrader.journal.drifts import Drifts
from mock_ctrader.journal.fields import Scalar
from mock_ctrader.journal.recording import Exchange
from mock_ctrader.reports.lines import Letters, Line, Role, Span
from mock_ctrader.wire import Provenance

ABSENT = "(not there)"


def shown_exchange(exchange: Exchange) -> str:
    """Name an exchange as a person finds it again: ``step 2 sign up, create_user``."""
    request, step = exchange.request, exchange.step
    what = exchange.endpoint or (f"{request.method} {request.url.partition('?')[0]}" if request else "unmatched")
    where = f"step {step.number} {step.name}, " if step.number else f"exchange {exchange.number}, "
    return where + what


def shown_value(value: Scalar) -> str:
    """Write a value as JSON has it: a text in quotes is told from a number."""
    return json.dumps(value, ensure_ascii=False)


def difference_lines(found: Iterable[Deviation], *, width: int, unicode: bool) -> list[Line]:
    """Return a line for each exchange that differs, and below it one for each field."""
    letters, lines, last = Letters(unicode), list[Line](), None
    for one in found:
        if one.exchange is not last:
            last = one.exchange
            lines.append((Span(letters.shorten(shown_exchange(one.exchange), width), "endpoint"),))
        lines += letters.wrapped(_said(one, letters), width, indent=2, role="violation")
    return lines


def _said(one: Deviation, letters: Letters) -> str:
    if one.kind is Kind.MOVED:
        return "came in another order"
    if not one.field:
        return "did not come" if one.kind is Kind.MISSING else "came in addition"
    before = ABSENT if one.kind is Kind.NEW else _short(one.before, letters)
    after = ABSENT if one.kind is Kind.MISSING else _short(one.after, letters)
    return f"{one.field}: {before} {letters.arrow} {after}"


LONGEST = 200
"""Characters of a value that are shown."""


def _short(value: Scalar, letters: Letters) -> str:
    return letters.shorten(shown_value(value), LONGEST)


def summed_up(comparison: Comparison) -> str:
    """Return the one line at the end: how many exchanges were compared, how many differences there are."""
    count = len(comparison.deviations)
    found = {0: "no differences", 1: "1 difference"}.get(count, f"{count} differences")
    besides = comparison.consequences
    tail = f" {besides} more came or stayed away on the side that is not judged." if besides else ""
    return f"{comparison.compared} exchanges compared: {found}.{tail}"


def drift_lines(found: Drifts, *, width: int, unicode: bool) -> list[Line]:
    """Return where the simulator would have answered otherwise, and below it what could not be compared."""
    letters, lines, last = Letters(unicode), list[Line](), None
    for one in found.drifts:
        exchange = one.deviation.exchange
        if exchange is not last:
            last = exchange
            lines.append((Span(letters.shorten(shown_exchange(exchange), width), "endpoint"),))
        role: Role = "note" if one.provenance is Provenance.ASSUMED else "violation"
        said = f"{_said(one.deviation, letters)} [{one.provenance}; {one.section}]"
        lines += letters.wrapped(said, width, indent=2, role=role)
    for left_out in found.incomparable:
        said = f"not comparable: {shown_exchange(left_out.exchange)}: {left_out.why}"
        lines += letters.wrapped(said, width, indent=0, role="dim")
    return lines


def drift_summed_up(found: Drifts) -> str:
    """Return the one line at the end."""
    counted = Counter(str(one.provenance) for one in found.drifts)
    how = ", ".join(f"{count} {provenance}" for provenance, count in sorted(counted.items()))
    fields = f"{len(found.drifts)} fields otherwise ({how})" if found.drifts else "no drift"
    return f"{found.compared} calls compared, {len(found.incomparable)} not comparable: {fields}."
