"""Colours as eyes take them: by the formulas of WCAG 2.2 (relative luminance, contrast ratio)."""

from collections.abc import Iterable
from typing import Final

from mock_ctrader.conformance.design_seen import Colour, Layers, Text

CONTRAST: Final = 4.5
CONTRAST_OF_LARGE: Final = 3.0
_LARGE: Final = 24.0
"""Pixels; 18 points."""
_LARGE_BOLD: Final = 18.66
"""Pixels; 14 points."""
MIDDLE: Final = 0.18
"""Relative luminance of a grey that eyes take for the middle between black and white."""
_WHITE: Final[Colour] = (255.0, 255.0, 255.0, 1.0)


def luminance(colour: Colour) -> float:
    """Return how bright a covering colour is: 0 is black, 1 is white."""
    red, green, blue = (_linear(part / 255) for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def over(upper: Colour, lower: Colour) -> Colour:
    """Return what a colour looks like on a covering one."""
    share = upper[3]
    red, green, blue = (up * share + low * (1 - share) for up, low in zip(upper[:3], lower[:3], strict=True))
    return red, green, blue, 1.0


def blend(layers: Layers) -> Colour:
    """Return what colours on each other look like, the nearest first; behind all is white."""
    seen = _WHITE
    for layer in reversed(layers):
        seen = over(layer, seen)
    return seen


def ratio(one: Colour, other: Colour) -> float:
    """Return the contrast of two covering colours: 1 is none, 21 that of black and white."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def faint(texts: Iterable[Text]) -> tuple[str, ...]:
    """Name the texts that do not stand out enough; those over pictures cannot be judged."""
    return tuple(f"'{text.text}' {found:.1f}:1" for text in texts if (found := _contrast(text)) < _needed(text))


def brightness(grounds: Iterable[Layers | None]) -> float | None:
    """Return how bright a page is on the average; nothing where pictures are behind all of it."""
    known = [luminance(blend(layers)) for layers in grounds if layers is not None]
    return sum(known) / len(known) if known else None


def _contrast(text: Text) -> float:
    if text.behind is None:
        return 21.0
    ground = blend(text.behind)
    return ratio(over(text.colour, ground), ground)


def _needed(text: Text) -> float:
    is_large = text.size >= _LARGE or (text.bold and text.size >= _LARGE_BOLD)
    return CONTRAST_OF_LARGE if is_large else CONTRAST


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
