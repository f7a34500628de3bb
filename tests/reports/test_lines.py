import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_ctrader.reports.lines import Letters, Span, plain


@pytest.mark.parametrize(
    ("text", "width", "unicode", "short"),
    [
        ("/oauth2/onetime/authorize", 11, True, "/oaut…orize"),
        ("/oauth2/onetime/authorize", 11, False, "/oau...rize"),
        ("short", 5, False, "short"),
        ("abcdef", 4, False, "abcd"),
        ("abcdef", 0, True, ""),
        ("abc", -1, True, ""),
    ],
)
def test_long_text_loses_its_middle(text, width, unicode, short):
    """Beginning and end tell most; where there is no room for a sign of it, the text is just cut."""
    assert Letters(unicode).shorten(text, width) == short


@settings(deadline=None)
@given(st.text(), st.integers(0, 60), st.booleans())
def test_shortened_text_fits_and_is_printable(text, width, unicode):
    """No text is too long, steers the terminal, or needs letters that it does not have."""
    short = Letters(unicode).shorten(text, width)
    assert len(short) <= width
    assert short.isprintable()
    assert unicode or short.isascii()


@settings(deadline=None)
@given(st.text(), st.integers(20, 60))
def test_a_paragraph_fits(text, width):
    """Wrapped lines keep their indentation and the width."""
    lines = Letters().wrapped(text, width, indent=4, role="note")
    assert all(len(line[0].text) <= width and line[0].text.startswith("    ") for line in lines)


def test_plain_text_has_no_blanks_at_its_ends():
    """Padding is for the eye only."""
    assert plain([(Span("a ", "ok"), Span("b  ", "dim")), ()]) == "a b\n\n"
