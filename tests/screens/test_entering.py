"""What is done to real controls so that a form sends what it should."""

from mock_ctrader.screens.entering import entries, ready
from mock_ctrader.screens.page import Control, Option, ParsedForm

OPTIONS = (Option("a", "A", chosen=True), Option("b", "B"), Option("b", "B again"))


def done(controls, pairs):
    """Return what is done, by place."""
    return {entry.index: (entry.text, entry.ticked, entry.options) for entry in entries(controls, pairs)}


def test_texts_are_written_where_they_differ():
    """What stands there already, what is hidden and what is out of use is let be."""
    controls = [
        Control("text", "one", value="old"),
        Control("text", "two", value="same"),
        Control("hidden", "three", value="secret"),
        Control("text", "four", disabled=True),
        Control("file", "five"),
        Control("text", "six", value="kept"),
    ]
    pairs = (("one", "new"), ("two", "same"), ("three", "other"), ("five", "document.png"))
    assert done(controls, pairs) == {0: ("new", False, ()), 4: ("document.png", False, ())}


def test_boxes_are_ticked_and_cleared():
    """A box sends its value or nothing; one of several with the same name is told by its value."""
    controls = [
        Control("hidden", "on", value="0"),
        Control("checkbox", "on", value="1", checked=True),
        Control("checkbox", "kind", value="a"),
        Control("checkbox", "kind", value="b"),
        Control("checkbox", "kept", value="on", checked=True),
    ]
    assert done(controls, (("on", "0"), ("kind", "b"), ("kept", "on"))) == {1: ("", False, ()), 3: ("", True, ())}


def test_options_are_chosen_by_their_places():
    """One is chosen, or several; those with the same value each once, and nothing where nothing is sent."""
    several = Control("select", "several", multiple=True, options=OPTIONS)
    controls = [Control("select", "one", options=OPTIONS), several, Control("radio", "none", options=OPTIONS[1:])]
    pairs = (("one", "b"), ("several", "b"), ("several", "b"))
    assert done(controls, pairs) == {0: ("", False, (1,)), 1: ("", False, (1, 2))}
    assert done(controls, (("one", "a"), ("several", "a"))) == {}


def test_buttons_are_passed_over():
    """What a button sends is no matter of the fields behind it."""
    controls = [
        Control("image", "map"),
        Control("image"),
        Control("submit", "go", value="1"),
        Control("submit"),
        Control("submit", "other", value="2"),
        Control("text", "last"),
    ]
    pairs = (("map.x", "0"), ("map.y", "0"), ("x", "0"), ("y", "0"), ("go", "1"), ("last", "text"))
    assert done(controls, pairs) == {5: ("text", False, ())}


def test_controls_without_names_get_one_each():
    """Scripts read fields by their ids; buttons out of use come into use once the fields are filled in."""
    made = ready(
        ParsedForm(
            controls=(
                Control("text", "name"),
                Control("email", id="mail"),
                Control("text", label="City"),
                Control("text", label="City"),
                Control("submit", disabled=True),
            )
        )
    )
    assert [control.name for control in made.controls] == ["name", "#mail", "City", "City 3", ""]
    assert [control.disabled for control in made.controls] == [False] * 5
