"""`mock-ctrader load` on two workers beside one: journeys a second, and what the workers need of a processor for one.

The CRM is the least that one can be. CRM, simulator and workers share the cores of the machine: with fewer than four,
two workers take from each other, and from what they call, what one has for itself. How far they would get on cores of
their own is then told from the processor's time: it is the same for a journey, wherever it is spent.
"""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.journeys import least_crm
from bench.ours import ADMIN_TOKEN, served
from bench.plots import Panel
from bench.settings import OURS, ROUNDS, SECONDS
from bench.tables import bar, keep, ratios, table, with_spread

USERS, WORKERS = 50, (1, 2)
_ROUNDS = 3
"""At most: Locust and its workers take long to start."""
_SCENARIO = "automatic-relogin"


def main() -> None:
    """Measure, print the table, and keep it."""
    rates: dict[int, list[float]] = {count: [] for count in WORKERS}
    costs: dict[int, list[float]] = {count: [] for count in WORKERS}
    for _ in range(min(ROUNDS, _ROUNDS)):
        for count in WORKERS:
            with served() as simulator, least_crm(0, simulator.url) as crm:
                rate, cost = _loaded(crm.url, simulator.url, count)
            rates[count].append(rate)
            costs[count].append(cost)
    _report(rates, costs)


def _report(rates: dict[int, list[float]], costs: dict[int, list[float]]) -> None:
    straight = ratios(rates[2], rates[1])
    told = [2 * one for one in ratios(costs[1], costs[2])]
    rows = [[str(count), with_spread(rates[count]), with_spread(costs[count])] for count in WORKERS]
    rows.append(["two against one", with_spread(straight), f"{with_spread(told)}, each on a core of its own"])
    head = (
        "workers",
        f"journeys a second, {USERS} people",
        "ms of the processor for a journey, all processes of the load",
    )
    figures = {
        "two workers against one, on these cores": straight,
        "two workers against one, by processor time": told,
    }
    panels = [
        Panel(
            "Journeys a second, on these cores", [bar(f"{OURS}, {count} of them", rates[count]) for count in WORKERS]
        ),
        Panel(
            "Milliseconds of the processor for a journey",
            [bar(f"{OURS}, {count} of them", costs[count]) for count in WORKERS],
        ),
    ]
    data = {
        "rates": {str(count): found for count, found in rates.items()},
        "costs": {str(count): found for count, found in costs.items()},
    }
    keep("workers", table(head, rows), data, figures=figures, title="Workers of a load", panels=panels)


def _loaded(crm_url: str, server: str, workers: int) -> tuple[float, float]:
    """Play; return the journeys a second, and milliseconds of processor time for one.

    Raises:
        RuntimeError: a journey failed, or none was played.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mock_ctrader", "load", "--scenario", _SCENARIO, "--crm", crm_url]
        command += ["--server", server, "--admin-token", ADMIN_TOKEN, "--users", str(USERS), "--spawn-rate", str(USERS)]
        command += ["--time", f"{3 + 3 * SECONDS:g}s", "--think", "0s", "--processes", str(workers), "--report", folder]
        before = _used()
        ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=120)
        used = _used() - before
        file = Path(folder) / "load.json"
        if ended.returncode or not file.exists():
            raise RuntimeError(f"load ended with {ended.returncode}: {(ended.stdout + ended.stderr)[-600:]}")
        result = json.loads(file.read_text())
        count = sum(line["count"] for line in result["journeys"])
        return count / result["seconds"], used / count * 1000


def _used() -> float:
    """Return the processor's seconds that ended processes of ours have had."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
