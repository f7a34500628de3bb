"""References in texts."""

import pytest

from mock_ctrader.errors import StepFailed
from mock_ctrader.scenario.references import Names, Reference, is_reference, parts

PARTS = [
    ("", ()),
    ("plain $ {text}", ("plain $ {text}",)),
    ("${a}", (Reference("a"),)),
    ("x${a.b}y${c}", ("x", Reference("a.b"), "y", Reference("c"))),
    ("$${a}", ("${", "a}")),
    ("$$${a}", ("$", "${", "a}")),
    ("${a", (Reference("a", closed=False),)),
    ("${", (Reference("", closed=False),)),
    ("${a${b}", (Reference("a${b"),)),
]


@pytest.mark.parametrize(("text", "found"), PARTS)
def test_splits_a_text(text, found):
    """A text falls into what stands as it is and what refers to something."""
    assert parts(text) == found


@pytest.mark.parametrize("name", ["", "a b", "a.", ".a", "1", "a-b", "a${b"])
def test_knows_broken_names(name):
    """Only names with dots between their parts are references."""
    assert not Reference(name).well_formed


def test_knows_a_text_that_is_one_reference():
    """Anything beside the reference makes it a text."""
    assert is_reference("${a}")
    assert not any(map(is_reference, ["", "a", "${a} ", "${a}${b}", "$${a}"]))


NAMES = Names({"amount": "20", "user": 7, "on": True, "trader.email": "a@b"}, {"login": 5})
FILLED = [
    (True, True),
    ("text", "text"),
    ("", ""),
    ("${user}", 7),
    ("${on}", True),
    ("${account.login}", 5),
    ("${user} of ${trader.email} is ${on}", "7 of a@b is true"),
    ("$${amount} is ${amount}", "${amount} is 20"),
]


@pytest.mark.parametrize(("value", "filled"), FILLED)
def test_fills_in_values(value, filled):
    """One reference keeps the type of its value; within a text it is written out."""
    assert NAMES.fill(value) == filled
    assert type(NAMES.fill(value)) is type(filled)


def test_names_the_nearest_of_an_unknown_name():
    """A name that stands for nothing is refused with advice."""
    with pytest.raises(StepFailed) as raised:
        NAMES.fill("${account.logn}")
    assert str(raised.value) == "'${account.logn}' stands for nothing at this point. Did you mean 'account.login'?"
