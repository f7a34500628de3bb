"""Unit costs for the plan: processor time, which load from others lengthens little, memory, and bytes on disk."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import nginx
from bench.journeys import least_crm
from bench.nginx import load, spent
from bench.ours import ADMIN_TOKEN, JSON, Serving, exchanges, served
from bench.processes import LOAD_CORE, pinned, resident, worked
from bench.settings import PLANTS, ROUNDS, SECONDS, TRADERS

AT_ONCE = 50
AGAIN = 10
"""Logins of a longer journey, beside those of the shorter."""
_STEPS = """
scenario: {name}
purpose: A trader signs up, opens an account, and logs in again and again.
follows: edition 2025, flows 5.3 and 5.4
actors:
  trader: {{platform: iOS, keep_logged_in: false}}
steps:
  - do: launch
  - do: sign up
    expect: {{calls: [create_user]}}
  - do: open account
    with: {{currency: EUR}}
    expect: {{calls: [create_trader, link_trader, exchange_ot_token], session: open}}
  - do: close
"""
_LOGIN = """
  - do: launch
    expect: {screen: {kind: login}}
  - do: log in
    expect: {calls: [exchange_ot_token], session: open}
  - do: close
"""
_PLENTY = "journal_capacity = 10_000_000\n"


def measure() -> Mapping[str, list[float]]:
    """Return every cost, as often as there are rounds; what takes long is measured once."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for part in (_calls, _kept, _front, _journal, _logins):
            for name, value in part().items():
                found.setdefault(name, []).append(value)
    for name, value in {**_plants(), **_traders()}.items():
        found[name] = [value]
    return found


def _calls() -> dict[str, float]:
    with served() as simulator:
        begun = resident(simulator.process.pid) * 1e6
        made = exchanges(simulator, JSON)
        taken: dict[str, float] = {}
        for name in ("read", "create"):
            load(simulator.url, made[name], seconds=1)
            (taken[name],) = spent(simulator.url, made[name], [simulator.process.pid])
    return {**taken, "process_memory": begun}


def _kept() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        with served("--data", folder) as simulator:
            read = exchanges(simulator, JSON)["read"]
            count = load(simulator.url, read, seconds=1).count
            before = worked(simulator.process.pid)
            more = load(simulator.url, read, seconds=SECONDS).count
            taken = (worked(simulator.process.pid) - before) / more * 1e6
        size = sum(file.stat().st_size for file in Path(folder).iterdir())  # ended, so that all is in the one file
    return {"read_kept": taken, "entry_disk": size / (count + more)}


def _front() -> dict[str, float]:
    return {"nginx": nginx.one_round()[nginx.NGINX]}


def _journal() -> dict[str, float]:
    """Measure what entries hold where none is dropped, once the process has what it needs besides."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "plenty.toml")
        file.write_text(_PLENTY)
        with served("--config", str(file)) as simulator:
            read = exchanges(simulator, JSON)["read"]
            load(simulator.url, read, seconds=1)
            before = resident(simulator.process.pid)
            count = load(simulator.url, read, seconds=SECONDS).count
            return {"entry_memory": (resident(simulator.process.pid) - before) * 1e6 / count}


def _plants() -> dict[str, float]:
    with served() as simulator:
        with _grown(simulator) as grown:
            for number in range(PLANTS):
                simulator.administer("plants", {"name": f"p{number}"})
        return {"plant": grown.worked / PLANTS, "plant_memory": grown.held / PLANTS}


def _traders() -> dict[str, float]:
    with served() as simulator:
        with _grown(simulator) as grown:
            simulator.administer("plants/sandbox/traders", {"count": TRADERS})
        return {"trader": grown.worked / TRADERS, "trader_memory": grown.held / TRADERS}


@dataclass
class _Grown:
    """Microseconds and bytes that a process took for something."""

    worked: float = 0.0
    held: float = 0.0


@contextmanager
def _grown(simulator: Serving) -> Generator[_Grown]:
    pid, grown = simulator.process.pid, _Grown()
    worked_before, held_before = worked(pid), resident(pid)
    yield grown
    grown.worked = (worked(pid) - worked_before) * 1e6
    grown.held = (resident(pid) - held_before) * 1e6


def _logins() -> dict[str, float]:
    """Play journeys with few logins and with many: the difference is what logins cost, and nothing else."""
    with served() as simulator, tempfile.TemporaryDirectory() as name, least_crm(0, simulator.url) as crm:
        folder = Path(name)
        (folder / "few.yaml").write_text(_STEPS.format(name="few"))
        (folder / "many.yaml").write_text(_STEPS.format(name="many") + AGAIN * _LOGIN)
        few, many = (_journey(simulator, crm, folder, f"{which}.yaml") for which in ("few", "many"))
    found = {what: (many[what] - few[what]) / AGAIN * 1e6 for what in ("login", "asked", "crm")}
    return {**found, "worker_memory": many["worker_memory"]}


def _journey(simulator: Serving, crm: Serving, folder: Path, scenario: str) -> dict[str, float]:
    """Return the seconds that everybody works for one journey: a short and a long load, less what a start costs."""
    short, long = (_load(simulator, crm, folder, scenario, seconds) for seconds in (SECONDS, 3 * SECONDS))
    count = long["count"] - short["count"]
    return {
        **{what: (long[what] - short[what]) / count for what in ("login", "asked", "crm")},
        "worker_memory": long["worker_memory"],
    }


def _load(simulator: Serving, crm: Serving, folder: Path, scenario: str, seconds: float) -> dict[str, float]:
    """Play with ``mock-ctrader load``; return how many journeys came of it, and the seconds that everybody worked."""
    command = [*pinned(LOAD_CORE), sys.executable, "-m", "mock_ctrader", "load", "--crm", crm.url]
    command += ["--scenario", scenario, "--users", str(AT_ONCE)]
    command += ["--spawn-rate", "1000", "--think", "0s", "--time", f"{seconds:g}s", "--report", "report"]
    command += ["--server", simulator.url, "--admin-token", ADMIN_TOKEN]
    before = [0.0, worked(simulator.process.pid), worked(crm.process.pid)]
    own, held = _ended(command, folder)
    after = [own, worked(simulator.process.pid), worked(crm.process.pid)]
    played = json.loads((folder / "report" / "load.json").read_text())["journeys"]
    taken = [end - start for start, end in zip(before, after, strict=True)]
    count = sum(one["count"] for one in played)
    return {"count": count, "worker_memory": held, **dict(zip(("login", "asked", "crm"), taken, strict=True))}


def _ended(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Run a program; return the seconds that it worked, and the bytes that the largest of its processes had."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"`mock-ctrader load` ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
