"""Placeholders are numbered anew, and stay what they stand for."""

from collections import Counter

from mock_ctrader.journal.placeholders import PLACEHOLDER, Renumbering


def test_a_placeholder_is_a_kind_and_mostly_a_number() -> None:
    """Nothing else in brackets is one."""
    said = "[token-1] [password] [Token-1] [token-] [1] [token-1-2] {token-1}"
    assert [found[0] for found in PLACEHOLDER.finditer(said)] == ["[token-1]", "[password]"]


def test_numbers_follow_the_order_of_appearance() -> None:
    """Each kind counts by itself, also from one text to the next; who has no number gets none."""
    anew = Renumbering()
    assert anew("[token-7] [code-3] [token-2] [token-7] [pin]") == "[token-1] [code-1] [token-2] [token-1] [pin]"
    assert anew("[token-9] [token-2]") == "[token-3] [token-2]"


def test_texts_that_were_masked_apart_share_no_number() -> None:
    """What has the same number in both stands for two secrets."""
    given = Counter[str]()
    assert Renumbering(given)("[token-1] [token-2]") == "[token-1] [token-2]"
    assert Renumbering(given)("[token-1] [code-1]") == "[token-3] [code-1]"
