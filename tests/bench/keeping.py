"""What `serve --data` costs: answers a second with plants on disk, beside those in memory, in turns within one run."""

import tempfile
from pathlib import Path

from bench import serving
from bench.comparing import compare
from bench.ours import JSON, exchanges, served
from bench.serving import AT_32, Measured
from bench.settings import OURS, ROUNDS

MEMORY, DISK = "in memory", f"{OURS}, on disk"


def main() -> None:
    """Measure, print the table, and keep it."""
    measured: Measured = {}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            _measure(MEMORY, [], measured)
            _measure(DISK, ["--data", str(Path(folder) / "kept")], measured)
    compare("keeping", "Answers a second with the journal on disk", measured, DISK, MEMORY)


def _measure(name: str, flags: list[str], measured: Measured) -> None:
    with served(*flags) as simulator:
        serving.put_load(name, simulator.url, exchanges(simulator, JSON), AT_32, measured)
        serving.check_recorded(simulator, measured[name])
