"""What each side must be given, as the settings have it."""

from pathlib import Path

from mock_ctrader.platform.screens import DEFAULT_PATHS
from mock_ctrader.runtime.description import ManagerEntry, PlantDescription
from mock_ctrader.runtime.profile import (
    CALLS_OF_MODULES,
    PAGE_MODULES,
    SCREEN_MODULES,
    SCREEN_TASKS,
    app_url,
    for_ctrader,
    for_the_crm,
)
from mock_ctrader.runtime.settings import CrmSettings, Settings, WebhookSettings
from mock_ctrader.scenario.vocabulary import MODULES


def test_every_module_that_is_named_exists() -> None:
    """The tables speak of modules that a scenario can need."""
    named = {*SCREEN_MODULES.values(), *PAGE_MODULES.values(), *CALLS_OF_MODULES}
    assert named <= set(MODULES)
    assert set(SCREEN_MODULES) == set(SCREEN_TASKS) == set(DEFAULT_PATHS)


def test_the_crm_is_given_an_address_for_each_environment() -> None:
    """The bare address is the default environment's; the others have theirs behind it."""
    rows = dict(for_the_crm(Settings(environment="live")))
    assert rows["WebServices, live"] == "http://127.0.0.1:8765/v2"
    assert rows["WebServices, demo"] == "http://127.0.0.1:8765/sandbox/demo/v2"
    assert rows["users"] == "http://127.0.0.1:8765/cid"
    assert "authority" not in rows


def test_the_crm_is_given_the_plant_as_it_is_described() -> None:
    """Managers, names and edition are those of the settings."""
    managers = (ManagerEntry(login=7, hashed_password="0123"),)
    plants = {"sandbox": PlantDescription(managers=managers, edition="2025")}
    rows = dict(for_the_crm(Settings(plants=plants, tls=True, tls_ca="ca.pem")))
    assert rows["manager"] == "7, hashedPassword 0123"
    assert (rows["plant"], rows["edition"]) == ("sandbox", "2025")
    assert rows["broker"].startswith("brokerName BESTBROKER")
    assert rows["WebServices, demo"].startswith("https://")
    assert rows["authority"] == f"{Path('ca.pem').absolute()} (to be trusted)"


def test_what_the_crm_lacks_is_not_given() -> None:
    """A CRM without SSO and Invite has no password and no webhooks."""
    chosen = Settings(crm=CrmSettings(modules=["handoff", "deposit"]))
    assert not {"password", "webhooks"} & dict(for_the_crm(chosen)).keys()
    assert list(dict(for_ctrader(chosen))) == ["base URL", "deposit screen"]


def test_ctrader_is_given_the_crm_s_addresses() -> None:
    """Endpoints are spelled as the edition has them; paths are on the base URL."""
    crm = CrmSettings(url="https://crm.example.com/area", webhooks=WebhookSettings(new_user=""))
    rows = dict(for_ctrader(Settings(crm=crm, plants={"sandbox": PlantDescription(edition="2023")})))
    assert rows["endpoints"] == "https://crm.example.com/area/cid/oauth2/... ?token="
    assert rows["change password screen"] == "https://crm.example.com/area/inapp/change-password"
    assert rows["attribution webhook"] == "https://crm.example.com/area/webhooks/attribution"
    assert rows["new-user webhook"] == "none"


def test_links_to_applications_are_the_simulator_s_own_unless_told_otherwise() -> None:
    """A blank address is that of the simulator."""
    assert app_url(Settings(port=9000)) == "http://127.0.0.1:9000/app"
    assert app_url(Settings(app_url="https://app.example.com/")) == "https://app.example.com"
