"""What a page holds, as far as a person who fills in its forms is concerned: frozen data."""

from dataclasses import dataclass
from typing import Final

from mock_ctrader.platform.forms import AddressKind

SUBMITS: Final = frozenset({"submit", "image"})
BUTTONS: Final = frozenset({*SUBMITS, "button"})
CHOICES: Final = frozenset({"select", "radio"})
TEXTLESS: Final = frozenset({*BUTTONS, *CHOICES, "checkbox", "hidden", "file"})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or of a group of radio buttons."""

    value: str
    text: str
    chosen: bool = False
    disabled: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a field lets in, as the page has it: ``min``, ``max``, ``pattern``, ``minlength``, ``maxlength``."""

    low: str = ""
    high: str = ""
    pattern: str = ""
    shortest: str = ""
    longest: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One field or button of a form; radio buttons of one name are one control with options."""

    kind: str
    """``select``, ``radio``, ``checkbox``, ``textarea``, ``submit``, ``image``, ``button`` (that sends nothing),
    ``hidden``, ``file``, or the type of a text field."""
    name: str = ""
    value: str = ""
    id: str = ""
    label: str = ""
    placeholder: str = ""
    nearby: str = ""
    """The text before the control, for pages that label with plain text."""
    autocomplete: str = ""
    required: bool = False
    disabled: bool = False
    readonly: bool = False
    visible: bool = True
    """False where style or attribute hides it: a trap for robots, or something that a script shows."""
    checked: bool = False
    multiple: bool = False
    options: tuple[Option, ...] = ()
    bounds: Bounds = Bounds()
    action: str | None = None
    """``formaction`` of a button, and ``method`` and ``enctype`` likewise: they override the form's."""
    method: str | None = None
    enctype: str | None = None
    sends_anything: bool = False
    """``formnovalidate`` of a button: it sends the form though required fields are blank."""

    @property
    def is_text(self) -> bool:
        """Something can be typed here."""
        return self.kind not in TEXTLESS

    @property
    def is_box(self) -> bool:
        """It is ticked or not."""
        return self.kind == "checkbox"

    @property
    def is_choice(self) -> bool:
        """One of several options can be chosen here."""
        return self.kind in CHOICES

    @property
    def names(self) -> tuple[str, ...]:
        """Return all that a person may call the control by, the surest first."""
        return (self.name, f"#{self.id}" if self.id else "", self.label, self.placeholder, self.nearby)

    @property
    def title(self) -> str:
        """How to call the control in a message."""
        return self.name or (f"#{self.id}" if self.id else "") or self.label or self.kind

    def is_called(self, wanted: str) -> bool:
        """Tell whether a profile means this control: by its name, or by ``#id``."""
        ids = {self.id, *(option.id for option in self.options)} - {""}
        return wanted == self.name if not wanted.startswith("#") else wanted[1:] in ids


@dataclass(frozen=True, slots=True)
class ParsedForm:
    """One form of a page, with its controls in the order of the page."""

    action: str = ""
    """As the page has it; empty means the page's own address."""
    method: str = "get"
    enctype: str = ""
    controls: tuple[Control, ...] = ()
    heading: str = ""
    """Headings in the form and right above it."""
    hints: str = ""
    """Id, name, classes and the like, which often tell what a form is for."""
    accept_charset: str = ""
    is_search: bool = False

    @property
    def buttons(self) -> tuple[Control, ...]:
        """Return the buttons that send the form and can be pressed."""
        return tuple(control for control in self.controls if control.kind in SUBMITS and not control.disabled)

    @property
    def inputs(self) -> tuple[Control, ...]:
        """Return what a person can fill in: neither buttons nor what is hidden or out of use."""
        aside = {*BUTTONS, "hidden"}
        return tuple(
            control
            for control in self.controls
            if control.kind not in aside and control.visible and not control.disabled
        )


@dataclass(frozen=True, slots=True)
class Link:
    """Something that leads to another page, or a frame that shows one; ``href`` is as the page has it."""

    href: str
    text: str = ""
    id: str = ""
    kind: AddressKind = AddressKind.LINK


@dataclass(frozen=True, slots=True)
class Refresh:
    """The page asks to be followed by another after so many seconds; no ``href``: by itself."""

    delay: float
    href: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched and read."""

    url: str
    status: int = 200
    title: str = ""
    base: str = ""
    """What relative addresses on the page are relative to."""
    charset: str = "utf-8"
    forms: tuple[ParsedForm, ...] = ()
    ways: tuple[Link, ...] = ()
    """Links and frames in the order of the page."""
    alerts: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    """Fields that belong to no form: nothing but a script can send them."""
    refresh: Refresh | None = None
    text: str = ""
    """What a person reads on the page, on one line."""

    @property
    def links(self) -> tuple[Link, ...]:
        """Return what can be clicked to go to another page."""
        return tuple(way for way in self.ways if way.kind is AddressKind.LINK)

    @property
    def frames(self) -> tuple[Link, ...]:
        """Return the pages that are shown within this one."""
        return tuple(way for way in self.ways if way.kind is AddressKind.FRAME)
