"""Speed and size, measured in one run on one machine and told as ratios: ``make bench``."""

import sys

from bench import harness, million

if __name__ == "__main__":
    chosen = sys.argv[1:] or ["million", "harness"]
    for name, part in (("million", million), ("harness", harness)):
        if name in chosen:
            part.main()
