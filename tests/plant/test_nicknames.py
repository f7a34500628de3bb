import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.plant.nicknames import choose, key


@pytest.mark.parametrize(
    ("wanted", "email", "nickname"),
    [
        ("letstrade", "president@example.com", "letstrade"),
        ("Let.s_Trade-9", "president@example.com", "Let.s_Trade-9"),
        ("TAKEN", "president@example.com", "ctid10345533"),
        ("x", "president@example.com", "ctid10345533"),
        ("", "president@example.com", "ctid10345533"),
        ("x" * 31, "president@example.com", "ctid10345533"),
        ("lets trade", "president@example.com", "ctid10345533"),
        ("-dash", "president@example.com", "ctid10345533"),
        ("ctid10345534", "president@example.com", "ctid10345533"),
        ("CTID7", "president@example.com", "ctid10345533"),
        ("ctidal", "president@example.com", "ctidal"),
        (None, "president@example.com", "president"),
        (None, "the+president@example.com", "thepresident"),
        (None, "p" * 40 + "@example.com", "p" * 30),
        (None, "taken@example.com", "ctid10345533"),
        (None, "+@example.com", "ctid10345533"),
        (None, "ctid10345534@example.com", "ctid10345533"),
    ],
)
def test_a_nickname_is_the_one_wanted_or_made(wanted, email, nickname):
    """Edition 2025, 3.2: given, else from the e-mail, and from the user's number where that cannot be had."""
    assert choose(wanted, email, 10345533, {"taken"}) == nickname


@given(st.lists(st.one_of(st.none(), st.text(), st.from_regex(r"(?i)\Actid[0-9]\Z")), max_size=9), st.integers(0, 9))
def test_no_two_users_share_a_nickname(wishes, first):
    """Not even with one who wants the name that another will be given."""
    taken: set[str] = set()
    for user_id, wanted in enumerate(wishes, first):
        name = choose(wanted, f"{wanted}@example.com", user_id, taken)
        assert key(name) not in taken
        taken.add(key(name))
