import pytest

from mock_ctrader.plant import managers
from mock_ctrader.plant.options import Options
from mock_ctrader.plant.rights import ALL_RIGHTS, MONEY, READ, RIGHT_FOR, USERS
from mock_ctrader.refusal import Code, Refusal, Situation


def test_the_same_credentials_give_the_same_token(plant, make_plant, manager):
    """The token does not run out, and depends on the plant's seed."""
    token = managers.token_for(plant, 1, "hash")
    assert token == managers.token_for(plant, 1, "hash") == manager.token
    assert managers.by_token(plant, token) is manager
    assert managers.token_for(make_plant(2), 1, "hash") != token


@pytest.mark.parametrize(("login", "password_hash"), [(1, "wrong"), (1, ""), (3, "hash"), (1, "hash ")])
def test_wrong_credentials_give_no_token(plant, login, password_hash):
    """Whether login or password is wrong is not told."""
    refusal = managers.token_for(plant, login, password_hash)
    assert refusal == Refusal(Code.NOT_ENOUGH_RIGHTS, "manager login or password is wrong", Situation.UNKNOWN_CALLER)


@pytest.mark.parametrize("token", [None, "", "unknown", "1dd4ef40-c5b3-61c0-0689-b1b40c97fadc"])
def test_nobody_calls_without_a_token_of_this_plant(plant, token):
    """A missing token and a wrong one are both 401."""
    refusal = managers.by_token(plant, token)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.situation) == (Code.NOT_ENOUGH_RIGHTS, Situation.UNKNOWN_CALLER)


def test_a_token_ends_with_its_password(plant, manager):
    """Who changes the password gets a new token, and the old one opens nothing any more."""
    changed = plant.add_manager(1, "new hash")
    assert changed.token != manager.token
    assert managers.token_for(plant, 1, "new hash") == changed.token
    assert isinstance(managers.token_for(plant, 1, "hash"), Refusal)
    assert isinstance(managers.by_token(plant, manager.token), Refusal)


def test_a_changed_password_makes_a_new_token(plant, clerk):
    """WebServices 2.2: the token before is dead, though the password may come back; all else stays as it was."""
    tokens = [clerk.token]
    for password_hash in ("new", "hash", "hash"):
        assert managers.change_password(plant, 2, password_hash) is clerk
        assert managers.token_for(plant, 2, password_hash) == clerk.token
        assert all(isinstance(managers.by_token(plant, token), Refusal) for token in tokens)
        tokens.append(clerk.token)
    assert len(set(tokens)) == 4
    assert managers.by_token(plant, clerk.token) is clerk
    assert isinstance(managers.token_for(plant, 2, "new"), Refusal)
    assert clerk.groups == {"Default"}


def test_the_tokens_to_come_are_the_seeds_too(plant, make_plant):
    """A run with a change of password in it can be repeated."""
    twin = make_plant(1)
    changed = [managers.change_password(one, 1, "new").token for one in (plant, twin)]
    assert changed[0] == changed[1] != managers.change_password(make_plant(2), 1, "new").token


def test_a_token_is_revoked_by_the_operator(plant, manager):
    """The same credentials then give another one."""
    before = manager.token
    assert managers.revoke_token(plant, 1) is manager
    assert isinstance(managers.by_token(plant, before), Refusal)
    assert managers.token_for(plant, 1, "hash") == manager.token != before


@pytest.mark.parametrize(
    "change", [managers.revoke_token, lambda plant, login: managers.change_password(plant, login, "x")]
)
def test_nothing_is_changed_for_a_manager_who_does_not_exist(plant, snapshot, change):
    """The operator is told by getting nobody."""
    before = snapshot(plant)
    assert change(plant, 3) is None
    assert snapshot(plant) == before


def test_a_login_given_again_keeps_its_token_as_long_as_its_password(plant, manager):
    """What the manager may do is then another matter."""
    again = plant.add_manager(1, "hash", rights=frozenset({READ}))
    assert again.token == manager.token
    assert managers.by_token(plant, manager.token) is again
    plant.add_manager(1, "new")
    assert plant.add_manager(1, "hash").token not in (manager.token, "")
    assert isinstance(managers.by_token(plant, manager.token), Refusal)


def test_a_plant_finds_its_managers_again(plant, manager):
    """Tokens are looked up in an index that the managers themselves make."""
    managers.revoke_token(plant, 1)
    plant.managers_by_token = {}
    plant.reindex()
    assert managers.by_token(plant, manager.token) is manager


def test_managers_differ_in_groups_and_brokers(plant, manager, clerk):
    """WebServices 2.3: an account is within reach through its group and its broker."""
    third = plant.add_manager(3, "hash", disabled_brokers=frozenset({"BESTBROKER", "RIVAL"}))
    places = [("BESTBROKER", "Default"), ("BESTBROKER", "newGroup"), ("WHITELABEL", "Default")]
    assert [manager.reaches(*place) for place in places] == [True, True, True]
    assert [clerk.reaches(*place) for place in places] == [True, False, False]
    assert [third.reaches(*place) for place in places] == [False, False, True]


def test_a_new_manager_may_do_everything_from_everywhere(plant):
    """Each restriction is one that somebody asked for."""
    new = plant.add_manager(3, "hash")
    assert (new.rights, new.ip_list, new.requests_per_hour, new.enabled) == (ALL_RIGHTS, (), None, True)


def test_a_disabled_manager_gets_no_token(plant):
    """Right credentials or not; a wrong password is told first."""
    plant.add_manager(3, "hash", enabled=False)
    refusal = managers.token_for(plant, 3, "hash")
    assert refusal == Refusal(Code.NOT_ENOUGH_RIGHTS, "manager 3 is disabled")
    assert managers.token_for(plant, 3, "wrong").situation is Situation.UNKNOWN_CALLER


@pytest.mark.parametrize(
    ("of_plant", "of_manager", "client", "is_taken"),
    [
        ((), (), "", True),
        (("192.0.2.0/24",), (), "192.0.2.7", True),
        (("192.0.2.0/24",), (), "198.51.100.1", False),
        (("192.0.2.0/24",), ("192.0.2.8",), "192.0.2.7", False),
        ((), ("192.0.2.8",), "192.0.2.8", True),
        ((), ("192.0.2.8",), "", False),
    ],
)
def test_calls_are_taken_from_listed_addresses_only(plant, of_plant, of_manager, client, is_taken):
    """WebServices 2.1: the plant's list and the manager's both count, for the token call too."""
    plant.options = Options(ip_list=of_plant)
    plant.add_manager(3, "hash", ip_list=of_manager)
    answers = [managers.check_place(plant, plant.managers[3], client), managers.token_for(plant, 3, "hash", client)]
    assert [not isinstance(answer, Refusal) for answer in answers] == [is_taken] * 2
    assert all(not isinstance(answer, Refusal) or answer.situation is None for answer in answers)


@pytest.mark.parametrize(
    ("call", "is_allowed"),
    [("read_trader", True), ("create_user", True), ("change_balance", False), ("list_manager_attributes", True)],
)
def test_a_call_needs_its_right(plant, call, is_allowed):
    """Which right that is, is assumed."""
    partner_desk = plant.add_manager(3, "hash", rights=frozenset({READ, USERS}))
    refusal = managers.check_right(partner_desk, call)
    assert refusal == (None if is_allowed else Refusal(Code.NOT_ENOUGH_RIGHTS, f"manager 3 lacks the right {MONEY}"))


def test_every_right_in_the_table_can_be_given():
    """A call that needs a right nobody can have would be shut for good."""
    assert {right for right in RIGHT_FOR.values() if right} < ALL_RIGHTS
