"""``mock-ctrader init``: the questions, and the file that they end in."""

from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner, Result

from mock_ctrader.cli import init
from mock_ctrader.errors import StartError
from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime.profile_file import Answers, modules_of, written
from mock_ctrader.runtime.settings import Settings, load

Answer = Callable[..., Result]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Answer:
    """Runs the command with somebody at the terminal who types these lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(init, "is_terminal", lambda: True)

    def run(lines: Sequence[str], *arguments: str) -> Result:
        return CliRunner().invoke(init.command, list(arguments), input="".join(f"{line}\n" for line in lines))

    return run


def loaded(name: str = "mock-ctrader.toml") -> Settings:
    return load(file=Path(name), environment={})


def test_enter_keeps_every_default(answer: Answer) -> None:
    """Who only presses Enter gets the file of `--yes`, in the current folder."""
    result = answer([""] * 14)
    assert result.exception is None
    assert "mock-ctrader.toml is written." in result.stdout
    assert Path("mock-ctrader.toml").read_text(encoding="utf-8") == written(Answers())


def test_every_answer_ends_in_the_file(answer: Answer) -> None:
    """What was typed is what is loaded; a mistake is asked about again."""
    lines = [
        *("crm.example.com", "https://crm.example.com/area", "secret-1", "2023", "cid2", "/cid2", "t"),
        *("done", "https://crm.example.com/done", "browser", "api", "/api/login", "/api/join", "data.token"),
        *("y", "/hooks/a", "https://hooks.example.com/new", "Bearer x", "ONE", "sso, depsit", "sso, deposit"),
    ]
    result = answer(lines, "uat.toml")
    assert result.exception is None
    for complaint in ("is no web address", "is no path", "is neither a path", "Did you mean 'deposit'?"):
        assert complaint in result.output
    assert "mock-ctrader doctor --config uat.toml" in result.stdout
    settings = loaded("uat.toml")
    crm, plant = settings.crm, settings.plants["sandbox"]
    assert (crm.url, crm.password, plant.edition) == ("https://crm.example.com/area", "secret-1", "2023")
    assert (crm.prefix, crm.token_parameter, crm.screens.success) == ("/cid2", "t", "https://crm.example.com/done")
    assert settings.screens == "browser"
    assert crm.api.login == JsonApi("/api/login", token="data.token")
    assert crm.api.sign_up == JsonApi("/api/join", token="data.token")
    assert (crm.webhooks.attribution, crm.webhooks.new_user) == ("/hooks/a", "https://hooks.example.com/new")
    assert (crm.webhooks.authorization, crm.broker, plant.brokers[0].name) == ("Bearer x", "ONE", "ONE")
    assert crm.modules == ["sso", "deposit"]


def test_an_older_edition_offers_its_own_modules(answer: Answer) -> None:
    """All of them are those that the edition has calls for; without webhooks none is set."""
    result = answer(["", "", "2023", "", "", "", "", "", "n", "", ""])
    assert result.exception is None
    crm = loaded().crm
    assert crm.modules == list(modules_of("2023"))
    assert (crm.webhooks.attribution, crm.webhooks.new_user) == ("", "")


def test_a_file_that_is_there_is_kept(answer: Answer) -> None:
    """Only --force overwrites it, before any question is asked."""
    Path("mock-ctrader.toml").write_text("port = 1\n", encoding="utf-8")
    result = answer([])
    assert isinstance(result.exception, StartError)
    assert "is there already. Give --force" in str(result.exception)
    assert Path("mock-ctrader.toml").read_text(encoding="utf-8") == "port = 1\n"
    assert answer([], "--yes", "--force").exception is None
    assert loaded().port == Settings().port


def test_nobody_at_the_terminal_is_told(command: Callable[..., CompletedProcess[str]], tmp_path: Path) -> None:
    """Without a terminal there is one message; --yes asks nothing."""
    result = command("init")
    assert (result.returncode, result.stdout) == (2, "")
    assert "there is no terminal to answer at. Give --yes" in result.stderr
    assert command("init", "--yes", "crm.toml").returncode == 0
    assert load(file=tmp_path / "crm.toml", environment={}).crm.url == Settings().crm.url


def test_a_file_that_cannot_be_written_is_told(answer: Answer) -> None:
    """The message names the file and the reason."""
    error = answer([], "--yes", "no/such/folder.toml").exception
    assert "no/such/folder.toml: cannot be written: No such file or directory. Name a file in" in str(error)
