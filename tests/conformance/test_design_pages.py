"""What is found wrong with one page."""

from dataclasses import replace

import pytest

from mock_ctrader.conformance import design_colours, design_pages, design_words
from mock_ctrader.conformance.design_framing import forbidding
from mock_ctrader.conformance.design_seen import Measured, Seen, Target, Text
from mock_ctrader.conformance.design_visits import LOGIN, SIXTEEN_TO_NINE, Visit
from mock_ctrader.platform.forms import Task

WHITE, BLACK, GREY = (255, 255, 255, 1), (0, 0, 0, 1), (187, 187, 187, 1)
CRM, APP = "https://crm.example.com/auth/login", "https://app.example.com"


def seen(visit: Visit | None = None, **page: object) -> Seen:
    return Seen(visit=visit or Visit(LOGIN), page=Measured(**page))


def target(
    text: str = "Go", x: float = 0, y: float = 0, width: float = 100, height: float = 40, **more: bool
) -> Target:
    return Target(text=text, x=x, y=y, width=width, height=height, **more)


def text(colour: object, *behind: object, size: float = 16, bold: bool = False) -> Text:
    return Text(text="Hi", colour=colour, behind=behind or None, size=size, bold=bold)


@pytest.mark.parametrize("said", ["your cTrader ID", "CTRADERID", "the cTID", "a cTrader-ID"])
def test_ctrader_id_is_found_as_people_write_it(said):
    """The name is found in the text, the title and the hints, however it is written."""
    for place in ("text", "title", "hints"):
        assert design_pages.ctrader_id(seen(**{place: f"Use {said} here"})).startswith("it says '")
    assert design_pages.ctrader_id(seen(text="Open cTrader, identify yourself")) == ""


@pytest.mark.parametrize("said", ["MetaTrader 5", "meta trader", "MT4", "TradingView"])
def test_other_platforms_are_found(said):
    """Names of other platforms are found, words that only resemble them are not."""
    assert said in design_pages.other_platforms(seen(text=f"Trade on {said}!"))
    assert design_pages.other_platforms(seen(text="MT40 is a form; a trader met another trader")) == ""


def test_chat_is_found_among_controls_and_parts():
    """A button that says chat and a script of a chat's vendor are both named."""
    found = design_pages.chat(seen(targets=(target("Live chat"),), parts=("https://embed.tawk.to/1", "menu")))
    assert found == "it has 'Live chat', 'https://embed.tawk.to/1'"
    assert design_pages.chat(seen(targets=(target("Log in"),))) == ""


def test_dialogs_windows_and_links_are_told():
    """Dialogs of the browser and the page, windows that open, and links that would open one are told apart."""
    page = seen(boxes=("Cookies",), targets=(target("Terms", opens_window=True), target("Log in")))
    page = replace(page, dialogs=("Hello",), windows=("https://x.example.com/",))
    assert design_pages.dialogs(page) == "it opens a dialog: 'Hello', 'Cookies'"
    assert design_pages.windows(page) == "it opens 'https://x.example.com/'"
    assert design_pages.links(page) == "further windows are opened by 'Terms'"
    assert [rule(seen()) for rule in (design_pages.dialogs, design_pages.windows, design_pages.links)] == [""] * 3


def test_three_seconds_are_the_limit():
    """A page may take three seconds and no longer."""
    assert design_pages.in_time(seen(seconds=3.0)) == ""
    assert design_pages.in_time(seen(seconds=5.04)) == "loaded after 5.0 s"


@pytest.mark.parametrize("label", ["Back", "Cancel", "✕", "x", "← Account", "Volver", "Закрыть"])
def test_way_back_goes_by_many_names(label):
    """Back, Cancel, Close, X and arrows lead back, in several languages."""
    assert design_words.has_way_back([label])
    assert design_pages.way_back(seen(targets=(target(label),))) == ""


def test_page_without_a_way_back_is_told():
    """Words that hold such a word are none."""
    assert not design_words.has_way_back(["Send", "Feedback", "Next"])
    assert "nothing is called Back" in design_pages.way_back(seen(targets=(target("Send"),)))


@pytest.mark.parametrize(
    ("policies", "option", "is_allowed"),
    [
        ((), "", True),
        ((), "DENY", False),
        ((), "sameorigin", False),
        (("default-src 'none'",), "DENY", False),
        (("frame-ancestors https://app.example.com",), "DENY", True),
        (("frame-ancestors 'none'",), "", False),
        (("frame-ancestors",), "", False),
        (("frame-ancestors 'self'",), "", False),
        (("frame-ancestors 'self' https://*.example.com",), "", True),
        (("frame-ancestors app.example.com:*; img-src 'self'",), "", True),
        (("frame-ancestors app.example.com:444",), "", False),
        (("frame-ancestors app.example.com:443/path",), "", True),
        (("frame-ancestors http://app.example.com",), "", True),
        (("frame-ancestors https:",), "", True),
        (("frame-ancestors http:",), "", True),
        (("frame-ancestors wss:",), "", False),
        (("frame-ancestors *",), "", True),
        (("frame-ancestors *", "frame-ancestors https://other.example.com"), "", False),
        (("default-src 'self', frame-ancestors 'none'",), "", False),
    ],
)
def test_framing_is_decided_as_browsers_do(policies, option, is_allowed):
    """``frame-ancestors`` counts before ``X-Frame-Options``, and every policy has to allow it."""
    assert (forbidding(CRM, APP, policies, option) == "") is is_allowed
    page = replace(seen(), url=CRM, policies=policies, frame_options=option)
    assert bool(design_pages.framed(page, APP)) is not is_allowed


def test_own_pages_may_be_framed_by_themselves():
    """Where application and CRM are one origin, same-origin rules allow it."""
    assert forbidding(CRM, "https://crm.example.com", ("frame-ancestors 'self'",), "") == ""
    assert forbidding(CRM, "https://crm.example.com:443", (), "SAMEORIGIN") == ""


def test_width_is_judged():
    """A page fits, is wider than its window, or takes the window for a wide one."""
    assert design_pages.sideways(seen(width=360, scroll_width=360)) == ""
    assert "900 px wide in a window of 360 px" in design_pages.sideways(seen(width=360, scroll_width=900))
    assert "no viewport element" in design_pages.sideways(seen(width=980, scroll_width=980))
    assert design_pages.cut(seen(cut=("Heading",))) == "cut off: 'Heading'"


def test_small_targets_need_room():
    """A small target is right in a sentence or with room around it, and wrong close to others, small or large."""
    lone = target("lone", 0, 0, 15, 15)
    assert design_pages.tap_targets(seen(targets=(lone, target("far", 200, 200)))) == ""
    near_large = (target("lone", 0, 42, 15, 15), target("large", 0, 0))
    assert design_pages.tap_targets(seen(targets=near_large)) == "too small: 'lone 15x15 px'"
    near_small = (lone, target("twin", 18, 0, 15, 15))
    assert "'twin 15x15 px'" in design_pages.tap_targets(seen(targets=near_small))
    assert design_pages.tap_targets(seen(targets=(target("in", 0, 42, 15, 15, inline=True), target()))) == ""


def test_contrast_is_measured_as_wcag_does():
    """Black on white is 21:1; large and bold text may be fainter; what is over pictures is not judged."""
    assert round(design_colours.ratio(BLACK, WHITE)) == 21
    assert design_pages.contrast(seen(texts=(text(GREY, WHITE),))) == "faint: 'Hi' 1.9:1"
    middle = (140, 140, 140, 1)
    fine = (text(BLACK, WHITE), text(middle, WHITE, size=24), text(middle, WHITE, size=19, bold=True), text(GREY))
    assert design_pages.contrast(seen(texts=fine)) == ""
    assert design_pages.contrast(seen(texts=(text(middle, WHITE),))) != ""


def test_layers_are_seen_through():
    """Half a black over white is grey, and text that is half there is blended as well."""
    assert design_colours.blend(((0, 0, 0, 0.5), WHITE))[:3] == (127.5, 127.5, 127.5)
    assert design_pages.contrast(seen(texts=(text((0, 0, 0, 0.2), WHITE),))) != ""


def test_theme_is_told_by_what_is_behind():
    """Light and dark pages are told apart by their ground; where pictures are behind all, nobody can tell."""
    bright, night = seen(grounds=((WHITE,), None)), seen(grounds=((BLACK,), (GREY, WHITE), (BLACK,), (BLACK,)))
    assert (design_pages.light(bright), design_pages.dark(night)) == ("", "")
    assert design_pages.light(night).startswith("dark (luminance 0.")
    assert design_pages.dark(bright) == "light (luminance 1.00)"
    nobody_knows = seen(grounds=(None,))
    assert (design_pages.light(nobody_knows), design_pages.dark(nobody_knows)) == ("", "")


def test_forms_tell_whom_the_login_screen_is_for():
    """New users need a form to sign up; returning ones a form to log in, and none for a first account."""
    page = seen(Visit(LOGIN, SIXTEEN_TO_NINE))
    offering = {task: replace(page, offers=frozenset({Task.LOG_IN, task})) for task in Task}
    assert design_pages.new_user(page) == "it has no form to sign up"
    assert design_pages.new_user(offering[Task.SIGN_UP]) == ""
    assert design_pages.returning_user(page) == "it has no form to log in"
    assert design_pages.returning_user(offering[Task.LOG_IN]) == ""
    assert design_pages.returning_user(offering[Task.OPEN_ACCOUNT]) == "it has a form to open account"


def test_language_has_to_be_declared_and_pages_to_open():
    """A page without lang is told, and so is one that did not open."""
    assert (design_pages.declared(seen(language="en")), design_pages.declared(seen())) == ("", "<html> has no lang")
    assert design_pages.unopened(replace(seen(), problem="it answered 404")) == "it answered 404"


def test_many_faults_are_counted():
    """Three are named, the others counted."""
    page = seen(cut=("a", "b", "c", "d", "e"))
    assert design_pages.cut(page) == "cut off: 'a', 'b', 'c' and 2 more"
