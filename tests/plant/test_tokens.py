from dataclasses import replace

import pytest

from mock_ctrader.plant.links import Move, move_trader
from mock_ctrader.plant.tokens import LIFETIME, Redeemed, create_copy_code, exchange_copy_code, issue, redeem
from mock_ctrader.refusal import Code

NOW = 1_767_603_600_000


@pytest.fixture
def user(plant, sign_up):
    return sign_up(plant, "president")


@pytest.fixture
def copy_code(plant, manager, user):
    return create_copy_code(plant, manager, user.user_id, ["BESTBROKER", "RIVAL"], NOW)


def test_a_minute_is_a_minute():
    """Edition 2025, 6.1.7: so long are one-time tokens good."""
    assert LIFETIME == 60_000


@pytest.mark.parametrize("after", [0, LIFETIME - 1])
def test_a_token_says_once_whom_it_stands_for(plant, manager, user, open_linked, after):
    """Edition 2026, 3.14: the second time it was used already."""
    login = open_linked(plant, user).login
    token = issue(plant, user.user_id, login, NOW)
    assert redeem(plant, manager, token, NOW + after) == Redeemed(user, login)
    refusal = redeem(plant, manager, token, NOW + after)
    assert refusal.code is Code.CID_NON_EXISTED_TOKEN
    assert refusal.description == "the token was used already"


def test_a_user_without_an_account_has_a_token_too(plant, manager, user):
    """There is no account to name then."""
    assert redeem(plant, manager, issue(plant, user.user_id, None, NOW), NOW) == Redeemed(user, None)


@pytest.mark.parametrize("after", [LIFETIME, LIFETIME * 100])
def test_an_old_token_is_worth_nothing(plant, manager, user, snapshot, after):
    """Edition 2026, 3.14: expired is not unknown, though both are answered with 404."""
    token = issue(plant, user.user_id, None, NOW)
    before = snapshot(plant)
    refusal = redeem(plant, manager, token, NOW + after)
    assert refusal.code is Code.CID_TOKEN_EXPIRED
    assert snapshot(plant) == before


def test_an_unknown_token_is_not_found(plant, manager, copy_code):
    """Neither an invented one nor one for another purpose."""
    for token in ("", "nonsense", copy_code):
        assert redeem(plant, manager, token, NOW).code is Code.CID_NON_EXISTED_TOKEN


@pytest.mark.parametrize(
    ("crm_name", "group", "code"),
    [
        ("BESTBROKERCRM", "Default", Code.CH_INSUFFICIENT_PERMISSIONS),
        ("RIVALCRM", "newGroup", Code.NOT_ENOUGH_RIGHTS),
    ],
)
def test_a_token_out_of_reach_stays_good(plant, clerk, manager, sign_up, open_linked, crm_name, group, code):
    """The CRM, or the account, is closed to the manager who asks; another may still redeem it."""
    user = sign_up(plant, "trader", crm_name)
    login = open_linked(plant, user, broker=plant.brokers_of(crm_name)[0].name, group=group).login
    token = issue(plant, user.user_id, login, NOW)
    refusal = redeem(plant, clerk, token, NOW)
    assert refusal.code is code
    assert redeem(plant, manager, token, NOW) == Redeemed(user, login)


def test_an_account_within_reach_is_named(plant, clerk, sign_up, open_linked):
    """A manager of few groups redeems for these."""
    user = sign_up(plant, "trader", "RIVALCRM")
    login = open_linked(plant, user, broker="RIVAL").login
    assert redeem(plant, clerk, issue(plant, user.user_id, login, NOW), NOW) == Redeemed(user, login)


def test_no_two_tokens_are_the_same(plant, make_plant, manager, user, copy_code):
    """Whatever their purpose; with the same seed they are drawn again."""
    tokens = [copy_code, *(issue(plant, user.user_id, None, NOW) for _ in range(5))]
    assert len(set(tokens)) == len(tokens)
    again = [issue(make_plant(1), user.user_id, None, NOW) for _ in range(2)]
    assert again == [copy_code] * 2


def test_a_copy_code_opens_a_session_of_its_brokers(plant, manager, user, open_linked, copy_code):
    """Edition 2026, 12: the accounts are those of the moment of the exchange; a code is good once."""
    own, moved, other = (
        open_linked(plant, user, broker=broker) for broker in ("BESTBROKER", "WHITELABEL", "WHITELABEL")
    )
    move_trader(plant, manager, Move(moved.login, "demo", "RIVAL"), NOW)
    session = exchange_copy_code(plant, copy_code, NOW + LIFETIME - 1)
    assert (session.user, session.brokers) == (user, ("BESTBROKER", "RIVAL"))
    assert session.logins == (own.login, moved.login)
    assert other.login not in session.logins
    assert exchange_copy_code(plant, copy_code, NOW).code is Code.CID_NON_EXISTED_TOKEN


def test_an_old_copy_code_is_worth_nothing(plant, copy_code):
    """Edition 2026, 12: valid for sixty seconds."""
    assert exchange_copy_code(plant, copy_code, NOW + LIFETIME).code is Code.CID_TOKEN_EXPIRED


@pytest.mark.parametrize(
    ("user_id", "brokers", "code"),
    [
        (1, ["BESTBROKER"], Code.CH_CTID_NOT_FOUND),
        ("own", [], Code.INVALID_REQUEST),
        ("own", ["BESTBROKER", "NOBODY"], Code.CH_PLANT_INVALID),
        ("own", ["BESTBROKER", "WHITELABEL"], Code.NOT_ENOUGH_RIGHTS),
    ],
)
def test_a_copy_code_that_cannot_be_is_not_made(plant, clerk, user, snapshot, user_id, brokers, code):
    """User and brokers must be there and in reach; the plant stays as it was."""
    before = snapshot(plant)
    number = user.user_id if user_id == "own" else user_id
    assert create_copy_code(plant, clerk, number, brokers, NOW).code is code
    assert snapshot(plant) == before


@pytest.fixture
def forgetful(plant):
    """A plant that keeps two tokens."""
    plant.options = replace(plant.options, one_time_tokens_kept=2)
    return plant


def test_a_forgotten_token_is_answered_as_before(forgetful, manager, user):
    """What is not in the register any more was used, or was too old, and is still said to be."""
    used, old = (issue(forgetful, user.user_id, None, NOW) for _ in range(2))
    redeem(forgetful, manager, used, NOW)
    copied = create_copy_code(forgetful, manager, user.user_id, ["BESTBROKER"], NOW)
    answers = [redeem(forgetful, manager, token, NOW + LIFETIME) for token in (used, old, copied)]
    for _ in range(4):
        issue(forgetful, user.user_id, None, NOW + LIFETIME)
    assert len(forgetful.spent_tokens) == 3
    assert [redeem(forgetful, manager, token, NOW + LIFETIME) for token in (used, old, copied)] == answers
    assert exchange_copy_code(forgetful, copied, NOW + LIFETIME).code is Code.CID_TOKEN_EXPIRED


def test_a_token_that_still_opens_something_is_not_forgotten(forgetful, manager, user):
    """The register grows where nothing may be given up, and shrinks later."""
    tokens = [issue(forgetful, user.user_id, None, NOW) for _ in range(5)]
    assert not forgetful.spent_tokens
    assert all(redeem(forgetful, manager, token, NOW) == Redeemed(user, None) for token in tokens)


def test_what_resembles_a_forgotten_token_is_unknown(forgetful, manager, user):
    """Its number alone opens nothing, and is not even known."""
    tokens = [issue(forgetful, user.user_id, None, NOW + number * LIFETIME) for number in range(4)]
    assert len(forgetful.spent_tokens) == 2
    for token in (f"{tokens[0][:-1]}{'0' if tokens[0][-1] != '0' else '1'}", f"{tokens[0][:8]}-", "ffffffff-0000"):
        assert redeem(forgetful, manager, token, NOW).description == "no such token"
