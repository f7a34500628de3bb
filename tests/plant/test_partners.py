import pytest

from mock_ctrader.plant.partners import Holder, delete_partner, find_holder, read_partner, set_partner
from mock_ctrader.refusal import Code, Refusal

CRM = "BESTBROKERCRM"


@pytest.fixture
def user(plant, sign_up):
    return sign_up(plant, "president")


@pytest.fixture
def link(plant, user, open_linked):
    return open_linked(plant, user)


@pytest.fixture
def levels(user, link):
    """The user, and the account."""
    return Holder(user.user_id), Holder(user.user_id, link.link_id)


def test_a_holder_is_the_user_or_the_account(plant, manager, user, link, levels):
    """Edition 2025, 3.6: where both are named, as in the example, the account is meant."""
    assert find_holder(plant, manager, CRM, user.user_id, None) == levels[0]
    assert find_holder(plant, manager, CRM, None, link.link_id) == levels[1]
    assert find_holder(plant, manager, CRM, user.user_id, link.link_id) == levels[1]


@pytest.mark.parametrize(
    ("crm_name", "user_id", "link_id", "code"),
    [
        (CRM, None, None, Code.INVALID_REQUEST),
        (CRM, 1, None, Code.CH_CTID_NOT_FOUND),
        (CRM, None, 1, Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND),
        (CRM, 1, "own", Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND),
        ("RIVALCRM", "own", None, Code.CH_CTID_NOT_FOUND),
        ("RIVALCRM", None, "own", Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND),
        ("NOBODYSCRM", "own", None, Code.CH_BROKER_NOT_FOUND),
        ("NOBODYSCRM", None, "own", Code.CH_BROKER_NOT_FOUND),
    ],
)
def test_who_is_not_there_holds_nothing(plant, manager, user, link, crm_name, user_id, link_id, code):
    """Neither unknown numbers nor those of another CRM or another user."""
    user_id = user.user_id if user_id == "own" else user_id
    link_id = link.link_id if link_id == "own" else link_id
    refusal = find_holder(plant, manager, crm_name, user_id, link_id)
    assert isinstance(refusal, Refusal)
    assert refusal.code is code


def test_an_account_of_another_user_is_not_found(plant, manager, link, sign_up):
    """An account goes with its own user only."""
    other = sign_up(plant, "other")
    refusal = find_holder(plant, manager, CRM, other.user_id, link.link_id)
    assert refusal.code is Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND
    assert refusal.description == f"user {other.user_id} has no linked account {link.link_id}"


def test_a_crm_out_of_reach_has_no_holders(plant, clerk, user, link):
    """One broker closed to the manager is enough."""
    for numbers in ((user.user_id, None), (None, link.link_id)):
        assert find_holder(plant, clerk, CRM, *numbers).code is Code.CH_INSUFFICIENT_PERMISSIONS


@pytest.mark.parametrize("level", [0, 1])
def test_the_levels_do_not_meet(plant, levels, level):
    """Edition 2025, 3.8: what is set, replaced or deleted on one level does not show on the other."""
    held, other = levels[level], levels[1 - level]
    set_partner(plant, other, "their partner")
    for partner_id in ("somePartnerId", "another"):
        assert set_partner(plant, held, partner_id) is None
        assert read_partner(plant, held) == partner_id
    assert delete_partner(plant, held)
    assert (read_partner(plant, held), read_partner(plant, other)) == (None, "their partner")
    assert not delete_partner(plant, held)


@pytest.mark.parametrize("level", [0, 1])
def test_a_blank_identifier_is_none(plant, levels, snapshot, level):
    """Nothing to find the partner by."""
    before = snapshot(plant)
    assert set_partner(plant, levels[level], " ").code is Code.INVALID_REQUEST
    assert snapshot(plant) == before
