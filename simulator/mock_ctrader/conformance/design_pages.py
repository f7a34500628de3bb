"""What is wrong with one page as it was seen, one rule a function: a sentence without its end, or nothing."""

from collections.abc import Iterable
from math import hypot
from typing import Final

from mock_ctrader.conformance import design_colours, design_words
from mock_ctrader.conformance.design_framing import forbidding
from mock_ctrader.conformance.design_seen import Seen, Target
from mock_ctrader.platform.forms import Task

MOST_SECONDS: Final = 3.0
"""In which a screen is loaded (edition 2025, rules for screens)."""
SMALLEST: Final = 24.0
"""Pixels of a tap target (WCAG 2.5.8, level AA); another source asks for 44, which no rule of the vendor's demands."""
_HAIR: Final = 1.0
"""Pixels that rounding makes."""
_MOST_NAMED: Final = 3


def unopened(seen: Seen) -> str:
    """Judge that there is a page."""
    return seen.problem


def ctrader_id(seen: Seen) -> str:
    """Judge that a page does not speak of the cTrader ID."""
    return _named("it says", design_words.ctrader_id(_words(seen)))


def other_platforms(seen: Seen) -> str:
    """Judge that a page does not speak of other platforms."""
    return _named("it names", design_words.platforms(_words(seen)))


def chat(seen: Seen) -> str:
    """Judge that nothing of a page is there for a chat."""
    return _named("it has", design_words.chats((*(one.text for one in seen.page.targets), *seen.page.parts)))


def dialogs(seen: Seen) -> str:
    """Judge that a page opens no dialog by itself."""
    return _named("it opens a dialog:", (*seen.dialogs, *seen.page.boxes))


def windows(seen: Seen) -> str:
    """Judge that a page opens no window by itself."""
    return _named("it opens", seen.windows)


def links(seen: Seen) -> str:
    """Judge that what is pressed stays in the window."""
    return _named("further windows are opened by", (one.text for one in seen.page.targets if one.opens_window))


def in_time(seen: Seen) -> str:
    """Judge how long a page took."""
    return f"loaded after {seen.page.seconds:.1f} s" if seen.page.seconds > MOST_SECONDS else ""


def way_back(seen: Seen) -> str:
    """Judge that a page has a control to leave it by."""
    is_there = design_words.has_way_back(one.text for one in seen.page.targets)
    return "" if is_there else "nothing is called Back, Cancel, Close or X"


def framed(seen: Seen, origin: str) -> str:
    """Judge that the applications at ``origin`` can frame a page."""
    rule = forbidding(seen.url, origin, seen.policies, seen.frame_options)
    return f"'{rule}' keeps {origin} from framing it" if rule else ""


def sideways(seen: Seen) -> str:
    """Judge that a page fits into the width of its window."""
    page, width = seen.page, seen.visit.size.look.width
    if page.width > width + _HAIR:
        return f"laid out {page.width:.0f} px wide in a window of {width} px: it has no viewport element"
    wide = page.scroll_width > page.width + _HAIR
    return f"{page.scroll_width:.0f} px wide in a window of {page.width:.0f} px" if wide else ""


def cut(seen: Seen) -> str:
    """Judge that all is shown whole."""
    return _named("cut off:", seen.page.cut)


def tap_targets(seen: Seen) -> str:
    """Judge the size of what is pressed; a smaller one that keeps its distance, or stands in a sentence, is right."""
    targets = seen.page.targets
    small = [one for one in targets if _is_small(one) and not one.inline and not _has_room(one, targets)]
    return _named("too small:", (f"{one.text} {one.width:.0f}x{one.height:.0f} px" for one in small))


def contrast(seen: Seen) -> str:
    """Judge that every text stands out from what is behind it."""
    return _named("faint:", design_colours.faint(seen.page.texts), quotes=False)


def light(seen: Seen) -> str:
    """Judge that a page is light."""
    found = design_colours.brightness(seen.page.grounds)
    return "" if found is None or found > design_colours.MIDDLE else f"dark (luminance {found:.2f})"


def dark(seen: Seen) -> str:
    """Judge that a page is dark."""
    found = design_colours.brightness(seen.page.grounds)
    return "" if found is None or found < design_colours.MIDDLE else f"light (luminance {found:.2f})"


def new_user(seen: Seen) -> str:
    """Judge that who is new can sign up."""
    return "" if Task.SIGN_UP in seen.offers else "it has no form to sign up"


def returning_user(seen: Seen) -> str:
    """Judge that who has an account is asked to log in, and is not offered a first account."""
    if Task.LOG_IN not in seen.offers:
        return "it has no form to log in"
    offered = seen.offers & {Task.SIGN_UP, Task.OPEN_ACCOUNT}
    return f"it has a form to {min(offered).value}" if offered else ""


def declared(seen: Seen) -> str:
    """Judge that a page says which language it is in."""
    return "" if seen.page.language else "<html> has no lang"


def _words(seen: Seen) -> str:
    return f"{seen.page.title}\n{seen.page.text}\n{seen.page.hints}"


def _named(what: str, things: Iterable[str], *, quotes: bool = True) -> str:
    """Return what there is of something, the first few by name."""
    known = list(dict.fromkeys(things))
    told = ", ".join(f"'{one}'" if quotes else one for one in known[:_MOST_NAMED])
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return f"{what} {told}{more}" if known else ""


def _is_small(target: Target) -> bool:
    return min(target.width, target.height) < SMALLEST - _HAIR


def _has_room(target: Target, targets: Iterable[Target]) -> bool:
    """Tell whether a circle of 24 px around its middle meets no other target, nor the circle of a small one."""
    x, y = _middle(target)
    for other in targets:
        if other is target:
            continue
        reach = SMALLEST if _is_small(other) else SMALLEST / 2
        if (_from_middle(x, y, other) if _is_small(other) else _from_box(x, y, other)) < reach - _HAIR:
            return False
    return True


def _middle(target: Target) -> tuple[float, float]:
    return target.x + target.width / 2, target.y + target.height / 2


def _from_middle(x: float, y: float, other: Target) -> float:
    middle = _middle(other)
    return hypot(x - middle[0], y - middle[1])


def _from_box(x: float, y: float, other: Target) -> float:
    right, bottom = other.x + other.width, other.y + other.height
    return hypot(max(other.x - x, 0, x - right), max(other.y - y, 0, y - bottom))
