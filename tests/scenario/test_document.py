"""Reading YAML: lines are kept, and what a scenario has no use for is refused."""

import pytest

from mock_ctrader.errors import ScenarioSyntaxError
from mock_ctrader.scenario.document import ListNode, MapNode, ScalarNode, compose


def test_keeps_lines_and_quotes():
    """Every node knows its line, every value whether it stands in quotes."""
    assert compose("a: no\nb:\n- 'x'\n", "f.yaml") == MapNode(
        (
            (ScalarNode("a", plain=True, line=1), ScalarNode("no", plain=True, line=1)),
            (
                ScalarNode("b", plain=True, line=2),
                ListNode((ScalarNode("x", plain=False, line=3),), line=3),
            ),
        ),
        line=1,
    )


REFUSED = [
    ("a: &x 1", "f.yaml, line 1: Anchors (&) and aliases (*) are not allowed. Put the text in quotes."),
    ("a: 1\nb: *x", "f.yaml, line 2: Anchors (&) and aliases (*) are not allowed. Put the text in quotes."),
    ("a: !!int 1", "f.yaml, line 1: Tags (tag:yaml.org,2002:int) are not allowed. Put the text in quotes."),
    ("a: !x [1]", "f.yaml, line 1: Tags (!x) are not allowed. Put the text in quotes."),
    ("a: 1\n---\nb: 2", "f.yaml, line 2: A file holds one scenario. Remove the '---' and what follows it."),
    ("\n" + "[" * 17 + "]" * 17, "f.yaml, line 2: Mappings and lists are nested deeper than 16 levels."),
    ("[" * 100_000, "f.yaml, line 1: Mappings and lists are nested deeper than 16 levels."),
    ("a" * (256 * 1024 + 1), "f.yaml: The file is larger than 256 KB."),
    ("a:\n\tb: 1", "f.yaml, line 2, column 1: There is a tab in the indentation. Indent with spaces."),
    (
        "a: 'x",
        (
            "f.yaml, line 1, column 6: This is not valid YAML: found unexpected end of stream. "
            "Look at the indentation, the colons and the quotes of this line and of the one above."
        ),
    ),
    ("a\nb\x07", "f.yaml, line 2: The character U+0007 cannot be printed. Remove it."),
    ("\ud800", "f.yaml, line 1: The character U+D800 cannot be printed. Remove it."),
    ('a: 1\nb: "\\ud800"', "f.yaml, line 2: A text holds a character that cannot be printed."),
    ('"\\UFFFFFFFF"', "f.yaml: This is not valid YAML: a number in it is out of range."),
]


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=range(len(REFUSED)))
def test_refuses_what_a_scenario_has_no_use_for(text, said):
    """Each refusal says what, where, and how to mend it."""
    with pytest.raises(ScenarioSyntaxError) as raised:
        compose(text, "f.yaml")
    assert str(raised.value) == said


def test_accepts_the_largest_and_the_deepest_file():
    """The limits themselves are allowed."""
    assert isinstance(compose("a" * 256 * 1024, "f.yaml"), ScalarNode)
    assert isinstance(compose("[" * 16 + "]" * 16, "f.yaml"), ListNode)
