"""Which hosts a CRM's settings name, and what a journey does with those that they do not."""

import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import NotNamed, SettingsError
from mock_ctrader.runtime.crm_settings import CrmSettings, WebhookSettings
from mock_ctrader.runtime.outbound import outbound
from mock_ctrader.runtime.settings import load
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario import load as load_scenario


def test_every_address_of_the_settings_is_named():
    """Pages, webhooks and the application's address may be called wherever they are."""
    crm = CrmSettings(
        url="https://crm.example.com/base",
        pages={"shop": "https://shop.example.com/x"},
        webhooks=WebhookSettings(new_user="https://hooks.example.com/in"),
        hosts=["pay.example.com"],
    )
    named = outbound(crm, "http://127.0.0.1:8765/app")
    assert named.hosts == (
        "127.0.0.1",
        "::1",
        "crm.example.com",
        "hooks.example.com",
        "localhost",
        "pay.example.com",
        "shop.example.com",
    )
    with pytest.raises(NotNamed):
        named.check("https://example.com/")


@pytest.mark.parametrize("host", ["", "https://pay.example.com", "pay.example.com/x", "a@b", "a:99999999", "[::"])
def test_what_is_no_host_is_an_error(tmp_path, host):
    """A URL, a path or nothing in the place of a host is told with its setting."""
    file = tmp_path / "mock-ctrader.toml"
    file.write_text(f'[crm]\nhosts = ["{host}"]\n')
    with pytest.raises(SettingsError, match=r"crm\.hosts.*is no host"):
        load(folder=tmp_path, environment={})


async def test_a_journey_goes_nowhere_else(pair: tuple[Simulator, CrmSettings]) -> None:
    """A step that leads to a host that is not named fails with that host, is in the journal, and sent nothing."""
    simulator, crm = pair
    head = "scenario: sample\npurpose: A journey of one's own.\nactors: {trader: {platform: iOS}}\nsteps:\n"
    steps = "  - {do: visit, with: {link: 'http://169.254.169.254/latest/meta-data/'}}\n"
    journey = load_scenario(head + steps, source="sample.yaml", endpoints=ENDPOINTS)
    report = await simulator.play(journey, crm=crm)
    assert "169.254.169.254: is not among the addresses that the settings name" in str(report.outcome.failure)
    (visit,) = [entry for entry in report.entries if entry.request and entry.request.host == "169.254.169.254"]
    assert visit.response is None
    assert "crm.hosts" in visit.error
