import pytest

from mock_ctrader.contract.models.users import NewUser


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({"nick_name": "a"}, "a"),
        ({"nickname": "b"}, "b"),
        ({"nick_name": "a", "nickname": "b"}, "a"),
        ({"nick_name": "", "nickname": "b"}, "b"),
        ({"nickname": ""}, ""),
        ({}, None),
    ],
)
def test_a_nickname_counts_however_it_is_spelled(keys, wanted):
    """The table and the example of the documentation disagree; a blank one gives way."""
    user = NewUser(broker_crm_name="BESTBROKERCRM", email="president@example.com", **keys)
    assert user.wanted_nickname == wanted
