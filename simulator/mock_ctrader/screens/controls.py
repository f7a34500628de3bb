"""Fields and buttons of a form, with all that tells a person what they are for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Final

from mock_ctrader.screens.markup import Node, is_hidden
from mock_ctrader.screens.page import Bounds, Control, Option

CONTROL_TAGS: Final = frozenset({"input", "select", "textarea", "button"})
_FIELDS_IN_LABEL: Final = frozenset({"select", "textarea", "button"})
_MOST_WRAPPERS: Final = 3
_MOST_LABELS: Final = 3
_LEGEND_WITHIN: Final = 5
_WRAPPERS: Final = frozenset({"td", "dd", "div", "p", "span"})
_LONGEST_LABEL: Final = 500


@dataclass(frozen=True, slots=True)
class Labels:
    """Finds the words that belong to a control; what was read once is kept, since many controls may share it."""

    ids: dict[str, Node]
    nodes: tuple[Node, ...]
    _aimed: dict[str, list[Node]] = field(default_factory=dict[str, list[Node]])
    _texts: dict[Node, str] = field(default_factory=dict["Node", str])
    _befores: dict[Node, str] = field(default_factory=dict["Node", str])

    def __post_init__(self) -> None:
        for node in self.nodes:
            if node.tag == "label" and node.get("for"):
                self._aimed.setdefault(node.get("for"), []).append(node)

    def of(self, node: Node) -> str:
        """Return the label of a control: what names it, points at it or surrounds it."""
        around = node.within("label")
        candidates = (
            self._named_by(node),
            " ".join(self._text(label) for label in self._aimed.get(node.get("id"), [])[:_MOST_LABELS]),
            self._text(around) if around is not None else "",
            node.get("aria-label"),
            node.get("title"),
        )
        return next((text for text in candidates if text), "")

    def of_group(self, node: Node) -> str:
        """Return what stands over a group of radio buttons."""
        groups = (around for around in node.ancestors() if around.get("role") in {"radiogroup", "group"})
        group = next(groups, None)
        named = "" if group is None else self._named_by(group) or group.get("aria-label")
        fieldset = node.within("fieldset")
        first = islice((fieldset or node).children, _LEGEND_WITHIN)
        legends = (inner.text() for inner in first if isinstance(inner, Node) and inner.tag == "legend")
        return named or next(legends, "")

    def _named_by(self, node: Node) -> str:
        named = (self.ids.get(name) for name in node.get("aria-labelledby").split()[:_MOST_LABELS])
        return " ".join(self._text(other) for other in named if other is not None)

    def nearby(self, node: Node) -> str:
        """Return the text that stands before a control, or before the cell or wrappers it is alone in."""
        wrappers = takewhile(lambda around: around.tag in _WRAPPERS, node.ancestors())
        texts = (self._before(place) for place in (node, *islice(wrappers, _MOST_WRAPPERS)))
        return next((text for text in texts if text), "")

    def _text(self, node: Node) -> str:
        if node not in self._texts:
            self._texts[node] = node.text(_FIELDS_IN_LABEL, limit=_LONGEST_LABEL)[:_LONGEST_LABEL]
        return self._texts[node]

    def _before(self, node: Node) -> str:
        if node not in self._befores:
            self._befores[node] = _before(node)
        return self._befores[node]


def read_controls(nodes: Sequence[Node], labels: Labels) -> tuple[Control, ...]:
    """Read the controls of one form in their order; radio buttons of one name become one control."""
    radios: dict[str, list[Node]] = {}
    for node in nodes:
        if _kind(node) == "radio" and node.get("name"):
            radios.setdefault(node.get("name"), []).append(node)
    found: list[Control] = []
    for node in nodes:
        kind = _kind(node)
        if kind == "radio":
            group = radios.pop(node.get("name"), None)
            found.extend([_radio_group(group, labels)] if group else [])
        elif kind != "reset":
            found.append(_control(node, kind, labels))
    return tuple(found)


def _kind(node: Node) -> str:
    named = node.get("type").lower()
    if node.tag == "button":
        return named if named in {"button", "reset"} else "submit"
    if node.tag in {"select", "textarea"}:
        return node.tag
    return named or "text"


def _control(node: Node, kind: str, labels: Labels) -> Control:
    is_button = kind in {"submit", "image", "button"}
    return Control(
        kind=kind,
        name=node.get("name"),
        value=_value(node, kind),
        id=node.get("id"),
        label=_button_text(node, kind) if is_button else labels.of(node),
        placeholder=node.get("placeholder"),
        nearby="" if is_button or kind == "hidden" else labels.nearby(node),
        autocomplete=node.get("autocomplete").lower(),
        required=_is_required(node),
        disabled=_is_disabled(node),
        readonly=node.has("readonly"),
        visible=not is_hidden(node, node.within("form")),
        checked=node.has("checked"),
        multiple=node.has("multiple"),
        options=_select_options(node) if kind == "select" else (),
        bounds=Bounds(*(node.get(name) for name in ("min", "max", "pattern", "minlength", "maxlength"))),
        action=node.attributes.get("formaction"),
        method=node.attributes.get("formmethod"),
        enctype=node.attributes.get("formenctype"),
        sends_anything=is_button and node.has("formnovalidate"),
    )


def _value(node: Node, kind: str) -> str:
    if kind == "textarea":
        # The first line end of a textarea belongs to the markup.
        return node.raw_text().removeprefix("\r").removeprefix("\n")
    return node.attributes.get("value", "on" if kind == "checkbox" else "")


def _button_text(node: Node, kind: str) -> str:
    shown = node.text() if node.tag == "button" else node.get("value")
    given = shown or node.get("alt") or node.get("aria-label") or node.get("title")
    return given or ("Submit" if kind == "submit" else "")


def _radio_group(group: Sequence[Node], labels: Labels) -> Control:
    first = group[0]
    options = tuple(
        Option(
            value=node.attributes.get("value", "on"),
            text=labels.of(node) or _after(node),
            chosen=node.has("checked"),
            disabled=_is_disabled(node),
            id=node.get("id"),
        )
        for node in group
    )
    return Control(
        kind="radio",
        name=first.get("name"),
        label=labels.of_group(first),
        required=any(_is_required(node) for node in group),
        disabled=all(option.disabled for option in options),
        visible=any(not is_hidden(node, node.within("form")) for node in group),
        options=options,
    )


def _select_options(node: Node) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=option.attributes.get("value", option.text()),
            text=option.get("label") or option.text(),
            chosen=option.has("selected"),
            disabled=option.has("disabled") or any(around.has("disabled") for around in _optgroups(option)),
        )
        for option in node.walk()
        if option.tag == "option"
    )


def _optgroups(option: Node) -> Iterable[Node]:
    return (node for node in option.ancestors() if node.tag == "optgroup")


def _is_required(node: Node) -> bool:
    return node.has("required") or node.get("aria-required").lower() == "true"


def _is_disabled(node: Node) -> bool:
    """Tell whether a control is out of use, by itself or by a fieldset around it."""
    legend = node.within("legend")
    spared = legend.parent if legend is not None else None
    sets = (around for around in node.ancestors() if around.tag == "fieldset" and around is not spared)
    return node.has("disabled") or any(around.has("disabled") for around in sets)


def _after(node: Node) -> str:
    """Return the text right behind a radio button that has no label."""
    item = node.behind()
    return item.strip() if isinstance(item, str) else item.text(_FIELDS_IN_LABEL)


def _before(node: Node) -> str:
    for item in node.before():
        if isinstance(item, Node) and any(inner.tag in CONTROL_TAGS for inner in (item, *item.walk())):
            return ""
        if text := " ".join(item.split()) if isinstance(item, str) else item.text(limit=_LONGEST_LABEL):
            return text[:_LONGEST_LABEL]
    return ""
