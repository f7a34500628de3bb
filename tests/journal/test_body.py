import pytest

from mock_ctrader.journal.body import DEEPEST, Body, Form, read_body

JSON = (("content-type", "application/json; charset=utf-8"),)


@pytest.mark.parametrize(
    ("raw", "content_type", "expected"),
    [
        (b'{"a": [1, 2.5, null]}', "text/plain", Body(Form.JSON, value={"a": [1, 2.5, None]})),
        (b" [1]", "", Body(Form.JSON, value=[1])),
        (b"12", "application/json", Body(Form.JSON, value=12)),
        (b"12", "", Body(Form.TEXT, "12")),
        (b'{"a": ', "application/json", Body(Form.TEXT, '{"a": ')),
        (b'{"a": NaN}', "application/json", Body(Form.TEXT, '{"a": NaN}')),
        (b"[1e999]", "application/json", Body(Form.TEXT, "[1e999]")),
        (b"a=1&b=2", "application/x-www-form-urlencoded", Body(Form.FIELDS, "a=1&b=2")),
        ("ελ".encode(), "", Body(Form.TEXT, "ελ")),
        ("é".encode("latin-1"), "text/plain; charset=ISO-8859-1; x=y", Body(Form.TEXT, "é")),
        ("<a/>".encode("utf-16"), "", Body(Form.TEXT, "<a/>")),
        (b"\xff\x00\x10", "", Body(Form.BINARY, "\xff\x00\x10")),
        (b"abc", "text/plain; charset=klingon", Body(Form.BINARY, "abc")),
    ],
)
def test_a_body_is_read_by_its_content_and_its_type(raw, content_type, expected):
    """JSON, form fields, text and bytes are recognised, whatever the peer says about them."""
    assert read_body(raw, (("Content-Type", content_type),)) == expected


@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
@pytest.mark.parametrize("braces", ["[]", ('{"a":', "}")])
def test_a_body_that_is_nested_too_deep_is_text(depth, braces):
    """No body can exhaust the stack of whoever walks it."""
    raw = braces[0] * depth + "1" * (braces[0] != "[") + braces[1] * depth
    assert read_body(raw.encode(), JSON) == Body(Form.TEXT, raw)


def test_a_wide_body_is_json():
    """Many small objects are no deep one."""
    assert read_body(b"[" + b",".join([b'{"a":[1]}'] * 200) + b"]", JSON).value == [{"a": [1]}] * 200
