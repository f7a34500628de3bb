"""Recordings on the command line: made, played again, compared, exported, checked, imported."""

import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from mock_ctrader.cli.recording import repeatable
from mock_ctrader.cli.replaying import replay
from mock_ctrader.cli.running import Run
from mock_ctrader.errors import MockCTraderError, StartError
from mock_ctrader.runtime.discovery import Running, announced
from mock_ctrader.runtime.matrix import Choice
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.sample_crm import CrmConfig, create_app
from support_programs import Command

Change = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
SECRET = "af34mn0pphg2893nmaf26hmy"


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A simulator of this process that is found as one of `serve` is."""
    async with Simulator(Settings(port=0, seed=1, admin_token="open sesame")) as running:
        with announced(Running(running.url, running.admin_token, os.getpid())):
            yield running


@asynccontextmanager
async def sample(simulator: Simulator, change: Change | None = None) -> AsyncIterator[Settings]:
    """Serve the sample CRM, with one thing of its answers changed; give the settings to reach it."""
    app = create_app(CrmConfig(ctrader_url=simulator.url))
    if change:
        app.middlewares.append(web.middleware(change))
    async with TestServer(app) as server:
        yield Settings(port=0, crm=CrmSettings(url=str(server.make_url("/")).rstrip("/")))


async def record(file: Path, simulator: Simulator) -> None:
    async with sample(simulator) as chosen:
        assert await Run(("sign-up", "deposit"), Choice(), record=file).once(repeatable(chosen)) == 0


async def test_a_recording_that_comes_to_nothing_leaves_the_last_one(simulator: Simulator, tmp_path: Path) -> None:
    """What stands in the file goes when there is something to take its place; that it can be written is seen before."""
    file = tmp_path / "run.jsonl"
    await record(file, simulator)
    before = file.read_bytes()
    nowhere = Settings(port=0, crm=CrmSettings(url="http://127.0.0.1:1"))
    with pytest.raises(MockCTraderError, match="the CRM cannot be reached"):
        await Run(("sign-up",), Choice(), record=file).once(repeatable(nowhere))
    assert file.read_bytes() == before
    with pytest.raises(StartError, match="cannot be written"):
        await Run(("sign-up",), Choice(), record=tmp_path / "none" / "run.jsonl").once(repeatable(nowhere))


HELD: dict[str, str] = {}
"""The inappToken that a CRM without one has behind the scenes."""


async def without_inapp_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Neither give an inappToken nor ask for it."""
    if request.path.endswith("/onetime/generate"):
        return await handler(request.clone(rel_url=request.rel_url.update_query(HELD)))
    answer = await handler(request)
    if not request.path.endswith("/onetime/authorize") or not isinstance(answer, web.Response):
        return answer
    said = json.loads(answer.text or "")
    HELD["inappToken"] = said.pop("inappToken")
    return web.json_response(said)


async def with_another_status(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say that a token was created."""
    answer = await handler(request)
    if request.path.endswith("/onetime/generate"):
        answer.set_status(201)
    return answer


async def with_another_title(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Call the deposit screen otherwise."""
    answer = await handler(request)
    if request.path == "/inapp/deposit" and request.method == "GET" and isinstance(answer, web.Response):
        answer.text = re.sub("<title>.*?</title>", "<title>Pay in</title>", answer.text or "", flags=re.DOTALL)
    return answer


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (None, []),
        (without_inapp_token, [(3, "exchange_ot_token", 'response.body.inappToken: "[inappToken-1]" -> (not there)')]),
        (with_another_status, [(4, "generate_ot_token", "response.status: 200 -> 201")]),
        (with_another_title, [(4, "deposit", 'title: "Deposit - BESTBROKER" -> "Pay in"')]),
    ],
)
async def test_what_the_crm_does_otherwise_is_named_and_nothing_else(
    simulator: Simulator,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Change | None,
    told: list[tuple[int, str, str]],
) -> None:
    """A sign-up and a deposit against the sample CRM: no differences, or exactly the field that was changed."""
    file = tmp_path / "recording.jsonl"
    await record(file, simulator)
    async with sample(simulator, change) as chosen:
        capsys.readouterr()
        code = await replay(file, chosen)
    lines = capsys.readouterr().out.replace("→", "->").splitlines()
    fields = [line.strip() for line in lines if re.match("  (response|request|form|title|did|came)", line)]
    assert {re.sub(r"-\d+\]", "-1]", field) for field in fields} == {field for _, _, field in told}
    heads = {line.split(",")[0].split()[1] + line.rpartition(" ")[2] for line in lines if line.startswith("step")}
    assert heads == {f"{step}{endpoint}" for step, endpoint, _ in told}
    assert code == (1 if told else 0)
    assert ("no differences." in lines[-1]) == (not told)


async def test_a_replay_can_be_compared_and_repeated(
    simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On one CRM, again and again: the people have new addresses, and what was written now can be played, too."""
    file, again = tmp_path / "recording.jsonl", tmp_path / "again.jsonl"
    await record(file, simulator)
    async with sample(simulator) as chosen:
        assert await replay(file, chosen, record=again) == 0
        assert await replay(again, chosen) == 0
        assert await replay(file, chosen, keep_people=True) == 0
    assert capsys.readouterr().out.count("32 exchanges compared: no differences.") == 3


async def test_a_journey_that_fails_is_shown(
    simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its timeline; what did not come any more is listed."""
    file = tmp_path / "recording.jsonl"
    await record(file, simulator)

    async def refusing(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=500) if request.path == "/inapp/deposit" else await handler(request)

    async with sample(simulator, refusing) as chosen:
        capsys.readouterr()
        assert await replay(file, chosen) == 1
    told = capsys.readouterr().out
    assert "FAILED" in told
    assert re.search(r"step 4 deposit, change_balance\s+did not come", told)


def test_a_session_is_recorded_and_played_again(command: Command, crm: str, tmp_path: Path) -> None:
    """By the commands alone: record, replay, diff, check."""
    done = command(
        "run", "deposit", "--crm", crm, "--record", "first.jsonl", "--set", "trader.password=Hunter22-secret"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    again = command("replay", "first.jsonl", "--crm", crm, "--record", "second.jsonl")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "exchanges compared: no differences." in again.stdout
    assert command("journal", "diff", "first.jsonl", "first.jsonl").returncode == 0
    assert command("journal", "diff", "first.jsonl", "second.jsonl", "--crm-only").returncode == 0
    text = (tmp_path / "first.jsonl").read_text()
    (tmp_path / "third.jsonl").write_text(text.replace('"preciseAmount":150', '"preciseAmount":151'))
    differing = command("journal", "diff", "first.jsonl", "third.jsonl")
    assert differing.returncode == (1 if '"preciseAmount":150' in text else 0)
    for name in ("first.jsonl", "second.jsonl"):
        assert "Hunter22" not in (tmp_path / name).read_text()
    clean = command("journal", "check-clean", "first.jsonl", "second.jsonl", "--secret", SECRET)
    assert (clean.returncode, clean.stdout) == (0, "")


@pytest.mark.slow
def test_a_journal_is_exported_and_imported(command: Command, crm: str, tmp_path: Path) -> None:
    """As a recording and as a HAR; the import of the HAR holds the same calls, and shows no drift."""
    assert command("run", "deposit", "--crm", crm).returncode == 0
    printed = command("journal", "export", "--plant", "sandbox")
    assert json.loads(printed.stdout.splitlines()[0])["format"] == "mock-ctrader recording"
    assert command("journal", "export", "-o", "all.jsonl").returncode == 0
    assert command("journal", "export", "--har", "-o", "all.har").returncode == 0
    assert command("journal", "export", "--from", "all.jsonl", "--har", "-o", "same.har").returncode == 0
    assert (tmp_path / "all.har").read_text() == (tmp_path / "same.har").read_text()
    assert command("journal", "check-clean", "all.jsonl", "all.har", "--secret", SECRET).returncode == 0
    imported = command("import-har", "all.har", "-o", "imported.jsonl")
    assert re.fullmatch(r"\d+ exchanges written, 0 unknown ones left out\.\n", imported.stdout), imported.stderr
    drift = command("drift", "imported.jsonl")
    assert drift.returncode == 0, drift.stdout + drift.stderr
    assert re.search(r"\d+ calls compared, 0 not comparable: no drift\.", drift.stdout)
    replayed = command("replay", "imported.jsonl", "--crm", crm)
    assert replayed.returncode == 2
    assert "imported.jsonl: holds no journey that could be played again. Record one with" in replayed.stderr


def test_drift_is_told_with_its_provenance(command: Command, crm: str, tmp_path: Path) -> None:
    """Which field, what was recorded, what the simulator says, how sure the contract is."""
    assert command("run", "sign-up", "--crm", crm, "--record", "it.jsonl").returncode == 0
    text = (tmp_path / "it.jsonl").read_text()
    (tmp_path / "it.jsonl").write_text(re.sub(r'("userId":\d+)\}\}', r'\1,"extra":5}}', text, count=1))
    drift = command("drift", "it.jsonl", columns=120)
    assert drift.returncode == 1
    assert re.search(r"response\.body\.extra: 5 -> \(not there\) \[documented; .+\]", drift.stdout.replace("→", "->"))


def test_secrets_in_a_file_are_told_shortened(command: Command, tmp_path: Path) -> None:
    """File, line, kind, four characters; exit code 1."""
    (tmp_path / "log.txt").write_text("fine\npassword=hunter22-and-more\n")
    result = command("journal", "check-clean", "log.txt")
    assert (result.returncode, result.stdout) == (1, "log.txt:2: password: hunt...\n")
    assert result.stderr == "1 found.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["replay", "none.jsonl"], "none.jsonl: cannot be read: No such file or directory."),
        (["replay", "cut.jsonl"], "cut.jsonl: is cut off: 0 of 2 exchanges are whole. Record or export it again."),
        (["replay", "newer.jsonl"], "newer.jsonl: is of version 99; this release reads versions 1 to 2. Update"),
        (["journal", "diff", "cut.jsonl", "none"], "is cut off"),
        (["journal", "export"], "no simulator is running: there is no journal to export. Start one"),
        (["journal", "check-clean", "none"], "none: cannot be read"),
        (["import-har", "cut.jsonl", "-o", "x"], "cut.jsonl: is no HAR"),
        (["drift", "broken.jsonl"], "broken.jsonl: is no recording"),
        (
            ["run", "sign-up", "--record", "no/such/folder", "--port", "0", "--crm", "http://127.0.0.1:1"],
            "cannot be written",
        ),
    ],
)
def test_a_mistake_names_the_cure(command: Command, tmp_path: Path, arguments: list[str], message: str) -> None:
    """One message, exit code 2, never a traceback."""
    header = {"format": "mock-ctrader recording", "version": 2, "exchanges": 2}
    (tmp_path / "cut.jsonl").write_text(json.dumps(header) + '\n{"number": 1, "pla')
    (tmp_path / "newer.jsonl").write_text(json.dumps({**header, "version": 99}) + "\n")
    (tmp_path / "broken.jsonl").write_text("x")
    result = command(*arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
