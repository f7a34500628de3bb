"""A device with a cTrader application on it."""

from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """The applications; the value is what a screen is told as ``source`` (contract, section 7)."""

    WEB = "Web"
    ANDROID = "Android"
    IOS = "iOS"
    MACOS = "MacOS"
    DESKTOP = "Desktop"


@dataclass(slots=True)
class Device:
    """One device of one trader, and what its application keeps when it is closed."""

    name: str
    platform: Platform = Platform.WEB
    language: str = "en"
    theme: str = "light"
    access_token: str | None = None
    """The long-term token, if the trader chose to be kept logged in."""
    has_logged_in: bool = False
    """Whether a session was ever opened here: until then a screen is told ``firstLogin=true``."""
