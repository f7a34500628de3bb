"""What the settings tell of a CRM whose traffic was captured."""

from mock_ctrader.runtime.settings import CrmSettings, ScreenSettings, WebhookSettings
from mock_ctrader.runtime.surroundings import surroundings_of


def test_pages_and_webhooks_are_known_by_their_paths() -> None:
    """A whole URL is none; a prefix that is set takes the place of the usual ones."""
    screens = ScreenSettings(login="/in/", kyc="https://kyc.example.com/")
    crm = CrmSettings(url="http://crm", prefix="/x", screens=screens, webhooks=WebhookSettings(new_user=""))
    known = surroundings_of(crm, anywhere=False)
    assert (known.crm, known.prefixes) == ("http://crm", ("/x",))
    assert known.pages["/in"] == "login"
    assert known.pages["/webhooks/attribution"] == "attribution_webhook"
    assert not {"kyc", "new_user_webhook"} & set(known.pages.values())
    assert surroundings_of(CrmSettings(), anywhere=True).prefixes == ("", "/cid")
    assert surroundings_of(CrmSettings(), anywhere=True).crm == ""
