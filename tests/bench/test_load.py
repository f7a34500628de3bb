from pathlib import Path

import pytest

from bench.load import Call, lua, parsed, wrk

SAID = """Running 2s test @ http://127.0.0.1:8765
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.31ms  412.52us  14.02ms   95.98%
    Req/Sec    13.07k   130.79    13.20k    90.91%
  Latency Distribution
     50%    2.25ms
     75%    2.31ms
     90%  980.00us
     99%    3.90ms
  26512 requests in 2.00s, 30.16MB read
Requests/sec:  13251.38
Transfer/sec:     15.07MB
"""


def test_what_wrk_prints_is_read() -> None:
    """Rate, count and times are taken from where wrk has them, in milliseconds."""
    load = parsed(SAID)
    assert (load.per_second, load.count, load.failed) == (13251.38, 26512, 0)
    assert (load.p50, load.p99, load.longest) == (2.25, 3.9, 14.02)


@pytest.mark.parametrize(
    ("time", "milliseconds"), [("250.00us", 0.25), ("1.50s", 1500.0), ("2.00m", 120_000.0), ("7.00ms", 7.0)]
)
def test_units_of_time_are_understood(time: str, milliseconds: float) -> None:
    """Microseconds, seconds and minutes become milliseconds."""
    load = parsed(SAID.replace("3.90ms", time).replace("14.02ms", time))
    assert load.p99 == pytest.approx(milliseconds)
    assert load.longest == pytest.approx(milliseconds)


def test_failures_of_both_kinds_are_added() -> None:
    """Answers that are no success count as failed, and so do connections that broke."""
    bad = "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 10\nRequests/sec"
    assert parsed(SAID.replace("Requests/sec", bad)).failed == 20


def test_anything_else_that_wrk_says_is_an_error() -> None:
    """Where there is no rate, the error holds what was said."""
    with pytest.raises(RuntimeError, match="unable to connect"):
        parsed("unable to connect to 127.0.0.1:1 Connection refused")


def test_what_wrk_says_of_a_mistake_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so on its error stream."""
    program = tmp_path / "wrk"
    program.write_text("#!/bin/sh\necho unable to connect >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(RuntimeError, match="unable to connect"):
        wrk("http://127.0.0.1:1", [Call("/")], connections=1, seconds=1, headers={})


def test_the_script_of_the_load_holds_every_call() -> None:
    """Calls stand in the script with their method, path and body, and headers in a form that Lua does not misread."""
    script = lua([Call("/a?token=1"), Call("/b", "POST", b'{"x": "]]"}')], {"Accept": "application/json"})
    assert "[ [==[Accept]==] ] = [==[application/json]==]" in script
    assert "{[==[GET]==], [==[/a?token=1]==], nil}" in script
    assert '{[==[POST]==], [==[/b]==], [==[{"x": "]]"}]==]}' in script
    assert "turn % #made + 1" in script
    assert "math.random(#made)" in lua([Call("/a")], {}, random=True)
