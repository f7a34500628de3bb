import pytest

from mock_ctrader.journal import Step
from mock_ctrader.reports.exchanges import LANES, row
from mock_ctrader.wire import Direction, Request, Response


def test_a_row_tells_an_exchange_in_short(make_entry, secrets, breach, note):
    """Who called whom for what, in which step, and what came of it; secrets are masked."""
    secrets.learn("webservToken", "abcdefghij")
    entry = make_entry(
        12,
        moment=1_700_000_000_000,
        duration=0.00321,
        request=Request("POST", "/v2/webserv/traders", "token=abcdefghij"),
        step=Step("sign-up#2", 3, "open account", "trader"),
        violations=(breach, note, note),
        facts=(("with", "OT token"), ("password", "secret word")),
        last=14,
    )
    assert row(entry, secrets) == {
        "number": 12,
        "plant": "sandbox",
        "direction": "crm-to-ctrader",
        "from": "crm",
        "to": "ctrader",
        "endpoint": "create_trader",
        "moment": 1_700_000_000_000,
        "duration": 3.2,
        "journey": "sign-up#2",
        "step": 3,
        "title": "open account",
        "device": "trader",
        "method": "POST",
        "target": "/v2/webserv/traders?token=[webservToken-1]",
        "status": 201,
        "error": "",
        "violations": 1,
        "notes": 2,
        "facts": "with=OT token password=[password]",
        "last": 14,
    }


@pytest.mark.parametrize(
    ("direction", "parties"),
    [
        (Direction.TO_CTRADER, ("crm", "ctrader")),
        (Direction.TO_CRM, ("ctrader", "crm")),
        (Direction.SCREEN, ("screen", "crm")),
        (Direction.SESSION, ("app", "ctrader")),
    ],
)
def test_every_direction_goes_from_lane_to_lane(make_entry, secrets, direction, parties):
    """The diagram has a lane for each party."""
    told = row(make_entry(direction=direction), secrets)
    assert (told["from"], told["to"]) == parties
    assert set(parties) <= set(LANES)


def test_what_was_not_measured_or_not_said_is_blank(make_entry, secrets):
    """An act of a session has no request, and nothing may have been measured or answered."""
    told = row(make_entry(request=None, response=None, duration=None, error="refused"), secrets)
    assert (told["method"], told["target"], told["status"], told["duration"]) == ("", "", None, None)
    assert told["error"] == "refused"


def test_long_texts_are_cut(make_entry, secrets):
    """A row stays small, whatever a peer sends."""
    told = row(make_entry(request=Request("GET", "/" + "a" * 5000), response=Response(404)), secrets)
    assert len(told["target"]) < 400
    assert told["target"].endswith("…")
