import base64

import pytest

from mock_ctrader.journal.showing import place_of, shown_body, shown_facts, shown_headers, shown_target, shown_url
from mock_ctrader.journal.sightings import Part, Place
from mock_ctrader.wire import Direction, Request

TO_CTRADER = Place(Direction.TO_CTRADER, "create_trader")


@pytest.fixture
def known(secrets):
    secrets.learn("webservToken", "abcdef/123")
    return secrets


@pytest.mark.parametrize(
    ("path", "query", "shown"),
    [
        ("/a", "", "/a"),
        ("/a", "?&token=abcdef/123&b=%41", "/a??&token=[webservToken-1]&b=%41"),
        ("/a", "token=%61bcdef%2f123", "/a?token=[webservToken-1]"),
        ("/a", "token=unknown", "/a?token=[webservToken]"),
        ("/a", "x=%61bcdef%2f123&y=", "/a?x=[webservToken-1]&y="),
        ("/a/%61bcdef%2f123", "abcdef/123", "/a/[webservToken-1]?[webservToken-1]"),
        ("/a", "next=https%3A%2F%2Fb%2F%3Ftoken%3Dxyz", "/a?next=https://b/?token=[token]"),
    ],
)
def test_a_target_is_shown_without_secrets(known, path, query, shown):
    """Odd percent-encodings are looked behind, and everything harmless stays as it was written."""
    assert shown_target(Request("GET", path, query), known, TO_CTRADER) == shown


def test_an_address_hides_the_password_before_its_host(known):
    """A staging CRM behind basic authentication has its password in the base address."""
    request = Request.to("GET", "https://ann:pw@crm.example:8443/a")
    assert shown_url(request, known) == "https://ann:[password]@crm.example:8443/a"
    assert shown_url(Request("GET", "/a"), known) == "/a"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer abcdef/123", "Bearer [webservToken-1]"),
        ("authorization", "some value", "[webservToken]"),
        ("Cookie", "sid=abcdef/123; lang=en; bare", "sid=[webservToken-1]; lang=[cookie];[cookie]"),
        ("Set-Cookie", "sid=xyz; Path=/; HttpOnly", "sid=[cookie]; Path=/; HttpOnly"),
        ("X-Admin-Token", "xyz", "[adminToken]"),
        ("Location", "https://a/b?lang=en&token=abcdef%2F123", "https://a/b?lang=en&token=[webservToken-1]"),
        ("Accept", "application/json", "application/json"),
    ],
)
def test_headers_are_shown_without_secrets(known, name, value, shown):
    """Schemes, names and attributes stay, credentials go."""
    assert shown_headers(((name, value),), known, TO_CTRADER) == [(name, shown)]


@pytest.mark.parametrize(
    ("body", "content_type", "shown"),
    [
        (b"", "", {}),
        (
            b'{"hashedPassword": "x", "n": [1, true, null, 2.5]}',
            "",
            {"json": {"hashedPassword": "[passwordHash]", "n": [1, True, None, 2.5]}},
        ),
        (
            b'{"token": {"value": "x", "ok": true}, "pwd": 5}',
            "",
            {"json": {"token": {"value": "[otToken]", "ok": True}, "pwd": "[password]"}},
        ),
        (
            b'{"abcdef/123": "see abcdef%2F123", "blank": "", "token": ""}',
            "",
            {"json": {"[webservToken-1]": "see [webservToken-1]", "blank": "", "token": ""}},
        ),
        (b"password=a+b&c=d", "application/x-www-form-urlencoded", {"text": "password=[password]&c=d"}),
        (b"<code>x</code><a>abcdef/123</a>", "application/xml", {"text": "<code>[code]</code><a>[webservToken-1]</a>"}),
        (b"\xff abcdef/123", "", {"base64": base64.b64encode(b"\xff [webservToken-1]").decode()}),
    ],
)
def test_a_body_is_shown_in_its_form(known, body, content_type, shown):
    """JSON as a value, the rest as text, bytes in base64, and none of them with a secret in it."""
    assert shown_body(body, (("Content-Type", content_type),), known, TO_CTRADER.at(Part.BODY)) == shown


def test_a_number_that_was_a_password_is_masked(secrets):
    """A value is secret in every type."""
    secrets.learn("password", "12345678")
    assert shown_body(b"[12345678, 87654321]", (), secrets) == {"json": ["[password-1]", 87654321]}


def test_facts_are_shown_by_key_and_by_value(known, make_entry):
    """A form's password is masked for its name, a landing address for its token."""
    facts = (("password", "pw"), ("title", "Hi"), ("landed", "https://a/?x=%61bcdef/123"))
    assert shown_facts(facts, known, place_of(make_entry())) == [
        ("password", "[password]"),
        ("title", "Hi"),
        ("landed", "https://a/?x=[webservToken-1]"),
    ]
