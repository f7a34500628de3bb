"""Reading the fields of a form from the body of a request."""

import pytest

from mock_ctrader.screens.posted import posted

PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nh\xc3\xa9llo\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n"
    b"--x--\r\n"
)


@pytest.mark.parametrize(
    ("kind", "body", "pairs"),
    [
        ("application/x-www-form-urlencoded", b"a=1&b=&a=%C3%A9+x", (("a", "1"), ("b", ""), ("a", "é x"))),
        ("application/x-www-form-urlencoded; charset=UTF-8", b"", ()),
        ("multipart/form-data; boundary=x", PARTS, (("note", "héllo"), ("file", "a.png"))),
        ("multipart/form-data", PARTS, ()),
        ("multipart/form-data; boundary=x", b"", ()),
        ("text/plain", b"a=1\r\nb=c=d\r\n", (("a", "1"), ("b", "c=d"))),
        ("application/json", b'{"a": 1}', ()),
        ("", b"a=1", ()),
    ],
)
def test_fields_are_read_as_they_were_sent(kind, body, pairs):
    """All three ways in which browsers send forms are read, and what is no form has no fields."""
    assert posted(kind, body) == pairs
