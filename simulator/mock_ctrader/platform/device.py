"""A device with a cTrader application on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Platform(StrEnum):
    """The applications; the value is what a screen is told as ``source`` (contract, section 7)."""

    WEB = "Web"
    ANDROID = "Android"
    IOS = "iOS"
    MACOS = "MacOS"
    DESKTOP = "Desktop"

    @property
    def is_mobile(self) -> bool:
        """Whether it is cTrader Mobile: only that sends UTM parameters and Firebase events (contract, section 7)."""
        return self in (Platform.ANDROID, Platform.IOS)


class Identity(StrEnum):
    """Who keeps the login (edition 2026, identity options)."""

    SSO = "sso"
    """The CRM, on screens of its own."""
    HANDOFF = "handoff"
    """cTrader itself; the CRM's pages are opened with one-time tokens that cTrader makes."""


@dataclass(slots=True)
class Device:
    """One device of one trader, and what its application keeps when it is closed."""

    name: str
    platform: Platform = Platform.WEB
    language: str = "en"
    theme: str = "light"
    identity: Identity = Identity.SSO
    campaign: Mapping[str, str] = field(default_factory=dict[str, str])
    """Which campaign brought the application here: ``source``, ``medium``, ``campaign``, ``term``, ``gclid``."""
    access_token: str | None = None
    """The long-term token, if the trader chose to be kept logged in."""
    has_logged_in: bool = False
    """Whether a session was ever opened here: until then a screen is told ``firstLogin=true``."""
    partner_id: str | None = None
    """From the link of a broker's partner, for the login screen."""
    invited_by: str | None = None
    """From an invite link: the partner's nickname, until the next session opens."""
