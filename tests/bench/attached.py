"""What a dashboard that looks on costs: answers a second with a reader of its events, beside those without one."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from bench import serving
from bench.comparing import compare
from bench.ours import ADMIN_TOKEN, JSON, Serving, exchanges, served
from bench.processes import HERE, LOAD_CORE, running
from bench.serving import AT_32, Measured
from bench.settings import OURS, ROUNDS

ALONE, ATTACHED = "without", f"{OURS}, a dashboard attached"


def main() -> None:
    """Measure in turns, print the table, and keep it."""
    measured: Measured = {}
    heard: list[int] = []
    for _ in range(ROUNDS):
        with served() as simulator:
            serving.put_load(ALONE, simulator.url, exchanges(simulator, JSON), AT_32, measured)
        with served() as simulator:
            asked = exchanges(simulator, JSON)
            with _listening(simulator) as heard_now:
                serving.put_load(ATTACHED, simulator.url, asked, AT_32, measured)
            heard += heard_now
    note = f"The reader was told of {min(heard):,} exchanges in the round that told it of the fewest."
    compare("attached", "Answers a second with a dashboard attached", measured, ATTACHED, ALONE, note)


@contextmanager
def _listening(simulator: Serving) -> Generator[list[int]]:
    """Read the events of the plant as a dashboard does, from the core of the load; then tell of how many exchanges.

    Raises:
        RuntimeError: the reader heard of none.
    """
    heard: list[int] = []
    command = [sys.executable, str(HERE / "listener.py"), simulator.url, ADMIN_TOKEN]
    with running(command, core=LOAD_CORE) as process:
        yield heard
        said = process.stop()
    if not said.strip().isdigit() or said.strip() == "0":
        raise RuntimeError(f"the reader of events heard nothing: {said[-200:]}")
    heard.append(int(said))
