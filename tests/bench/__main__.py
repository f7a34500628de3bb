"""Speed and size, measured in one run on one machine and told as ratios: ``make bench``.

``python -m bench`` runs every part, ``python -m bench serving logins`` those; the page about all results is written at
the end. A part that fails is told, and the others go on.
"""

import os
import sys
import traceback
from importlib import import_module

PARTS = (
    *("starting", "serving", "pausing", "logins", "journeys", "where", "million", "plants", "harness", "crowd"),
    *("keeping", "attached", "flat", "workers", "nginx", "plan"),
)
"""All of them, in turn."""
ON_DEMAND = ("summary",)
"""What runs only if it is named: it measures nothing."""


def main() -> int:
    """Run what is named, or all; return the exit code."""
    from bench.processes import now

    chosen = sys.argv[1:] or [*os.environ.get("PARTS", "").split()] or list(PARTS)
    if unknown := [name for name in chosen if name not in (*PARTS, *ON_DEMAND)]:
        print(f"there is no part '{unknown[0]}': known are {', '.join((*PARTS, *ON_DEMAND))}", file=sys.stderr)  # noqa: T201
        return 2
    failed: list[str] = []
    for name in chosen:
        print(f"\n== {name}", flush=True)  # noqa: T201 - this is the benchmark's output
        start = now()
        try:
            import_module(f"bench.{name}").main()
        except Exception:  # the other parts go on, and the exit code tells
            traceback.print_exc()
            failed.append(name)
        print(f"\n({name}: {now() - start:.0f} s)", flush=True)  # noqa: T201
    if "summary" not in chosen:
        import_module("bench.summary").main()
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
