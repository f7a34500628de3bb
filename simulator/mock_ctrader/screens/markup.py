"""HTML text into a plain tree: the only module that knows lxml."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final, Union

from lxml import etree

DEEPEST: Final = 256
"""Elements nested deeper than this become siblings, as browsers do it too, only later: looking around stays cheap."""
# What is in these belongs to them, so that a few more levels are theirs.
_SPARED: Final = 32
_HOLDING: Final = frozenset(
    {"form", "label", "select", "optgroup", "option", "button", "textarea", "fieldset", "legend", "a", "title"}
    | {"script", "style", "template", "svg"}
)
MOST_ELEMENTS: Final = 100_000
"""More of a page is not read."""

_UNSEEN: Final = frozenset({"script", "style", "template"})
_NOT_READ: Final = frozenset({"head", "svg", "textarea"})
_BLOCKS: Final = frozenset(
    {"br", "p", "div", "li", "td", "th", "tr", "dt", "dd", "option", "label", "legend", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "section", "article", "main", "header", "footer", "nav", "ul", "ol", "table", "form", "fieldset", "hr"}
    | {"pre", "blockquote", "address", "button", "select", "aside"}
)

# lxml gives text; its stubs promise no more than either.
_Text = str | bytes
_HIDING: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Node:
    """An element with its attributes and, in order, the elements and texts inside it."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    parent: Union["Node", None] = None
    children: list[Union["Node", str]] = field(default_factory=list["Node | str"])
    position: int = 0
    """The place among the parent's children."""
    holds_text: bool = False
    """There is something to read in here, be it deep inside or the text of an image."""

    def get(self, name: str) -> str:
        """Return an attribute without the blanks around it; what is missing is empty."""
        return self.attributes.get(name, "").strip()

    def has(self, name: str) -> bool:
        """Tell whether an attribute is there, whatever its value: ``required``, ``disabled`` ..."""
        return name in self.attributes

    def walk(self, without: frozenset[str] = frozenset()) -> Iterator["Node"]:
        """Yield all elements below in document order, leaving out some and what is in them."""
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            if node is not self:
                yield node
            inner = [child for child in node.children if isinstance(child, Node) and child.tag not in without]
            stack.extend(reversed(inner))

    def ancestors(self) -> Iterator["Node"]:
        """Yield the elements around this one, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def within(self, *tags: str) -> Union["Node", None]:
        """Return the nearest element around this one that has one of the tags."""
        return next((node for node in self.ancestors() if node.tag in tags), None)

    def before(self) -> Iterator[Union["Node", str]]:
        """Yield what stands before this element in its parent, the nearest first."""
        siblings = self.parent.children if self.parent is not None else []
        return (siblings[place] for place in range(self.position - 1, -1, -1))

    def behind(self) -> Union["Node", str]:
        """Return what stands right behind this element in its parent; nothing is an empty text."""
        siblings = self.parent.children if self.parent is not None else []
        return siblings[self.position + 1] if self.position + 1 < len(siblings) else ""

    def raw_text(self) -> str:
        """Return the text directly inside, blanks and line ends as they are."""
        return "".join(child for child in self.children if isinstance(child, str))

    def text(self, without: frozenset[str] = frozenset(), *, only_shown: bool = False, limit: int = 10_000) -> str:
        """Return what a person reads here, on one line.

        ``without`` leaves out elements by tag, ``only_shown`` those that attribute or style hides. What stands
        after some ``limit`` characters is left out.
        """
        pieces: list[str] = []
        length = 0
        stack: list[Node | str] = [*reversed(self.children)] if self.holds_text else []
        while stack and length <= limit:
            item = stack.pop()
            if isinstance(item, str):
                pieces.append(item)
                length += 0 if item.isspace() else len(item)
            elif item.tag in _UNSEEN or item.tag in without or (only_shown and _hides(item)):
                continue
            elif item.holds_text:
                gap = " " if item.tag in _BLOCKS else ""
                stack.extend((gap, *reversed(item.children), item.get("alt") if item.tag == "img" else gap))
            elif item.tag in _BLOCKS:
                pieces.append(" ")
        return " ".join("".join(pieces).split())

    def shown_text(self, limit: int) -> str:
        """Return what a person reads here who looks at a page: no text of fields, nothing hidden."""
        return self.text(_NOT_READ, only_shown=True, limit=limit)[:limit]


def is_hidden(node: Node, below: Node | None = None) -> bool:
    """Tell whether an element is kept from the reader by attribute or style, its own or one around it.

    ``below`` is where looking around ends: a form in a folded tab hides its fields, but not from each other.
    """
    parts = takewhile(lambda part: part is not below, (node, *node.ancestors()))
    return any(_hides(part) for part in parts)


def _hides(node: Node) -> bool:
    return node.has("hidden") or (node.has("style") and _HIDING.search(node.get("style")) is not None)


class _Builder:
    """Takes lxml's parse events; what was built before a hopeless spot of a page is kept."""

    def __init__(self) -> None:
        self.root = Node("#document")
        self._at = self.root
        self._kept = list[bool]()
        """Of each open element, whether it holds what is in it, or was nested too deep for that."""
        self._depth = 0
        self.count = 0

    def start(self, tag: _Text, attrib: dict[_Text, _Text]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            self._kept.append(False)
            return
        attributes = {_str(name): _str(value) for name, value in attrib.items()}
        node = Node(_str(tag), attributes, self._at, position=len(self._at.children))
        self._at.children.append(node)
        if node.get("alt"):
            self._mark(node)
        is_kept = self._depth < DEEPEST + (_SPARED if node.tag in _HOLDING else 0)
        self._kept.append(is_kept)
        if is_kept:
            self._at = node
            self._depth += 1

    def end(self, tag: _Text) -> None:
        # Every start has its end; were one missing, the tree would only be flatter than meant.
        if self._kept and self._kept.pop():
            self._at = self._at.parent or self.root
            self._depth -= 1

    def data(self, data: _Text) -> None:
        text = _str(data)
        self._at.children.append(text)
        if self._at.tag not in _UNSEEN and not text.isspace():
            self._mark(self._at)

    def _mark(self, node: Node | None) -> None:
        while node is not None and not node.holds_text:
            node.holds_text = True
            node = node.parent

    def comment(self, text: _Text) -> None: ...

    def close(self) -> None: ...


def _str(text: _Text) -> str:
    return text if isinstance(text, str) else text.decode()


def parse(text: str) -> tuple[Node, int]:
    """Make a tree of a page, however broken, and count its elements; an empty text gives an empty tree.

    The tree of a page with more than :data:`MOST_ELEMENTS` ends there.
    """
    builder = _Builder()
    parser = etree.HTMLParser(target=builder, encoding="utf-8", no_network=True, huge_tree=False, recover=True)
    data = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")
    # A browser shows whatever it could read, so a parser that gives up half-way is no error here.
    with suppress(etree.LxmlError):
        etree.fromstring(data, parser)
    return builder.root, builder.count
