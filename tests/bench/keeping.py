"""What `serve --data` costs: answers a second with plants on disk, beside those in memory, in turns within one run."""

import sys
import tempfile
from pathlib import Path

from bench import serving as harness
from bench.processes import free_port, serving
from bench.tables import keep, shown, spread, table, with_spread

CASES = tuple(case for case in harness.CASES if case.name in ("read at 32", "create at 32"))


def main() -> None:
    """Measure, print the table, and keep it."""
    measured: harness.Measured = {}
    for _ in range(harness.ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            _measure("in memory", [], measured)
            _measure("on disk", ["--data", str(Path(folder) / "kept")], measured)
    rows = [_row(case.name, measured) for case in CASES]
    keep(
        "keeping", table(("answers a second", "in memory", "on disk", "ratio"), rows), {row[0]: row[1:] for row in rows}
    )


def _measure(name: str, flags: list[str], measured: harness.Measured) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "mock_ctrader", "serve", "--port", str(port), "--log-level", "error", *flags]
    with serving(command, f"{url}/_mock/health"):
        harness._load(name, url, harness._exchanges(url), CASES, measured)


def _row(case: str, measured: harness.Measured) -> tuple[str, str, str, str]:
    memory, disk = ([load.per_second for load in measured[name][case]] for name in ("in memory", "on disk"))
    ratios = [kept / plain for plain, kept in zip(memory, disk, strict=True)]
    low, middle, high = spread(ratios)
    return case, with_spread(memory), with_spread(disk), f"{middle:.2f} ({shown(low)}-{shown(high)})"
