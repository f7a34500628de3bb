import pytest

from mock_ctrader.plant.invites import (
    Span,
    broker_of,
    invited_users,
    name_partner,
    record_invitation,
    registered_users,
)
from mock_ctrader.plant.model import Invitation
from mock_ctrader.plant.users import CtidRegistration, create_ctid
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000
ALL = Span(None, 100)


@pytest.fixture
def people(plant, sign_up):
    """Five users, one each second; the last is of another CRM."""
    names = enumerate(["partner", "ann", "bob", "cid", "dan"])
    return [sign_up(plant, name, "RIVALCRM" if name == "dan" else "BESTBROKERCRM", NOW + 1000 * n) for n, name in names]


@pytest.fixture
def invite(plant, people):
    """Let the first of the people invite another."""

    def invite(number, now=NOW, **more):
        return record_invitation(plant, people[number].user_id, people[0].user_id, now, **more)

    return invite


def test_an_invitation_is_kept(plant, people, invite):
    """Edition 2026, 10.2: both users, the moment, and the broker of the invited."""
    partner, ann = people[:2]
    wanted = Invitation(invited_user_id=ann.user_id, partner_user_id=partner.user_id, moment=NOW, broker="BESTBROKER")
    assert invite(1) == wanted
    assert plant.invitations == {ann.user_id: wanted}


@pytest.mark.parametrize(("numbers", "code"), [((1, "x"), 0), (("x", 1), 0), ((1, 1), 1)])
def test_an_invitation_that_cannot_be_is_not_kept(plant, people, snapshot, numbers, code):
    """Both must be there, and be two."""
    before = snapshot(plant)
    user_ids = [1 if number == "x" else people[number].user_id for number in numbers]
    refusal = record_invitation(plant, *user_ids, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is (Code.CH_CTID_NOT_FOUND, Code.INVALID_REQUEST)[code]
    assert snapshot(plant) == before


def test_a_later_partner_takes_the_place_of_an_earlier(plant, people, invite):
    """A user has one partner at a time."""
    _, ann, bob = people[:3]
    invite(1)
    record_invitation(plant, ann.user_id, bob.user_id, NOW + 5)
    assert [one.partner_user_id for one in plant.invitations.values()] == [bob.user_id]


def test_the_number_of_a_partner_is_told_once(plant, people, invite):
    """Edition 2026, 10.1: what the broker told stands with all that the partner invited, then and later."""
    record_invitation(plant, people[0].user_id, people[1].user_id, NOW, "I999")
    first = [invite(1), invite(2)]
    name_partner(plant, people[0].user_id, "I2333")
    later = [invite(3), invite(4, broker_partner_id="I4")]
    assert [one.broker_partner_id for one in (*first, *later)] == [None, None, "I2333", "I4"]
    told = {one.invited_user_id: one.broker_partner_id for one in plant.invitations.values()}
    assert [told[one.user_id] for one in people] == ["I999", "I2333", "I2333", "I2333", "I4"]


@pytest.mark.parametrize(
    ("span", "found"),
    [
        (ALL, [1, 3, 2]),
        (Span(None, 2), [1, 3]),
        (Span(None, 2, 1), [3, 2]),
        (Span(None, 0), []),
        (Span(None, 5, 7), []),
        (Span(None, 2**63 - 1, 2**63 - 1), []),
        (Span(NOW + 1000, 100), [3, 2]),
        (Span(NOW + 1001, 100), [2]),
        (Span(-5, 1), [1]),
    ],
)
def test_the_invited_come_in_order_of_time(plant, manager, people, invite, span, found):
    """Edition 2026, 10.2: from a moment on, that moment included, so many behind so many."""
    for number, moment in ((2, NOW + 2000), (1, NOW), (3, NOW + 1000)):
        invite(number, moment)
    users = [one.invited_user_id for one in invited_users(plant, manager, span)]
    assert users == [people[number].user_id for number in found]


@pytest.mark.parametrize(
    ("span", "found"),
    [
        (ALL, [0, 1, 2, 3, 4]),
        (Span(NOW + 2000, 2), [2, 3]),
        (Span(None, 2, 3), [3, 4]),
        (Span(NOW + 4001, 1000), []),
    ],
)
def test_the_registered_come_in_order_of_time(plant, manager, people, span, found):
    """Edition 2026, 10.4: users of every CRM of the plant."""
    assert registered_users(plant, manager, span) == [people[number] for number in found]


@pytest.mark.parametrize("span", [Span(None, -1), Span(None, 1, -1)])
@pytest.mark.parametrize("listing", [invited_users, registered_users])
def test_there_is_no_less_than_nothing(plant, manager, listing, span):
    """Neither of the two numbers may be negative."""
    assert listing(plant, manager, span).code is Code.INVALID_REQUEST


def test_what_is_out_of_reach_is_left_out(plant, people, invite):
    """The users of a broker that is closed to the manager are nowhere in the lists."""
    manager = plant.add_manager(3, "hash", disabled_brokers=frozenset({"BESTBROKER"}))
    invite(1)
    invite(4)
    assert [one.invited_user_id for one in invited_users(plant, manager, ALL)] == [people[4].user_id]
    assert registered_users(plant, manager, ALL) == [people[4]]


def test_a_user_has_a_broker(plant, manager, people, open_linked):
    """That of the creation, else of the first account, else the first of the CRM."""
    _, ann, bob, *_ = people
    created = create_ctid(plant, manager, CtidRegistration("eve@example.com", "WHITELABEL"), NOW)
    open_linked(plant, created, broker="BESTBROKER")
    open_linked(plant, ann, broker="WHITELABEL")
    open_linked(plant, ann, broker="BESTBROKER")
    assert [broker_of(plant, one) for one in (created, ann, bob)] == ["WHITELABEL", "WHITELABEL", "BESTBROKER"]
