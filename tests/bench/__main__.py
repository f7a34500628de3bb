"""Speed and size, measured in one run on one machine and told as ratios: ``make bench``."""

import sys
from importlib import import_module

PARTS = ("starting", "serving", "logins", "journeys", "million", "harness", "crowd", "keeping")

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        if name not in PARTS:
            sys.exit(f"there is no part '{name}': known are {', '.join(PARTS)}")
        import_module(f"bench.{name}").main()
