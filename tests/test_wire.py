import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.errors import TransportError, Trouble
from mock_ctrader.wire import (
    MAX_ANSWER,
    Provenance,
    Request,
    Response,
    Violation,
    answer_to,
    failed,
    parse_query,
    path_and_query,
)

UNCLEAN = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "Cs"]))
"""Texts as a server may hand them on: bytes that are not UTF-8 arrive as lone surrogates."""


def test_the_name_of_a_header_has_no_case():
    """Of a header that comes twice, the first counts."""
    headers = (("accept", "a"), ("ACCEPT", "b"))
    assert Request("GET", "/", headers=headers).header("Accept") == "a"
    assert Response(200, headers).header("aCCept") == "a"
    assert Response(200).header("Accept") is None


@pytest.mark.parametrize(
    ("query", "token"),
    [
        ("token=abc", "abc"),
        ("&token=abc", "abc"),
        ("a=b&token=abc", "abc"),
        ("token=abc&a=b", "abc"),
        ("token=&token=abc", "abc"),
        ("token=abc&token=def", "abc"),
        ("token=a%62c", "abc"),
        ("token=", ""),
        ("token", ""),
        ("", None),
    ],
)
def test_a_query_is_read_wherever_its_parts_stand(query, token):
    """Empty parts count for nothing, and the first value that is not blank wins."""
    assert Request("GET", "/", query).parameters().get("token") == token


@given(UNCLEAN)
def test_no_query_is_too_broken_to_be_read(query):
    """Bad escapes and bytes of another encoding become some text or other."""
    assert all(len(pair) == 2 for pair in parse_query(query))


@pytest.mark.parametrize(
    ("url", "query", "target"),
    [
        ("http://crm.example.com", [], "/"),
        ("http://crm.example.com/a", [("x", "1 2")], "/a?x=1+2"),
        ("http://crm.example.com/a?y=%41", [("x", "1")], "/a?y=%41&x=1"),
        ("http://crm.example.com/a?y=1", [], "/a?y=1"),
    ],
)
def test_a_query_is_added_behind_the_one_of_the_url(url, query, target):
    """What the URL holds stays as it is written."""
    request = Request.to("POST", url, query=query, headers=(("A", "b"),), body=b"{}")
    assert request == Request("POST", *target.partition("?")[::2], (("A", "b"),), b"{}", "http", "crm.example.com")
    assert request.target == target
    assert request.url == f"http://crm.example.com{target}"


def test_a_request_without_a_host_shows_its_target():
    """An address is not invented where none is known."""
    assert Request("GET", "/v2", "a=b").url == "/v2?a=b"


@pytest.mark.parametrize("provenance", Provenance)
def test_only_what_we_assumed_is_a_mere_note(provenance):
    """Documented and observed clauses can be failed, assumed ones cannot."""
    violation = Violation("a.response.status", "200", "201", provenance, "edition 2025, 4.2")
    assert violation.is_note is (provenance is Provenance.ASSUMED)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a/b?x=1&y=2#z", ("/a/b", "x=1&y=2")),
        ("https://example.com", ("", "")),
        ("https://example.com?x=1", ("", "x=1")),
        ("/to/http://example.com/?u=http://y#f", ("/to/http://example.com/", "u=http://y")),
        ("http://[what/is?this=1", ("/is", "this=1")),
        ("//[::/a?b", ("//[::/a", "b")),
    ],
)
def test_a_path_and_its_query_are_found_behind_any_host(url: str, expected: tuple[str, str]) -> None:
    """A host that is none, as a caller may send it, disturbs nobody who reads the record."""
    assert path_and_query(url) == expected


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("reason", ["", "Connection refused"])
def test_what_went_wrong_is_told_without_secrets(trouble, reason):
    """Neither the query nor a password in the address is in the message."""
    told = failed(Request.to("GET", "http://ann:secret@crm.example.com/a?token=secret"), trouble, reason)
    assert str(told).startswith("GET http://crm.example.com/a: ")
    assert "secret" not in str(told)
    assert (told.trouble, told.reason) == (trouble, reason)


@pytest.mark.parametrize(("size", "end"), [(MAX_ANSWER, StopIteration), (MAX_ANSWER + 1, TransportError)])
def test_an_answer_that_is_too_large_is_none(size, end):
    """One byte more than the limit tells that there is more."""

    class Large:
        async def send(self, request, *, within, limit=MAX_ANSWER, pause=None):
            return Response(200, (), b"x" * size)

    with pytest.raises(end):
        answer_to(Large(), Request.to("GET", "http://crm.example.com/"), 1).send(None)


def test_long_queries_fill_no_memory() -> None:
    """What is remembered of queries is bounded in bytes: one of thousands of names takes thirty times its length."""
    tail = "&".join(f"a{number}" for number in range(1000))
    tracemalloc.start()
    try:
        for number in range(50):
            request = Request("GET", "/", f"token={number}&{tail}")
            assert request.parameters()["token"] == parse_query(request.query)[0][1] == str(number)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000
