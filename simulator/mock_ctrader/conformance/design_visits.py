"""Which screens are looked at, and how: the sizes, the themes, the languages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mock_ctrader.platform.device import Platform
from mock_ctrader.platform.looks import Look, look_of
from mock_ctrader.platform.screens import Screen

ENGLISH: Final = "en"
UNKNOWN: Final = "vo"
"""A language that has a code and that no broker writes: Volapük."""
CANDIDATES: Final = ("es", "de", "fr", "it", "pt", "pl", "ru", "tr", "ar", "zh", "ja", "vi")
"""Languages that are tried: which of them a CRM speaks is found out by what it shows."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A screen as it is looked at; the login screen is two."""

    name: str
    """What reports call it, and files: ``login``, ``signup``, ``deposit``."""
    screen: Screen
    first_login: bool = False

    @property
    def is_in_app(self) -> bool:
        """Whether the user is logged in, and the screen is opened with a token."""
        return self.screen is not Screen.LOGIN


LOGIN: Final = Subject("login", Screen.LOGIN)
SIGNUP: Final = Subject("signup", Screen.LOGIN, first_login=True)


@dataclass(frozen=True, slots=True)
class Size:
    """A common size of a screen; assumed, as no source lists them."""

    name: str
    platform: Platform
    look: Look


def _size(name: str, platform: Platform, width: int, height: int) -> Size:
    # A scale of one: pictures are evidence, and four times the pixels show no more of a page's layout.
    return Size(name, platform, replace(look_of(platform), width=width, height=height, scale=1.0))


PHONE: Final = _size("phone", Platform.ANDROID, 360, 800)
TABLET: Final = _size("tablet", Platform.IOS, 820, 1180)
FOUR_TO_THREE: Final = _size("4-3", Platform.DESKTOP, 1024, 768)
SIXTEEN_TO_NINE: Final = _size("16-9", Platform.WEB, 1366, 768)


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one screen."""

    subject: Subject
    size: Size = PHONE
    language: str = ENGLISH
    theme: str = "light"
    is_slow: bool = False
    """Over a 3G line."""

    @property
    def name(self) -> str:
        """What its picture is called."""
        return f"{self.subject.name}-{self.size.name}-{self.theme}-{self.language}"

    def __str__(self) -> str:
        """Say it as reports do: ``deposit (phone, dark, es)``."""
        line = ", 3G" if self.is_slow else ""
        return f"{self.subject.name} ({self.size.name}, {self.theme}, {self.language}{line})"


def subjects(screens: Iterable[Screen]) -> tuple[Subject, ...]:
    """Return what there is to look at on some screens."""
    held = tuple(screens)
    login = (SIGNUP, LOGIN) if Screen.LOGIN in held else ()
    return (*login, *(Subject(one.value.replace("_", "-"), one) for one in held if one is not Screen.LOGIN))


def visits_of(subject: Subject, languages: Sequence[str]) -> Iterator[Visit]:
    """Return all looks at one screen; ``languages`` are those that the CRM speaks beside English.

    Each size is seen once, and on the smallest both themes, every language, and the slow line.
    """
    yield Visit(subject, is_slow=True)
    yield Visit(subject, theme="dark")
    yield Visit(subject, TABLET)
    yield Visit(subject, FOUR_TO_THREE, theme="dark")
    yield Visit(subject, SIXTEEN_TO_NINE)
    yield Visit(subject, language=UNKNOWN)
    for language in languages:
        yield Visit(subject, language=language)
    for language in languages[:1]:
        yield Visit(subject, language=language, theme="dark")
