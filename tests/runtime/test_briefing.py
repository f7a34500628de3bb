"""What follows from a CRM's settings is worked out once."""

import pytest

from mock_ctrader.contract.variant import STANDARD, Variant
from mock_ctrader.runtime import briefing
from mock_ctrader.runtime.briefing import brief
from mock_ctrader.runtime.crm_settings import CrmSettings, ScreenSettings
from mock_ctrader.runtime.description import PlantDescription, check


def test_it_is_worked_out_once_for_the_same_settings() -> None:
    """Settings that are equal, but not the same, are worked out anew: nobody compares them key by key."""
    crm = CrmSettings(url="http://crm.example.com")
    assert brief(crm, STANDARD) is brief(crm, STANDARD)
    other = CrmSettings(url="http://crm.example.com")
    assert brief(other, STANDARD) == briefing.Briefing(
        other, STANDARD, *(getattr(brief(crm, STANDARD), name) for name in ("screens", "address", "webhooks"))
    )


def test_it_depends_on_the_settings_and_on_the_edition() -> None:
    """A screen's own address, a webhook that is not sent, the spelling of edition 2023."""
    crm = CrmSettings(url="http://crm.example.com/", screens=ScreenSettings(success="/done"))
    old: Variant = check(PlantDescription(edition="2023"))
    assert brief(crm, STANDARD).screens.success_url == "http://crm.example.com/done"
    assert brief(crm, STANDARD).address.prefix == ""
    assert brief(crm, old).address.prefix == "/cid"
    assert brief(crm, STANDARD).webhooks.attribution == "http://crm.example.com/webhooks/attribution"


def test_only_some_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who plays against ever other settings fills no memory."""
    monkeypatch.setattr(briefing, "_known", {})
    made = [CrmSettings(url=f"http://crm{number}.example.com") for number in range(50)]
    for crm in made:
        assert brief(crm, STANDARD).address.url == crm.url
    assert len(briefing._known) <= briefing._MOST
