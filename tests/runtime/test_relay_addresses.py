"""Which addresses a relay changes in what a CRM and a browser say to each other, and which it leaves alone."""

import pytest

from mock_ctrader.runtime.relay_addresses import Origins, for_scripts, holds_addresses, origin_of, read_cookies

CRM, HERE = "https://crm.example.com", "http://127.0.0.1:9001"
ORIGINS = Origins({CRM: HERE, "http://127.0.0.1:8080": "http://127.0.0.1:9002"})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("href='https://crm.example.com/a?b'", "href='http://127.0.0.1:9001/a?b'"),
        ("'//crm.example.com/a'", "'http://127.0.0.1:9001/a'"),
        (r'"https:\/\/crm.example.com\/a"', r'"http:\/\/127.0.0.1:9001\/a"'),
        ("https://crm.example.com:443/", "http://127.0.0.1:9001/"),
        ("HTTPS://CRM.example.com.", "http://127.0.0.1:9001."),
        ("form-action 'self' https://crm.example.com; x", "form-action 'self' http://127.0.0.1:9001; x"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:9002/x"),
    ],
)
def test_address_of_the_crm_becomes_one_of_this_machine(said, shown):
    """An address of the CRM is found in every spelling that pages have."""
    assert ORIGINS.text(said.encode()).decode() == shown


@pytest.mark.parametrize(
    "said",
    [
        "https://crm.example.com.evil.example/",
        "https://crm.example.com@evil.example/",
        "https://crm.example.com:8443/",
        "http://crm.example.com/",
        "ftp://crm.example.com/",
        "https://not-crm.example.com/",
        "http://127.0.0.1:80801/",
        "https%3A%2F%2Fcrm.example.com%2F",
        "crm.example.com",
    ],
)
def test_other_addresses_stay(said):
    """What only looks like the CRM's origin is left as it is."""
    assert ORIGINS.text(said.encode()).decode() == said


def test_addresses_go_both_ways():
    """An address keeps its path, query and fragment in both directions, and a stranger's is not changed."""
    assert ORIGINS.local(f"{CRM}:443/a?b=c#d") == f"{HERE}/a?b=c#d"
    assert ORIGINS.remote(f"{HERE}/a?b=c") == f"{CRM}/a?b=c"
    assert ORIGINS.local("https://other.example.com/a") == "https://other.example.com/a"
    assert ORIGINS.remote("null") == "null"
    assert f"{CRM}/x" in ORIGINS
    assert "https://other.example.com" not in ORIGINS


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTP://[::1]:80/x", "http://[::1]"),
        ("https://a.example:8443/x", "https://a.example:8443"),
        ("/x", ""),
        ("javascript:alert(1)", ""),
        ("http://a:b:c/", ""),
    ],
)
def test_origin_of_an_address(url, origin):
    """An origin is scheme, host and port, and what is no address of the web has none."""
    assert origin_of(url) == origin


def test_request_headers_are_said_as_from_the_crms_own_page():
    """The CRM sees its own origin, and nothing that belongs to the connection or to the person's browser."""
    headers = (
        ("Host", "127.0.0.1:9001"),
        ("Origin", HERE),
        ("Referer", f"{HERE}/form?a=b"),
        ("Connection", "keep-alive, X-Hop"),
        ("X-Hop", "1"),
        ("Cookie", "a=b"),
        ("User-Agent", "the person's"),
        ("Sec-CH-UA", "the person's"),
        ("X-Own", "kept"),
    )
    assert ORIGINS.asked(headers) == (("Origin", CRM), ("Referer", f"{CRM}/form?a=b"), ("X-Own", "kept"))
    assert ORIGINS.asked((("Origin", "null"),)) == (("Origin", "null"),)


def test_answer_headers_hold_addresses_of_this_machine():
    """Addresses in headers are changed, framing rules are passed on, and what is of one connection is dropped."""
    headers = (
        ("Location", f"{CRM}/next"),
        ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", f"form-action {CRM}; frame-ancestors https://app.example.com"),
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        ("Set-Cookie", "a=b"),
        ("Strict-Transport-Security", "max-age=1"),
    )
    assert ORIGINS.answered(headers) == (
        ("Location", f"{HERE}/next"),
        ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", f"form-action {HERE}; frame-ancestors https://app.example.com"),
    )


def test_scripts_get_the_cookies_that_they_may_read():
    """A cookie for the server alone stays with the application, another loses what ties it to the CRM's host."""
    given = ["sid=1; HttpOnly; Path=/", "csrf=2; Path=/; Domain=crm.example.com; Secure; SameSite=None; Max-Age=60"]
    assert for_scripts(given) == ["csrf=2; Path=/; Max-Age=60"]


def test_cookies_of_a_request_are_read():
    """Pairs are read as they stand, and what is no pair is left out."""
    assert read_cookies("a=b=c; d=; bad; =x") == {"a": "b=c", "d": ""}


def test_kinds_of_bodies_that_hold_addresses():
    """Pages, scripts, styles and JSON are looked through, pictures are not."""
    kinds = ["text/html; charset=utf-8", "application/json", "application/problem+json", "text/css", "text/javascript"]
    assert all(holds_addresses(kind) for kind in kinds)
    assert not any(holds_addresses(kind) for kind in ("image/svg+xml", "application/octet-stream", "text/plain", ""))
