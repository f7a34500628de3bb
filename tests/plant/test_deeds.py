from mock_ctrader.plant.deeds import DEEDS
from mock_ctrader.plant.invites import name_partner
from mock_ctrader.plant.users import connect, register

NOW = 1_767_603_600_000


def test_deeds_are_told_once_done(plant):
    """With arguments that do the same again; what is refused changed nothing and is not told."""
    told = []
    plant.witness = lambda *deed: told.append(deed)
    user = register(plant, "ann@example.com", "Ann", NOW)
    register(plant, "ann@example.com", "Ann", NOW)
    assert connect(plant, user.user_id, now=NOW) is True
    name_partner(plant, user.user_id, "7")
    assert told == [
        ("register", ("ann@example.com", "Ann", NOW), {}),
        ("connect", (user.user_id,), {"now": NOW}),
        ("name_partner", (user.user_id, "7"), {}),
    ]


def test_a_deed_can_be_done_without_a_witness(plant):
    """By its name as well, as when it is told again."""
    user = DEEDS["register"](plant, "ann@example.com", "Ann", NOW)
    assert connect(plant, user.user_id, NOW) is True
    assert connect(plant, user.user_id, NOW + 1) is False
    assert set(DEEDS) == {
        *("register", "connect", "issue", "exchange_copy_code", "record_invitation", "name_partner"),
    }
