import math
import re

from lxml import etree

from bench.plots import Bar, Panel, bars, shown

PANELS = (
    Panel(
        "Reads <a second>", [Bar("mock-ctrader", (9.0, 10.0, 11.0), is_ours=True), Bar("other & co", (4.0, 5.0, 5.0))]
    ),
    Panel("Times", [Bar("slow", (1.0, 1.0, 1.0), said="far more")], note="of all", goal=2.0),
)


def _drawn(panels: tuple[Panel, ...] = PANELS) -> etree._Element:
    return etree.fromstring(bars("A & B", panels).encode())


def test_a_plot_is_well_formed_and_names_what_it_shows() -> None:
    """Titles, labels and values stand in it, escaped, and readers that show no pictures are told the title."""
    svg = _drawn()
    texts = ["".join(map(str, one.itertext())) for one in svg.iter("{*}text")]
    assert svg.get("aria-label") == "A & B"
    assert {"A & B", "Reads <a second>", "other & co", "10", "far more", "goal 2"} <= set(texts)


def test_bars_are_as_long_as_their_values() -> None:
    """Within a panel a bar of half the value is half as long, and none leaves the plot."""
    svg = _drawn()
    drawn = [one for one in svg.iter("{*}rect") if one.get("class") != "page"]
    ours, theirs, slow = (float(one.get("width", "")) for one in drawn)
    assert ours == 2 * theirs
    right = [float(one.get("x", "")) + float(one.get("width", "")) for one in drawn]
    assert slow > 0
    assert all(x < float(svg.get("width", "0")) for x in right)


def test_a_plot_has_colours_for_a_dark_page() -> None:
    """Every class that is drawn has a colour, and the style has a second set for dark pages."""
    text = bars("x", PANELS)
    drawn = set(re.findall(r'class="(\w+)"', text))
    light, _, dark = text.partition("@media (prefers-color-scheme:dark)")
    assert drawn <= set(re.findall(r"\.(\w+)\{", light))
    assert {"page", "ours", "theirs", "goal", "value"} <= set(re.findall(r"\.(\w+)\{", dark))


def test_what_cannot_be_drawn_is_left_blank() -> None:
    """Nothing to draw, a panel of zeros and a value without end make plots all the same."""
    for panels in ((), (Panel("x", []),), (Panel("x", [Bar("y", (0.0, 0.0, 0.0))]),)):
        _drawn(panels)
    assert "nan" not in bars("x", [Panel("x", [Bar("y", (1.0, math.nan, math.inf))])])
    assert shown(math.inf) == "-"
