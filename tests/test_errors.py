import builtins
import inspect
import re

import pytest

from mock_ctrader import errors
from mock_ctrader.errors import SettingsError, nearest


@pytest.mark.parametrize(
    ("where", "cure", "text"),
    [
        ("", "", "port 80 is taken."),
        ("settings.toml", "", "settings.toml: port 80 is taken."),
        ("", "Choose another.", "port 80 is taken. Choose another."),
        ("settings.toml", "Choose another.", "settings.toml: port 80 is taken. Choose another."),
    ],
)
def test_an_error_says_where_what_and_how_to_mend_it(where, cure, text):
    """What reaches the user is one line with all that is known."""
    assert str(SettingsError("port 80 is taken.", where=where, cure=cure)) == text


def test_the_docstring_draws_the_tree_as_it_is():
    """Every exception stands in the drawing, below the one that it is a kind of."""
    drawn: dict[str, str] = {}
    above: list[str] = []
    for branch, name in re.findall(r"^( {4}[│├└─ ]*)(\w+)", errors.__doc__ or "", re.MULTILINE):
        del above[len(branch) // 4 - 1 :]
        if above or not hasattr(builtins, name):
            drawn[name] = above[-1] if above else "Exception"
        above.append(name)
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]
    assert drawn == {kind.__name__: kind.__base__.__name__ for kind in kinds}


def test_a_slip_of_the_pen_is_understood():
    """A word close to a known one is taken for it."""
    assert nearest("deposti", ["withdraw", "deposit"]) == "Did you mean 'deposit'?"


def test_a_word_like_no_other_gets_the_list():
    """Where nothing is close, all that is known is named, in order."""
    assert nearest("xyz", ["withdraw", "deposit"]) == "Known: deposit, withdraw."
