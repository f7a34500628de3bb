"""``mock-ctrader load``: a population on Locust, in processes of its own, against servers of this one on loopback."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner

from mock_ctrader.cli import load as load_command
from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.contract.addresses import Place
from mock_ctrader.errors import MockCTraderError
from mock_ctrader.journal import recording
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.sample_crm.ctrader import CTraderClient
from mock_ctrader.wire import Request
from support import needs_locust

pytestmark = needs_locust
TOKEN = "let-me-in-please"
KEPT = ("--sample", "100%", "--record", "kept.jsonl")
QUICK = ("--think", "0s", "--time", "2s")


@dataclass(frozen=True)
class Ended:
    """What came of a command."""

    code: int
    text: str

    @property
    def said(self) -> str:
        """All that it printed, on one line."""
        return " ".join(self.text.split())


Begin = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def crm() -> AsyncIterator[tuple[Simulator, str]]:
    """A simulator, and a sample CRM that calls it."""
    async with (
        Simulator(Settings(port=0, seed=1, admin_token=TOKEN)) as simulator,
        sample_crm(simulator.url, quick_passwords=True) as url,
    ):
        yield simulator, url


@pytest.fixture
async def begin(crm: tuple[Simulator, str], tmp_path: Path) -> AsyncIterator[Begin]:
    """Start the command in an empty folder, with everything that tells it where to play."""
    simulator, url = crm
    where = ("--crm", url, "--server", simulator.url, "--admin-token", TOKEN)
    running: list[asyncio.subprocess.Process] = []

    async def start(*arguments: str, columns: int = 80) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mock_ctrader", "load", *where, *arguments),
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": str(columns)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        for _ in range(2 if process.returncode is None else 0):
            process.terminate()  # the second time at once, with all processes of its own
        await process.wait()


async def end(process: asyncio.subprocess.Process) -> Ended:
    out, _ = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode())


def read(file: Path) -> list[Any]:
    return list(recording.from_lines(file.read_bytes(), str(file)).exchanges)


def names(file: Path) -> set[str]:
    return {one.step.journey for one in read(file)}


async def test_a_dozen_people_sign_up_and_come_again(crm: tuple[Simulator, str], begin: Begin, tmp_path: Path) -> None:
    """Everybody passes, the summary has journeys, screens and calls, and nothing secret is written down."""
    simulator, _ = crm
    wanted = ("--scenario", "automatic-relogin", "--users", "12", "--spawn-rate", "12", *QUICK)
    ended = await end(await begin(*wanted, *KEPT, "--report", "told", "--csv", "stats"))
    assert ended.code == 0, ended.text
    assert max(map(len, ended.text.splitlines())) <= 80
    for word in ("journey automatic-relogin", "screen login", "to CRM verify_access_token", "to cTrader link_trader"):
        assert word in ended.said
    assert "0 violations of the contract, every invariant holds." in ended.said
    told = json.loads((tmp_path / "told" / "load.json").read_text())
    (row,) = told["journeys"]
    exchanges = read(tmp_path / "kept.jsonl")
    assert row["count"] == told["sample"] == len(names(tmp_path / "kept.jsonl"))
    assert f"{row['count']} of {row['count']} journeys passed" in ended.said
    signed_up = [one for one in exchanges if one.endpoint == "create_user"]
    assert len(signed_up) == row["count"]
    assert {one.direction for one in exchanges} >= {"screen-to-crm", "crm-to-ctrader", "ctrader-to-crm"}
    assert (tmp_path / "stats_stats.csv").read_text().count("automatic-relogin") == 1
    assert (tmp_path / "told" / "failures.txt").read_text() == ""
    secrets = [value for _, value in simulator.world().journal.secrets.known()]
    written = "".join((tmp_path / name).read_text() for name in ("kept.jsonl", "told/load.json", "stats_stats.csv"))
    assert len(secrets) > row["count"]
    assert [value for value in secrets if value in written] == []


async def test_a_crm_with_a_bug_is_found_out(begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures that are alike are one line with its evidence, the report has the whole, and the exit code is 1."""

    async def unlinked(*_: object, **__: object) -> int:
        return 1

    monkeypatch.setattr(CTraderClient, "link_trader", unlinked)
    wanted = ("--scenario", "sign-up", "--users", "3", "--spawn-rate", "3", *QUICK, "--sample", "0%")
    ended = await end(await begin(*wanted, "--record", "kept.jsonl", "--report", "told", "--csv", "stats"))
    assert ended.code == 1, ended.text
    told = json.loads((tmp_path / "told" / "load.json").read_text())
    (failure,) = told["failures"]
    assert failure["count"] == told["journeys"][0]["failures"] == told["journeys"][0]["count"] > 0
    assert failure["short"].startswith("step 3 (open account): create_trader.answer.login: expected")
    assert "calls: expected link_trader after create_trader, found create_trader" in failure["evidence"]
    assert f"{failure['count']} x step 3 (open account)" in ended.said
    whole = (tmp_path / "told" / "failures.txt").read_text()
    assert "curl --globoff" in whole
    assert "crm-to-ctrader create_trader POST" in whole
    assert failure["short"] in (tmp_path / "stats_failures.csv").read_text()
    assert len(names(tmp_path / "kept.jsonl")) == min(failure["count"], 3)


async def test_a_crm_that_crashes_is_seen_in_every_table(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages count as failed by themselves, and the sample tells which invariant that breaks, with what shows it."""

    async def crashed(*_: object, **__: object) -> int:
        raise RuntimeError("as intended")

    monkeypatch.setattr(CTraderClient, "create_user", crashed)
    wanted = ("--scenario", "sign-up", "--users", "2", "--spawn-rate", "2", *QUICK, "--sample", "100%")
    ended = await end(await begin(*wanted, "--report", "told", columns=50))
    assert ended.code == 1, ended.text
    assert max(map(len, ended.text.splitlines())) <= 50
    assert "journey sign-up: " in ended.said  # in place of a table
    told = json.loads((tmp_path / "told" / "load.json").read_text())
    (screen,) = [row for row in told["calls"] if row["kind"] == "screen"]
    assert 0 < screen["failures"] < screen["count"]
    (broken,) = told["judged"]
    assert broken["count"] == told["broken"]["no-crash"] == told["sample"]
    assert f"{broken['count']} x no-crash: " in ended.said
    assert "-> 500" in broken["evidence"]
    assert broken["evidence"] in (tmp_path / "told" / "failures.txt").read_text()


async def test_faults_waits_and_thoughts_are_as_in_a_run(begin: Begin, tmp_path: Path) -> None:
    """Calls come twice at once or half, journeys wait for what comes late, and people think in between."""
    names = ("fault-duplicate", "fault-abandoned", "fault-slow-reader", "client-area-logout", "ribbons")
    mix = [word for name in names for word in ("--scenario", name)]
    ended = await end(await begin(*mix, "--users", "5", "--spawn-rate", "5", "--think", "0.1s", "--time", "2s", *KEPT))
    assert ended.code == 0, ended.text
    assert {name for name in names if f"journey {name}" in ended.said} == set(names)
    facts = {value for one in read(tmp_path / "kept.jsonl") for name, value in one.facts if name == "fault"}
    assert facts == {"duplicate", "abandoned", "slow-reader"}


WAITING = """
scenario: waiting
purpose: A call comes when nobody does anything, and another never.
actors: {trader: {platform: iOS}}
steps:
  - do: launch
  - do: sign up
  - do: open account
  - wait for: read_trader
    within: 8
  - do: close
    eventually: {calls: [change_balance]}
    within: 0.3
"""


async def test_a_call_is_waited_for_as_long_as_the_step_says(
    crm: tuple[Simulator, str], begin: Begin, tmp_path: Path
) -> None:
    """It is found in the simulator that the CRM calls, also when it comes by itself; what does not come is told."""
    (tmp_path / "waiting.yaml").write_text(WAITING)
    world, loop = crm[0].world(), asyncio.get_running_loop()

    def look(login: int) -> None:
        path = f"/v2/webserv/traders/{login}"
        world.answer(Place("sandbox", "demo", path), Request("GET", path))

    world.on("link_trader", lambda _: loop.call_later(0.3, look, list(world.plant.traders)[-1]))
    ended = await end(await begin("--scenario", "waiting.yaml", *QUICK, "--report", "told", *KEPT))
    assert ended.code == 1, ended.text
    told = json.loads((tmp_path / "told" / "load.json").read_text())
    (failure,) = told["failures"]
    assert failure["short"] == "step 5 (close): calls: expected change_balance, found no call"
    assert "This did not come true within 0.3 s:" in failure["evidence"]
    waited = [one.step.number for one in read(tmp_path / "kept.jsonl") if one.endpoint == "read_trader"]
    assert waited
    assert set(waited) == {4}


@pytest.mark.slow
async def test_two_workers_share_the_people_of_a_master(
    crm: tuple[Simulator, str], begin: Begin, tmp_path: Path, free_port: int
) -> None:
    """Nobody comes twice, what the workers played adds up, they are told what to play, and all leave in good order."""
    simulator, _ = crm
    port = str(free_port)
    workers = [await begin("--worker", "--master-port", port) for _ in range(2)]
    spread = ("--master", "--master-port", port, "--expect-workers", "2", *KEPT)
    mix = ("--scenario", "sign-up=2", "--scenario", "deposit", "--users", "4", "--spawn-rate", "4", *QUICK)
    ended = await end(await begin(*spread, *mix, "--report", "told", "--seed", "11"))
    assert ended.code == 0, ended.text
    left = [await end(worker) for worker in workers]
    assert [one.code for one in left] == [0, 0], [one.text for one in left]
    assert "on 2 workers" in ended.said
    told = json.loads((tmp_path / "told" / "load.json").read_text())
    played = sum(row["count"] for row in told["journeys"])
    assert {row["name"] for row in told["journeys"]} == {"sign-up", "deposit"}
    assert played == told["sample"] == len(names(tmp_path / "kept.jsonl"))
    emails = [one.email for one in simulator.world().plant.users.values() if "." in one.email.split("@")[0]]
    numbers = [int(email.split("@")[0].rpartition(".")[2]) for email in emails if email.count(".") >= 4]
    assert len(numbers) == len(set(numbers)) == played
    assert {number % 10_000 for number in numbers} == {0, 1}


@pytest.mark.slow
@pytest.mark.parametrize("how", [(), ("--web-port",)])
async def test_workers_of_this_machine_and_ctrl_c(begin: Begin, how: tuple[str, ...], free_port: int) -> None:
    """Whoever is under way comes to an end, the page goes, and the summary is printed; Locust's page shows journeys."""
    many = ("--scenario", "sign-up", "--users", "4", "--spawn-rate", "4", "--think", "0s", "--time", "5m")
    process = await begin(*many, "--processes", "2", *(word for flag in how for word in (flag, str(free_port))))
    assert process.stdout is not None
    said = b""
    async for line in process.stdout:
        said += line
        if b"journeys a second" in line:
            break
    if how:
        async with aiohttp.request("GET", f"http://127.0.0.1:{free_port}/stats/requests") as answer:
            assert ("journey", "sign-up") in {(row["method"], row["name"]) for row in (await answer.json())["stats"]}
    process.send_signal(signal.SIGINT)
    ended = await end(process)
    assert ended.code == 0, said.decode() + ended.text
    assert "on 2 workers" in ended.said


async def test_a_simulator_that_is_named_must_be_there(begin: Begin) -> None:
    """Nothing is played against one that does not answer."""
    ended = await end(await begin("--server", "http://127.0.0.1:1", "--scenario", "sign-up"))
    assert ended.code == 2
    assert "the simulator does not answer" in ended.said


async def test_a_simulator_is_started_where_none_runs(tmp_path: Path, free_port: int) -> None:
    """The CRM calls it at the port that it was given, and it ends with the load."""
    async with sample_crm(f"http://127.0.0.1:{free_port}", quick_passwords=True) as url:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mock_ctrader", "load", "--scenario", "sign-up", "--crm", url),
            *("--port", str(free_port), "--seed", "5", *QUICK),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        ended = await end(process)
    assert ended.code == 0, ended.text
    assert f"one listens at http://127.0.0.1:{free_port} for as long as this takes" in ended.said
    with socket.socket() as gone:
        assert gone.connect_ex(("127.0.0.1", free_port)) != 0


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found: list[int] = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # of one that has just ended
            if int(file.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(file.parent.name))
    return found


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_a_simulator_that_is_started_ends_also_where_nothing_is_played_yet(
    crm: tuple[Simulator, str], tmp_path: Path
) -> None:
    """Whoever ends the command while it gets ready leaves nobody behind."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mock_ctrader", "load", "--scenario", "sign-up", "--crm", crm[1], "--port", "0"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    while not (started := children(process.pid)):
        assert process.returncode is None
        await sleep(0.01)
    process.terminate()
    ended = await end(process)
    left = [child for child in started if is_there(child)]
    for child in left:
        os.kill(child, signal.SIGKILL)
    assert left == []
    assert ended.code == 128 + signal.SIGTERM, ended.text
    assert ended.text == ""


async def killed(process: asyncio.subprocess.Process, port: int) -> None:
    """Kill the command alone, and wait until nobody of its own is left."""
    simulator, writer = await asyncio.open_connection("127.0.0.1", port)
    process.kill()
    await process.communicate()  # ends when Locust and all of its workers have closed it
    with suppress(ConnectionResetError):
        await simulator.read()
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param((), id="before anybody comes"),
        pytest.param(("--processes", "2"), id="before workers come"),
        pytest.param(("--processes", "2", "--think", "0s"), marks=pytest.mark.slow, id="in the middle"),
    ],
)
async def test_nobody_plays_on_when_the_command_is_killed(
    wanted: tuple[str, ...], free_port: int, tmp_path: Path
) -> None:
    """Neither Locust nor its workers nor the simulator that was started outlive it, and no file with a token stays."""
    (tmp_path / "temporary").mkdir()
    async with sample_crm(f"http://127.0.0.1:{free_port}", quick_passwords=True) as url:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mock_ctrader", "load", "--scenario", "sign-up", "--crm", url, "--time", "10m"),
            *("--port", str(free_port), "--users", "2", "--spawn-rate", "2", *wanted),
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdout is not None
        if "--think" in wanted:
            while b"journeys a second" not in (line := await process.stdout.readline()):
                assert line, "it has ended"
        while len(children(process.pid)) < 2:
            assert process.returncode is None
            await sleep(0.01)
        await killed(process, free_port)
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.slow
async def test_a_worker_that_is_lost_is_told_and_the_others_take_over(begin: Begin, free_port: int) -> None:
    """As many people as before come to those that are left, but what the lost one knew is missing: exit code 1."""
    here = ("--master-port", str(free_port))
    lost, other = [await begin("--worker", *here) for _ in range(2)]
    many = ("--scenario", "sign-up", "--users", "4", "--spawn-rate", "4", "--time", "10m", "--think", "0s")
    master = await begin("--master", *here, "--expect-workers", "2", *many)
    assert master.stdout is not None
    lines = 0
    async for line in master.stdout:
        lines += b"journeys a second" in line
        if lines == 1 and lost.returncode is None:
            os.kill(children(lost.pid)[0], signal.SIGKILL)
            assert "Locust failed (signal 9)." in (await end(lost)).said
        if lines >= 3 and b": 4 users," in line:  # ten seconds of the master's, who misses a worker after three
            break
    master.send_signal(signal.SIGINT)
    ended = await end(master)
    assert ended.code == 1, ended.text
    assert "Workers that went away before the end: 1. What they had not told is missing." in ended.said
    left = await end(other)
    assert left.code == 0, left.text


async def test_a_simulator_that_cannot_start_says_why(crm: tuple[Simulator, str], tmp_path: Path) -> None:
    """Its port is taken: the message is its own."""
    simulator, url = crm
    port = simulator.url.rpartition(":")[2]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mock_ctrader", "load", "--scenario", "sign-up", "--crm", url, "--port", port),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    ended = await end(process)
    assert ended.code == 2
    assert "the simulator did not start:" in ended.said
    assert port in ended.said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--scenario", "sgn-up"), "there is no scenario 'sgn-up'. Did you mean 'sign-up'?"),
        (("--scenario", "invite"), "'invite' cannot be put under load here: cTrader notes who invited whom"),
        (("--scenario", "code-expiry"), "it lets time pass"),
        (("--scenario", "fault-lost-answer"), "the fault 'lost-answer' strikes answers"),
        (("--scenario", "sign-up", "--set", "trader.email=ann@example.com"), "'trader' has one e-mail address"),
        (("--scenario", "sign-up", "--crm", "http://127.0.0.1:1"), "the CRM cannot be reached"),
        (("--scenario", "sign-up", "--sample", "half"), "'half' is no share of the journeys"),
        (("--scenario", "sign-up", "--sample", "101%"), "'101%' is no share of the journeys"),
        (("--scenario", "sign-up", "--time", "soon"), "'soon' is no length of time"),
        (("--scenario", "sign-up", "--config", "browser.toml"), "no crowd fits into real browsers"),
        (("--scenario", "sign-up", "--config", "virtual.toml"), "a load takes real time"),
        (("--scenario", "reset-password", "--config", "mail.toml"), "it needs a mail"),
        (("--scenario", "sign-up", "--crm-ca", "nobody.pem"), "crm.ca: 'nobody.pem' cannot be used"),
        (("--scenario", "sign-up", "--report", "mail.toml"), "mail.toml: cannot be made: File exists."),
        (("--scenario", "sign-up", "--csv", "mail.toml/stats"), "mail.toml: cannot be made: File exists."),
    ],
)
def test_what_cannot_be_played_is_told_before_anything_begins(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scenarios, settings and a CRM that is not there: each in one message."""
    monkeypatch.chdir(tmp_path)
    Path("browser.toml").write_text('screens = "browser"\n')
    Path("virtual.toml").write_text('clock = "virtual"\n')
    Path("mail.toml").write_text('[crm.outbox]\nmaildir = "mails"\n')
    result = CliRunner().invoke(load_command.command, list(arguments))
    assert isinstance(result.exception, MockCTraderError), result.output
    assert message in str(result.exception)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "what is to be played?"),
        (("--scenario", "sign-up", "--master", "--worker"), "goes with neither"),
        (("--worker", "--users", "3", "--report", "x"), "Give these to the master: --users, --report."),
        (("--scenario", "sign-up", "--expect-workers", "2"), "--expect-workers is for --master."),
        (("--scenario", "sign-up", "--master-port", "5600"), "--master-port: give --master or --worker as well."),
    ],
)
def test_flags_that_make_no_sense_are_refused(arguments: tuple[str, ...], message: str) -> None:
    """Somebody has to say what is played, and nobody is master and worker."""
    result = CliRunner().invoke(load_command.command, list(arguments))
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


@pytest.mark.parametrize("flags", [("--web-port",), ("--master", "--master-port")])
def test_a_port_that_is_taken_is_told_before_anything_begins(flags: tuple[str, ...]) -> None:
    """Locust would tell it in a traceback, and play on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(load_command.command, ["--scenario", "sign-up", *flags, port])
    assert f"{flags[-1]}: cannot listen at 127.0.0.1:{port}: Address already in use." in str(result.exception)


def test_without_locust_there_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the line that installs it."""
    monkeypatch.setattr(load_command, "find_spec", lambda _: None)
    result = CliRunner().invoke(load_command.command, ["--scenario", "sign-up"])
    assert str(result.exception) == "Locust is not installed. Install it with: pip install 'mock-ctrader[load]'"


def test_a_worker_needs_the_simulator_of_its_master() -> None:
    """One of its own would be called by no CRM."""
    result = CliRunner().invoke(load_command.command, ["--worker"])
    assert "a worker plays at the simulator of its master. Name it with --server URL." in str(result.exception)
