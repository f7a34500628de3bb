"""Two hundred kills under load, counted: ``make crash-test``."""

import asyncio
import sys
import tempfile
from pathlib import Path

from crash.killing import Found, campaign

LANES = 2
LONGEST = 280.0
"""Seconds: a slow machine makes fewer kills, and is told so."""


async def _all(folder: Path, kills: int) -> list[Found]:
    lanes = [campaign(folder / str(lane), kills // LANES, seed=lane + 1, within=LONGEST) for lane in range(LANES)]
    return await asyncio.gather(*lanes)


def main() -> int:
    """Run, print the counts, and say whether all is well."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_all(Path(folder), kills))
    for lane in found:
        print(lane)  # noqa: T201
    made = sum(lane.kills for lane in found)
    if made < kills:
        print(f"Only {made} of {kills} kills in {LONGEST:g} seconds: this machine is busy.")  # noqa: T201
    return 0 if all(lane.is_well for lane in found) and made else 1


if __name__ == "__main__":
    sys.exit(main())
