import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mock_ctrader.contract import xml

BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9))
    + b"]><a><login>&j;</login></a>"
)


def test_a_document_is_read_as_its_children():
    """The root's name, attributes, name spaces, comments and instructions do not matter."""
    body = b'<t:any xmlns:t="urn:t" id="1"><t:login>8<!-- eight -->0<?pause?>1</t:login><empty/><b><c>d</c></b></t:any>'
    assert xml.read(body) == {"login": "801", "empty": None, "b": {"c": "d"}}


def test_repeated_elements_are_a_list():
    """Lists have no element of their own."""
    assert xml.read(b"<a><b>1</b><c>x</c><b>2</b><b>3</b></a>") == {"b": ["1", "2", "3"], "c": "x"}


@pytest.mark.parametrize("body", [b"<a/>", b"<a>text</a>", b"<a><!-- nothing --></a>"])
def test_a_document_without_children_says_nothing(body):
    """Keys that are needed are then missed by name."""
    assert xml.read(body) == {}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not XML"),
        (b"{}", "not XML"),
        (b"<a>", "not XML"),
        (b"\x00", "not XML"),
        (b"<a>&unknown;</a>", "not XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "not XML"),
        (b"<a>" * 300 + b"</a>" * 300, "not XML"),
        (b"<a>" * 30 + b"</a>" * 30, "more than 20 deep"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b'<!DOCTYPE a SYSTEM "http://dtd.example.com/a.dtd"><a/>', "DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///dev/zero">]><a><login>&x;</login></a>', "DOCTYPE"),
    ],
)
def test_what_is_no_plain_document_is_refused(body, problem):
    """No entity is ever expanded, no document type read, nothing fetched."""
    found = xml.read(body)
    assert isinstance(found, str)
    assert problem in found


def test_a_document_that_would_grow_without_end_is_refused():
    """Entities within entities are not followed, whichever guard sees them first."""
    found = xml.read(BOMB)
    assert isinstance(found, str)
    assert "DOCTYPE" in found or "amplification" in found


def test_an_object_is_written_as_elements():
    """Booleans are in lower case, lists are repeated, objects are nested, an empty list is nothing."""
    value = {"login": 5, "swapFree": False, "rate": 0.0, "ranks": [], "b": ["x", {"c": 1}], "d": ("y",), "e": {}}
    assert xml.write("traderTO", value).decode() == (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<traderTO><login>5</login><swapFree>false</swapFree>"
        "<rate>0.0</rate><b>x</b><b><c>1</c></b><d>y</d><e/></traderTO>"
    )


@given(st.text(min_size=1))
def test_any_text_can_be_written(text):
    """What XML cannot carry is replaced; the rest comes back as it was, but for line ends."""
    found = xml.read(xml.write("a", {"b": text}))
    assert isinstance(found, dict)
    assert len(str(found["b"])) == len(text)
    if text.isprintable():
        assert found["b"] == text


NAMES = st.sampled_from(["login", "b-c", "x.y", "_z", "\u00e9"])
ODD = st.sampled_from(["a&b", "<x>", "]]>", "\r\n", "\t", "\x00", "\ud800", "\ufffe", "", " "])
SCALARS = st.text() | ODD | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.none()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)


def as_tree(name, value):
    """What lxml makes of an object, element by element."""
    element = etree.Element(name)
    if not isinstance(value, dict):
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        element.text = re.sub("[^\\t\\n\\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", shown)
        return element
    for key, held in value.items():
        for item in held if isinstance(held, list) else [held]:
            element.append(as_tree(key, item))
    return element


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_what_is_written_is_what_the_library_would_write(value):
    """No byte tells that no tree was made."""
    tree = etree.tostring(as_tree("answer", value), xml_declaration=True, encoding="UTF-8", standalone=True)
    assert xml.write("answer", value) == tree


@pytest.mark.parametrize("name", ["", "1a", "a b", "{u}l", "a:b", "<"])
def test_a_key_that_can_be_no_element_is_refused(name):
    """A document that nobody can read is not written."""
    with pytest.raises(ValueError, match="name"):
        xml.write("answer", {name: 1})


@given(st.binary())
def test_no_bytes_are_too_broken_to_be_read(body):
    """Reading ends with a mapping or with what is wrong."""
    assert isinstance(xml.read(body), dict | str)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<?xml version='1.0'?><a><b>1</b><b>é &lt;</b></a>", "<a>\n  <b>1</b>\n  <b>é &lt;</b>\n</a>"),
        ("  <a/>", "<a/>"),
        ("<a><b>", "<a><b>"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        ("plain", "plain"),
    ],
)
def test_a_document_is_indented_for_a_reader(text, shown):
    """Every element has its line; what is no document that may be read stays as it is."""
    assert xml.indented(text) == shown
