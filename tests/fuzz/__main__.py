"""Fuzzes every reader for a while: ``python -m fuzz --minutes 10``, in the folder above, or ``make fuzz``.

With atheris, coverage leads the way; without it, kept inputs are changed at random. What breaks a reader is kept in the
corpus, so that the tests play it from then on.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from random import Random

from fuzz.mutating import CORPUS, MOST, kept, mutated


def main() -> int:
    """Fuzz one target, or each for an equal share of the time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--target")
    asked = parser.parse_args()
    if asked.target:
        return _guided(asked.target, asked.minutes * 60) if _has_atheris() else _blind(asked.target, asked.minutes * 60)
    from fuzz.targets import TARGETS

    _say(f"{len(TARGETS)} readers, {asked.minutes:g} minutes, {'by coverage' if _has_atheris() else 'at random'}")
    share = asked.minutes / len(TARGETS)
    return max(_apart(target, share) for target in TARGETS)


def _apart(target: str, minutes: float) -> int:
    """Fuzz in a process of its own: coverage's engine ends it, whatever happens."""
    command = [sys.executable, "-m", "fuzz", "--target", target, "--minutes", str(minutes)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    said = [line for line in (ended.stdout + ended.stderr).splitlines() if "DONE" in line or " inputs" in line]
    _say(f"{target:<10} {'broken' if ended.returncode else 'sound':<7} {said[-1].strip() if said else ''}")
    if ended.returncode:
        _say(ended.stdout[-2000:] + ended.stderr[-4000:])
    return int(ended.returncode != 0)


def _has_atheris() -> bool:
    return find_spec("atheris") is not None


def _guided(name: str, seconds: float) -> int:
    import atheris

    with atheris.instrument_imports(include=["mock_ctrader"]):
        from fuzz.targets import TARGETS

    def try_one(data: bytes) -> None:
        try:
            TARGETS[name](data)
        except Exception:
            _keep(name, data)
            raise

    # What coverage finds worth keeping on the way goes to a folder of its own: the corpus is kept small by hand.
    work = tempfile.mkdtemp(prefix="fuzz-")
    options = [f"-max_total_time={max(1, round(seconds))}", f"-max_len={MOST}", "-rss_limit_mb=2000", "-timeout=20"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={work}/", work, str(CORPUS / name)], try_one)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 0


def _blind(name: str, seconds: float) -> int:
    from fuzz.targets import TARGETS

    chance, count = Random(f"{name} {os.getpid()}"), 0
    seeds = [data for _, data in kept(name)]
    end = time.monotonic() + seconds  # noqa: TID251  # how long is fuzzed is the machine's time
    while time.monotonic() < end:  # noqa: TID251
        data, count = mutated(seeds, chance), count + 1
        try:
            TARGETS[name](data)
        except Exception:
            _keep(name, data)
            traceback.print_exc()
            return 1
    _say(f"{count} inputs")
    return 0


def _keep(name: str, data: bytes) -> None:
    file = Path(CORPUS / name / f"broke-{sha256(data).hexdigest()[:12]}")
    file.write_bytes(data)
    _say(f"kept as {file.relative_to(CORPUS.parent)}")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
