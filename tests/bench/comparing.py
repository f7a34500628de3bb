"""Two ways to serve, measured in turns: a table of both and of their ratio."""

from dataclasses import asdict

from bench.plots import Panel
from bench.serving import AT_32, Measured, rates
from bench.settings import ROUNDS
from bench.tables import bar, keep, ratios, table, with_spread


def compare(part: str, title: str, measured: Measured, one: str, other: str, note: str = "") -> None:
    """Print what was measured of one way beside the other, and keep it."""
    cases = [case.name for case in AT_32]
    found = {case: ratios(rates(measured, one, case), rates(measured, other, case)) for case in cases}
    rows = [
        [
            case,
            with_spread(rates(measured, other, case)),
            with_spread(rates(measured, one, case)),
            with_spread(found[case]),
        ]
        for case in cases
    ]
    head = ("answers a second", other, one, "ratio")
    text = (
        f"Median of {ROUNDS} rounds (lowest-highest); server and load are pinned to a core each.\n\n{table(head, rows)}"
    )
    keep(
        part,
        f"{text}\n\n{note}" if note else text,
        {
            name: {case: [asdict(load) for load in loads] for case, loads in held.items()}
            for name, held in measured.items()
        },
        figures={f"{case}, ratio": values for case, values in found.items()},
        title=title,
        panels=[
            Panel(case.capitalize(), [bar(name, rates(measured, name, case)) for name in (one, other)])
            for case in cases
        ],
    )
