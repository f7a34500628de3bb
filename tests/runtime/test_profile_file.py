"""The settings file that is written from answers."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.profile_file import Answers, modules_of, written
from mock_ctrader.runtime.settings import Settings, load
from mock_ctrader.scenario.vocabulary import MODULES


def read(folder: Path, answers: Answers) -> Settings:
    """Write the file, and load it."""
    file = folder / "crm.toml"
    file.write_text(written(answers), encoding="utf-8")
    return load(file=file, environment={})


def test_the_defaults_are_what_is_set_without_a_file(tmp_path: Path) -> None:
    """The file says them, so that they can be seen and changed."""
    settings = read(tmp_path, Answers())
    assert settings.crm.url == Settings().crm.url
    assert settings.crm.webhooks == Settings().crm.webhooks
    assert settings.crm.modules == list(MODULES)
    assert (settings.crm.prefix, settings.crm.token_parameter, settings.crm.api.by_task()) == (None, None, {})
    assert settings.plants["sandbox"] == PlantDescription()


def test_everything_that_was_answered_is_read_back(tmp_path: Path) -> None:
    """Whatever characters the answers hold."""
    settings = read(
        tmp_path,
        Answers(
            url="https://crm.example.com/área",
            password='"quoted" \\ \x7f\ttab',
            edition="2023",
            prefix="/cid2",
            token_parameter="t",
            success="https://crm.example.com/done",
            screens="browser",
            login_api="/api/login",
            sign_up_api="/api/join",
            token="data.token",
            attribution="/hooks/a",
            new_user="",
            authorization="Bearer x",
            broker="ÉTOILE",
            modules=("sso", "kyc"),
        ),
    )
    crm, plant = settings.crm, settings.plants["sandbox"]
    assert (crm.url, crm.password) == ("https://crm.example.com/área", '"quoted" \\ \x7f\ttab')
    assert (crm.prefix, crm.token_parameter, crm.screens.success) == ("/cid2", "t", "https://crm.example.com/done")
    assert settings.screens == "browser"
    assert crm.api.login == JsonApi("/api/login", token="data.token")
    assert crm.api.sign_up == JsonApi("/api/join", token="data.token")
    assert (crm.webhooks.attribution, crm.webhooks.new_user, crm.webhooks.authorization) == ("/hooks/a", "", "Bearer x")
    assert (crm.broker, crm.modules) == ("ÉTOILE", ["sso", "kyc"])
    assert (plant.edition, plant.brokers[0].name) == ("2023", "ÉTOILE")


def test_a_crm_without_modules_can_be_written(tmp_path: Path) -> None:
    """Nothing at all is a profile, too."""
    assert read(tmp_path, Answers(modules=())).crm.modules == []


def test_every_key_has_a_comment() -> None:
    """Each key that is set stands below a line that explains it, or that explains its table."""
    lines = written(Answers(login_api="/api/login", prefix="/cid", token_parameter="t")).splitlines()
    bare = [line for above, line in pairwise(lines) if re.match(r"\w+ = ", line) and above[:1] not in ("#", "[")]
    assert bare == []


@pytest.mark.parametrize(("edition", "lacks"), [("2023", {"handoff", "agreement", "invite"}), ("2026", set[str]())])
def test_an_edition_has_the_modules_that_it_has_calls_for(edition: str, lacks: set[str]) -> None:
    """The rest is not offered."""
    assert set(MODULES) - set(modules_of(edition)) == lacks  # type: ignore[arg-type]
