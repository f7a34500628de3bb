"""The load that is put on a server with wrk, from the core that the server is not on."""

import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.processes import LOAD_CORE, pinned

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """What came of one run of the load generator; times in milliseconds."""

    per_second: float
    p50: float
    p99: float
    longest: float
    count: int
    """Answers in all."""
    failed: int
    """Answers that were no 2xx, and connections that broke."""


@dataclass(frozen=True)
class Call:
    """One request, as wrk is to make it."""

    path: str
    method: str = "GET"
    body: bytes = b""


def wrk(
    url: str,
    calls: Sequence[Call],
    *,
    connections: int,
    seconds: float,
    headers: Mapping[str, str],
    random: bool = False,
) -> Load:
    """Make calls one after the other on each of some connections, or in any order, until the time is over.

    wrk counts in whole seconds: a part of one is a whole one.

    Raises:
        RuntimeError: wrk is not there, or said nothing that can be read.
    """
    program = shutil.which("wrk")
    if program is None:
        raise RuntimeError("wrk is not installed (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "load.lua")
        script.write_text(lua(calls, headers, random=random))
        options = ["-t1", f"-c{connections}", f"-d{max(1, math.ceil(seconds))}s", "--timeout", "10s", "--latency"]
        command = [*pinned(LOAD_CORE), program, *options, "-s", str(script), url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return parsed(done.stdout + done.stderr)


def lua(calls: Sequence[Call], headers: Mapping[str, str], *, random: bool = False) -> str:
    """Write the script for wrk; requests are put together once, so that making them costs nothing later."""
    given = [f"  [ {_quoted(name)} ] = {_quoted(value)}," for name, value in headers.items()]
    made = [
        f"  {{{_quoted(one.method)}, {_quoted(one.path)}, {_quoted(one.body.decode()) if one.body else 'nil'}}},"
        for one in calls
    ]
    turn = "math.random(#made)" if random else "turn % #made + 1"
    return "\n".join(
        [
            *("local headers = {", *given, "}"),
            *("local calls = {", *made, "}"),
            *("local made, turn = {}, 0", "function init(args)"),
            "  for number, one in ipairs(calls) do made[number] = wrk.format(one[1], one[2], headers, one[3]) end",
            *("end", "function request()", f"  turn = {turn}", "  return made[turn]", "end", ""),
        ]
    )


def parsed(said: str) -> Load:
    """Read what wrk prints.

    Raises:
        RuntimeError: it is not what wrk prints at its end.
    """
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    count = re.search(r"(\d+) requests in", said)
    if rate is None or count is None:
        raise RuntimeError(f"wrk said: {said[-400:]}")
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = [int(one) for one in re.findall(r"(?:connect|read|write|timeout) (\d+)", said)]
    return Load(
        per_second=float(rate[1]),
        p50=_milliseconds(r"50%\s+", said),
        p99=_milliseconds(r"99%\s+", said),
        longest=_milliseconds(r"Latency\s+\S+\s+\S+\s+", said),
        count=int(count[1]),
        failed=(int(bad[1]) if bad else 0) + sum(broken),
    )


def _milliseconds(before: str, said: str) -> float:
    found = re.search(before + r"([\d.]+)(us|ms|s|m)\b", said)
    return float(found[1]) * _UNITS[found[2]] if found else math.nan


def _quoted(text: str) -> str:
    return f"[==[{text}]==]"
