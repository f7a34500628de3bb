"""How the embedded browser of each application shows itself to a page.

The contract names the applications (section 7) and says nothing of their browsers: sizes and user agents here are
assumed. They are what common devices of each kind report, so that pages which lay themselves out by them do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mock_ctrader.platform.device import Platform


@dataclass(frozen=True, slots=True)
class Look:
    """A screen and a browser, as a page sees them; all values are assumed."""

    width: int
    """Of the viewport, in logical pixels; so is the height."""
    height: int
    scale: float
    """Physical pixels in a logical one."""
    is_mobile: bool
    """The page's viewport element counts, and lines are laid out for a small screen."""
    has_touch: bool
    user_agent: str


_CHROME: Final = "AppleWebKit/537.36 (KHTML, like Gecko)"
_WEBKIT: Final = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_LOOKS: Final[Mapping[Platform, Look]] = {
    Platform.WEB: Look(
        1366,
        768,
        1.0,
        False,
        False,
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Chrome/131.0.0.0 Safari/537.36",
    ),
    Platform.ANDROID: Look(
        412,
        915,
        2.625,
        True,
        True,
        f"Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) {_CHROME} Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36",
    ),
    Platform.IOS: Look(
        393, 852, 3.0, True, True, f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) {_WEBKIT} Mobile/15E148"
    ),
    Platform.MACOS: Look(
        1280,
        800,
        2.0,
        False,
        False,
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Version/17.6 Safari/605.1.15",
    ),
    Platform.DESKTOP: Look(
        1024,
        768,
        1.0,
        False,
        False,
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
    ),
}


def look_of(platform: Platform) -> Look:
    """Return how an application's browser shows itself; assumed, since no source describes it."""
    return _LOOKS[platform]
