"""Settings in an evidence pack: kept, masked, and put together again with the secrets that somebody has."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from mock_ctrader.errors import SettingsError
from mock_ctrader.journal import Secrets
from mock_ctrader.runtime.pack_settings import restored, secrets_of, shown
from mock_ctrader.runtime.settings import Settings, load

FILE = """
seed = 7
[crm]
url = "https://crm.example.com"
password = "canary-password"
[crm.webhooks]
authorization = "Basic canary-webhook"
attribution = "https://ann:canary-userinfo@hooks.example.com/in"
new_user = "/hook?token=canary-in-an-address"
[crm.pages]
outbox = "/mails"
[crm.api.login]
url = "/api/login"
fields = {email = "login"}
[plants.sandbox]
edition = "2025"
[[plants.sandbox.managers]]
login = 1
hashed_password = "canary-hash"
"""


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    (tmp_path / "mock-ctrader.toml").write_text(FILE)
    return load(folder=tmp_path, environment={})


def kept(settings: Settings) -> tuple[dict[str, Any], dict[str, str]]:
    return shown(settings, Secrets().mask)


def test_no_secret_is_shown(own: Settings) -> None:
    """Passwords, credentials in addresses, and values under telling keys are placeholders, and named."""
    held, secrets = kept(own)
    assert "canary" not in msgspec.json.encode(held).decode()
    assert held["crm.password"] == "[password]"
    assert secrets == {
        "crm.password": "withheld",
        "crm.webhooks.attribution": "withheld",
        "crm.webhooks.new_user": "withheld",
        "crm.webhooks.authorization": "withheld",
        "plants/sandbox/managers/0/hashed_password": "withheld",
    }
    assert sorted(secrets_of(own)) == [
        "Basic canary-webhook",
        "canary-hash",
        "canary-password",
        "canary-userinfo",
    ]


def test_settings_come_back_with_the_secrets_of_their_owner(own: Settings) -> None:
    """What a pack holds and what its owner has make the settings that were run with."""
    again = load(restored(*kept(own), own, source="pack.zip"), environment={}, folder=Path("/nowhere"))
    assert (again.crm, again.plants) == (own.crm, own.plants)


def test_the_documentations_own_values_need_nobody() -> None:
    """A run with the example's password is run again with it."""
    plain = Settings()
    again = load(restored(*kept(plain), plain, source="pack.zip"), environment={}, folder=Path("/nowhere"))
    assert again.crm == plain.crm
    assert kept(plain)[1]["crm.password"] == "example"


def test_a_secret_that_nobody_gives_is_asked_for(own: Settings) -> None:
    """The message says which, and how to give it."""
    with pytest.raises(SettingsError, match=r"'crm\.password' is a secret.*the variable MOCK_CTRADER_CRM_PASSWORD"):
        restored(*kept(own), Settings(), source="pack.zip")
    given = msgspec.structs.replace(Settings(), crm=own.crm)
    with pytest.raises(SettingsError, match=r"Set plants\.sandbox\.managers\.0\.hashed_password in the settings file"):
        restored(*kept(own), given, source="pack.zip")
