"""Page text into a :class:`Page`: forms with their labels, links, alerts, refresh."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Final

from mock_ctrader.errors import ScreenError
from mock_ctrader.platform.forms import AddressKind
from mock_ctrader.screens import markup
from mock_ctrader.screens.addresses import join, mask, path_of
from mock_ctrader.screens.controls import CONTROL_TAGS, Labels, read_controls
from mock_ctrader.screens.markup import Node
from mock_ctrader.screens.page import TEXTLESS, Control, Link, Page, ParsedForm, Refresh

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend"})
_ALERT_CLASS: Final = re.compile(r"error|alert|invalid", re.IGNORECASE)
_GOOD_NEWS: Final = re.compile(r"success", re.IGNORECASE)
_NOT_THE_ALERT: Final = frozenset({"label", "select", "textarea", "button", "legend"})
_REFRESH: Final = re.compile(r"\s*(\d*\.?\d*)[\s;,]*(?:url\s*=\s*)?[\"']?(.*?)[\"']?\s*", re.IGNORECASE | re.DOTALL)
_MOST_ALERTS: Final = 20
_MOST_MARKED: Final = 200
_LONGEST_TEXT: Final = 200
_NOWHERE: Final = ("#", "javascript:", "mailto:", "tel:", "about:", "data:", "blob:")
LONGEST_PAGE_TEXT: Final = 20_000
_LARGE: Final = 30_000
"""Characters of a page that is not remembered, in case that it comes again as it is."""
MOST_CONTROLS: Final = 5_000
"""Fields, buttons and forms of a page for people, and far more."""


def read_page(text: str, *, url: str, status: int = 200, charset: str = "utf-8") -> Page:
    """Read a page, however broken; raise :class:`ScreenError` only for one that has far too much on it."""
    return (_read_before if len(text) <= _LARGE else _read)(text, url, status, charset)


def _read(text: str, url: str, status: int, charset: str) -> Page:
    root, count = markup.parse(text)
    nodes = tuple(root.walk(without=frozenset({"template", "svg"})))
    _check_size(nodes, count, url)
    forms, loose = _forms(nodes)
    return Page(
        url=url,
        status=status,
        title=next((_short(node.text()) for node in nodes if node.tag == "title"), ""),
        base=_base(nodes, url),
        charset=charset,
        forms=forms,
        ways=tuple(way for node in nodes if node.tag in _WAYS and (way := _way(node)) is not None),
        alerts=_alerts(nodes),
        loose=loose,
        refresh=_refresh(nodes),
        text=root.shown_text(LONGEST_PAGE_TEXT),
    )


def _check_size(nodes: tuple[Node, ...], count: int, url: str) -> None:
    """Refuse what would keep everybody waiting: looking for words around fields takes its time."""
    controls = sum(node.tag in CONTROL_TAGS or node.tag == "form" for node in nodes)
    for found, most, what in (
        (count, markup.MOST_ELEMENTS, "elements"),
        (controls, MOST_CONTROLS, "form controls"),
    ):
        if found > most:
            raise ScreenError(
                f"the page has {found:,} {what}; at most {most:,} are read.",
                where=mask(url),
                cure="Check that the URL is that of a screen for people, and what the CRM repeats on it.",
            )


def parse_refresh(content: str) -> Refresh | None:
    """Read ``5; url=/next``, as a ``Refresh`` header or a meta element has it."""
    found = _REFRESH.fullmatch(content)
    if found is None or found[1] in {"", "."}:
        return None
    return Refresh(float(found[1]), found[2].strip())


def _base(nodes: Iterable[Node], url: str) -> str:
    href = next((node.get("href") for node in nodes if node.tag == "base" and node.has("href")), "")
    try:
        return join(url, href)
    except ScreenError:
        return url


def _refresh(nodes: Iterable[Node]) -> Refresh | None:
    asked = (
        node.get("content") for node in nodes if node.tag == "meta" and node.get("http-equiv").lower() == "refresh"
    )
    return next((refresh for content in asked if (refresh := parse_refresh(content))), None)


_WAYS: Final = {"a": ("href", AddressKind.LINK), "iframe": ("src", AddressKind.FRAME)}


def _way(node: Node) -> Link | None:
    attribute, kind = _WAYS[node.tag]
    href = node.get(attribute)
    if not href or href.lower().startswith(_NOWHERE):
        return None
    said = "" if kind is AddressKind.FRAME else node.text(limit=2 * _LONGEST_TEXT)
    return Link(href, _short(said or node.get("aria-label") or node.get("title")), node.get("id"), kind)


def _alerts(nodes: Iterable[Node]) -> tuple[str, ...]:
    alerting = islice((node for node in nodes if _is_alert(node)), _MOST_MARKED)
    marked = ((node, _short(node.text(_NOT_THE_ALERT))) for node in alerting)
    shown = dict(islice(((node, text) for node, text in marked if text), _MOST_ALERTS))
    # A marked wrapper around a marked message says the same with more words: the innermost counts.
    wrappers = {around for node in shown for around in node.ancestors()}
    return tuple(dict.fromkeys(text for node, text in shown.items() if node not in wrappers))


def _is_alert(node: Node) -> bool:
    classes = node.get("class")
    marked = node.get("role").lower() == "alert" or _ALERT_CLASS.search(classes)
    return (
        bool(marked)
        and not _GOOD_NEWS.search(classes)
        and node.tag not in _NOT_THE_ALERT
        and not markup.is_hidden(node)
    )


def _forms(nodes: tuple[Node, ...]) -> tuple[tuple[ParsedForm, ...], tuple[str, ...]]:
    ids = {node.get("id"): node for node in reversed(nodes) if node.get("id")}
    labels = Labels(ids, nodes)
    owned: dict[Node, list[Node]] = {node: [] for node in nodes if node.tag == "form"}
    loose: list[Node] = []
    for node in nodes:
        if node.tag in CONTROL_TAGS:
            owner = _owner(node, ids)
            (loose if owner is None else owned[owner]).append(node)
    headings = _headings(nodes)
    forms = tuple(_form(node, read_controls(inner, labels), headings[node]) for node, inner in owned.items())
    return forms, tuple(control.title for control in read_controls(loose, labels) if _is_loose(control))


def _is_loose(control: Control) -> bool:
    return control.kind not in TEXTLESS or control.is_choice


def _owner(node: Node, ids: dict[str, Node]) -> Node | None:
    if node.has("form"):
        named = ids.get(node.get("form"))
        return named if named is not None and named.tag == "form" else None
    return node.within("form")


def _headings(nodes: Iterable[Node]) -> dict[Node, str]:
    """Return for each form the headings in it and those since the form before it."""
    found: dict[Node, list[Node]] = {}
    above: list[Node] = []
    for node in nodes:
        if node.tag == "form":
            found[node], above = above, []
        elif node.tag in _HEADINGS:
            form = node.within("form")
            (above if form is None else found[form]).append(node)
    return {form: _short(" ".join(node.text() for node in texts[-3:])) for form, texts in found.items()}


def _form(node: Node, controls: tuple[Control, ...], heading: str) -> ParsedForm:
    marks = (node.get(name) for name in ("id", "name", "class", "aria-label"))
    return ParsedForm(
        action=node.get("action"),
        method=node.get("method").lower(),
        enctype=node.get("enctype").lower(),
        controls=controls,
        heading=heading,
        hints=" ".join((*marks, path_of(node.get("action")))),
        accept_charset=node.get("accept-charset"),
        is_search=node.get("role").lower() == "search" or any(control.kind == "search" for control in controls),
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


_read_before = lru_cache(maxsize=32)(_read)
