"""What a browser saw of a screen, as numbers and words: all that the design conditions are judged by."""

from dataclasses import dataclass, field

from msgspec import Struct

from mock_ctrader.conformance.design_visits import Visit
from mock_ctrader.platform.forms import Task

Colour = tuple[float, float, float, float]
"""Red, green, blue of 0 to 255, and opacity of 0 to 1."""
Layers = tuple[Colour, ...]
"""Colours behind something, the nearest first; the last covers what is behind it."""


class Target(Struct, frozen=True, kw_only=True):
    """Something to press or fill in, where it stands in the window; pixels of the page's own."""

    text: str
    """What it says, and what it is called where it shows a sign."""
    x: float
    y: float
    width: float
    height: float
    inline: bool = False
    """It stands within a sentence."""
    opens_window: bool = False


class Text(Struct, frozen=True, kw_only=True):
    """A text of a page with its colours; one stands for all that look alike."""

    text: str
    colour: Colour
    behind: Layers | None
    """Unknown over pictures."""
    size: float
    """Height of its letters, in pixels."""
    bold: bool = False


class Measured(Struct, frozen=True, kw_only=True):
    """What the page's own measures are."""

    width: float = 0
    """Of the window that the page lays itself out in."""
    scroll_width: float = 0
    """Of all that can be scrolled to."""
    language: str = ""
    """What the page says that it is written in."""
    title: str = ""
    text: str = ""
    """All that is shown."""
    hints: str = ""
    """What is said beside the text: of pictures, of fields."""
    targets: tuple[Target, ...] = ()
    texts: tuple[Text, ...] = ()
    grounds: tuple[Layers | None, ...] = ()
    """What is behind the points of a grid over the window."""
    cut: tuple[str, ...] = ()
    """What is not shown whole."""
    boxes: tuple[str, ...] = ()
    """Dialogs of the page's own that are open."""
    parts: tuple[str, ...] = ()
    """Names and sources of frames, scripts, and what floats over the page."""
    seconds: float = 0
    """From asking for the page until it was loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look at a screen, and what came of it."""

    visit: Visit
    url: str = ""
    """Where the browser came to."""
    status: int = 0
    problem: str = ""
    """Why there is no page to look at; blank if there is."""
    page: Measured = field(default_factory=Measured)
    policies: tuple[str, ...] = ()
    """Values of ``Content-Security-Policy``."""
    frame_options: str = ""
    """Value of ``X-Frame-Options``."""
    dialogs: tuple[str, ...] = ()
    """What the browser's own dialogs said: alerts, questions."""
    windows: tuple[str, ...] = ()
    """Addresses of windows that the page opened by itself."""
    offers: frozenset[Task] = frozenset()
    """What the page has a form for."""
    picture: str = ""
    """File that shows it."""
    entry: int = 0
    """Number of the journal's entry."""
