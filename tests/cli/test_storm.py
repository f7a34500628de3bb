"""``mock-ctrader storm``, in this process: what is printed, written and returned."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from mock_ctrader.cli import main
from mock_ctrader.cli.storming import Wanted
from mock_ctrader.runtime.settings import Settings
from support_bugs import BUGS


@dataclass(frozen=True)
class Result:
    """What came of a command: its exit code, and all that it printed, on one line too."""

    exit_code: int
    output: str

    @property
    def said(self) -> str:
        return " ".join(self.output.split())


class Run(Protocol):
    def __call__(self, *arguments: str) -> Result: ...


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder, in this process: a bug that is switched on is switched on for it."""
    monkeypatch.chdir(tmp_path)

    def once(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        printed = capsys.readouterr()
        code = ended.value.code
        return Result(code if isinstance(code, int) else 0, printed.out + printed.err)

    return once


QUICK = ("storm", "--sample", "--only", "deposit", "--fault", "lost-answer", "--seed", "1")


def test_a_storm_in_which_all_holds(run: Run, tmp_path: Path) -> None:
    """Counts, faults, invariants and the way to the same again, in a few lines; reports beside it."""
    result = run(*QUICK, "--journeys", "50", "--report", str(tmp_path / "reports"))
    assert result.exit_code == 0, result.output
    assert "40 of 50, 0 cases of a broken invariant ..." in result.said
    assert "50 journeys," in result.said
    assert "Faults that struck: lost-answer" in result.said
    assert "11 of 11 invariants hold" in result.said
    again = "mock-ctrader storm --sample --journeys 50 --time 60s --seed 1 --only deposit --fault lost-answer"
    assert f"The same again: {again}" in result.said
    assert len(result.output.splitlines()) < 20
    document = json.loads((tmp_path / "reports" / "storm.json").read_text())
    assert (document["seed"], document["journeys"], document["scenarios"]) == (1, 50, [])
    assert (tmp_path / "reports" / "junit.xml").read_text().startswith("<?xml")


def test_a_storm_without_a_seed_can_be_had_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is drawn is told, and the simulators of the storm have it too."""
    seeds: list[int | None] = []

    async def play(self: Wanted, chosen: Settings) -> int:
        seeds.extend((self.seed, chosen.seed))
        return 0

    monkeypatch.setattr(Wanted, "play", play)
    assert run("storm", "--sample", "--only", "deposit").exit_code == 0
    assert seeds[0] is not None
    assert seeds == [seeds[0]] * 2


def test_a_storm_that_finds_a_bug(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest scenario is written, and `run` plays it: failing now, passing without the bug."""
    with monkeypatch.context() as patch:
        BUGS["credits twice"][0](patch)
        result = run(*QUICK, "--journeys", "20", "--write", "small.yaml")
        assert result.exit_code == 1, result.output
        assert "paid-once: BROKEN" in result.said
        assert "paid-once: 4 steps are enough" in result.said
        assert "to play them: mock-ctrader run small.yaml" in result.said
        assert "Storm of" in result.said
        replayed = run("run", "small.yaml", "--sample")
        assert replayed.exit_code == 1
        assert "paid-once is broken" in replayed.said
    assert run("run", "small.yaml", "--sample").exit_code == 0
    assert "# The smallest that broke it in: mock-ctrader storm" in (tmp_path / "small.yaml").read_text()


def test_without_a_file_the_scenario_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person sees it, and how it is kept."""
    BUGS["credits twice"][0](monkeypatch)
    result = run(*QUICK, "--journeys", "20")
    assert result.exit_code == 1
    assert "scenario: storm-paid-once" in result.output
    assert "With --write FILE this is kept" in result.said


def test_the_next_broken_invariant_goes_beside_the_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two bugs, two files, the second with the invariant's name."""
    BUGS["credits twice"][0](monkeypatch)
    BUGS["retries create_trader"][0](monkeypatch)
    result = run(*QUICK, "--journeys", "30", "--write", "small.yaml")
    assert result.exit_code == 1
    assert sorted(path.name for path in tmp_path.glob("*.yaml")) == ["small-paid-once.yaml", "small.yaml"]


def test_what_does_not_come_again_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to write."""
    BUGS["credits twice"][0](monkeypatch)

    async def never(*_: object) -> bool:
        return False

    monkeypatch.setattr("mock_ctrader.runtime.storming.Storm._breaks", never)
    result = run(*QUICK, "--journeys", "20")
    assert result.exit_code == 1
    assert "it was not broken again in 0 tries" in result.said


def test_journeys_that_break_it_together_only_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No one scenario can say what takes two side by side."""
    BUGS["credits twice"][0](monkeypatch)

    async def together(_storm: object, turns: tuple[object, ...], _invariant: object) -> bool:
        return len(turns) > 1

    monkeypatch.setattr("mock_ctrader.runtime.storming.Storm._breaks", together)
    result = run(*QUICK, "--journeys", "20")
    assert result.exit_code == 1
    assert "paid-once: it takes several journeys side by side, which no one scenario can say: " in result.said


def test_a_storm_ends_when_its_time_is_up(run: Run) -> None:
    """It tells how far it came."""
    result = run(*QUICK, "--journeys", "2000", "--time", "1s")
    assert result.exit_code == 0
    assert "Ended by --time 1s, after" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sample", "--fault", "lost-anwser"), "there is no fault 'lost-anwser'. Did you mean 'lost-answer'?"),
        (("--sample", "--only", "depozit"), "there is no scenario 'depozit'. Did you mean 'deposit'?"),
        (
            ("--sample", "--fault", "webhook-repeated", "--only", "deposit"),
            "'webhook-repeated' can strike none of the journeys. It strikes attribution_webhook, new_user_webhook.",
        ),
        (("--sample", "--time", "soon"), "'soon' is no length of time."),
        (("--only", "code-expiry"), "'code-expiry' cannot be played here: it lets time pass"),
        (("--crm", "http://127.0.0.1:9", "--port", "0", "--only", "sign-up"), "the CRM cannot be reached"),
        (("--sample", "--crm", "http://127.0.0.1:9"), "--sample starts a CRM: it does not go with --crm."),
    ],
)
def test_what_cannot_be_played_is_told(run: Run, arguments: tuple[str, ...], said: str) -> None:
    """One message, with what to do, and exit code 2."""
    result = run("storm", *arguments)
    assert result.exit_code == 2
    assert said in result.said


def test_a_report_that_cannot_be_written_is_told_before_anything_is_played(run: Run, tmp_path: Path) -> None:
    """A file is in the folder's place."""
    (tmp_path / "taken").write_text("")
    result = run(*QUICK, "--journeys", "1", "--report", "taken")
    assert result.exit_code == 2
    assert "cannot be made" in result.said
    assert "are played" not in result.said


def test_a_crm_of_one_s_own_sees_everybody_once(
    run: Run, start: Callable[..., subprocess.Popen[str]], free_port: int
) -> None:
    """The same storm twice, against a CRM that remembers: nobody's e-mail is taken, and all holds."""
    port = str(free_port)
    process = start("crm", "--port", "0", "--ctrader", f"http://127.0.0.1:{port}")
    assert process.stdout is not None
    crm = process.stdout.readline().split()[6].rstrip(";")
    for _ in range(2):
        result = run("storm", "--crm", crm, "--port", port, "--only", "sign-up", "--journeys", "5", "--seed", "1")
        assert result.exit_code == 0, result.output
        assert "FAILED" not in result.output
        assert f"The same again: mock-ctrader storm --crm {crm}" in result.said
