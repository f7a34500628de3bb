import pytest

from mock_ctrader.plant.model import Ribbon
from mock_ctrader.plant.ribbons import set_ribbons, visible
from mock_ctrader.refusal import Code, Refusal


def ribbon(title="Verify your account", **changes):
    standard = {"color": "#ff33ee", "enabled": True, "closable": True}
    if "url_external" not in changes:
        standard["url_in_app"] = "https://crm.example.com/inapp/kyc"
    return Ribbon(title=title, **{**standard, **changes})


@pytest.fixture
def user(plant, sign_up):
    return sign_up(plant, "president")


def test_ribbons_replace_those_before(plant, user, sign_up):
    """Edition 2025, 3.9: a call is the whole of what its user sees, and nobody else's."""
    other = sign_up(plant, "other")
    set_ribbons(plant, other, [ribbon("theirs")])
    for wanted in ([ribbon("a"), ribbon("b", url_external="https://example.com")], [ribbon("c", color="FF33EE")]):
        assert set_ribbons(plant, user, wanted) is None
        assert plant.ribbons == {user.user_id: wanted, other.user_id: [ribbon("theirs")]}


@pytest.mark.parametrize("before", [[], [ribbon()]])
def test_no_ribbons_clear_all(plant, user, before):
    """Edition 2025, 3.9: an empty object clears, and there need not have been any."""
    set_ribbons(plant, user, before)
    assert set_ribbons(plant, user, []) is None
    assert plant.ribbons == {}


@pytest.mark.parametrize(
    ("wrong", "code", "described"),
    [
        ({"color": "#ff33e"}, Code.INVALID_REQUEST, "color: expected six hexadecimal digits, got '#ff33e'"),
        ({"color": "purple"}, Code.INVALID_REQUEST, "color: expected six hexadecimal digits, got 'purple'"),
        ({"url_in_app": None}, Code.INVALID_REQUEST, "action: expected either urlExternal or urlinApp, got neither"),
        (
            {"url_external": "https://example.com", "url_in_app": "https://example.com"},
            Code.INVALID_REQUEST,
            "action: expected either urlExternal or urlinApp, got both",
        ),
        ({"broker": "NOBODY"}, Code.CH_PLANT_INVALID, "brokerName: no broker 'NOBODY'"),
        ({"link_id": 1}, Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND, "ctidTraderAccountId: user {} has no linked account 1"),
    ],
)
def test_one_bad_ribbon_spoils_the_call(plant, user, snapshot, wrong, code, described):
    """The ribbon is named by its place, and the plant stays as it was."""
    before = snapshot(plant)
    refusal = set_ribbons(plant, user, [ribbon(), ribbon(**wrong)])
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.description) == (code, f"rules.ribbons[1].{described}".format(user.user_id))
    assert snapshot(plant) == before


def test_a_ribbon_is_for_an_account_of_its_user(plant, user, open_linked, sign_up):
    """The account of somebody else is not found."""
    link = open_linked(plant, user)
    wanted = [ribbon(link_id=link.link_id, broker="BESTBROKER")]
    assert set_ribbons(plant, user, wanted) is None
    assert set_ribbons(plant, sign_up(plant, "other"), wanted).code is Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND


ACCOUNT = ribbon("for account 5", link_id=5)
BOTH = ribbon("for account 5 of a broker", link_id=5, broker="RIVAL")
BROKER = ribbon("for the broker", broker="BESTBROKER")
ALL = ribbon("for all")
OFF = ribbon("off", enabled=False)


@pytest.mark.parametrize(
    ("ribbons", "link_id", "broker", "seen"),
    [
        ([], 5, "BESTBROKER", []),
        ([ALL, BROKER, ACCOUNT], 5, "BESTBROKER", [ACCOUNT]),
        ([ALL, BROKER, ACCOUNT, BOTH], 5, "BESTBROKER", [ACCOUNT, BOTH]),
        ([ALL, BROKER, ACCOUNT], 6, "BESTBROKER", [BROKER]),
        ([ALL, BROKER, ACCOUNT], 6, "RIVAL", [ALL]),
        ([ALL, BROKER, ACCOUNT], None, None, [ALL]),
        ([ALL, ALL], None, None, [ALL, ALL]),
        ([BROKER, ACCOUNT], 6, "RIVAL", []),
        ([BOTH], 6, "RIVAL", []),
        ([OFF, ALL], 5, "BESTBROKER", [ALL]),
        ([ribbon(enabled=False, link_id=5), BROKER], 5, "BESTBROKER", [BROKER]),
    ],
)
def test_a_session_sees_the_closest_ribbons(ribbons, link_id, broker, seen):
    """Contract section 6: by account, if none by broker, if none those with neither; in their order."""
    assert visible(ribbons, link_id, broker) == tuple(seen)
