import json
import tracemalloc

import pytest

from mock_ctrader.journal.sightings import ENDINGS, KINDS, Part, Place, kind_of, secrets_of, sightings
from mock_ctrader.wire import Direction, Request, Response

TO_CTRADER, TO_CRM, SCREEN, SESSION = (
    Direction.TO_CTRADER,
    Direction.TO_CRM,
    Direction.SCREEN,
    Direction.SESSION,
)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("password", "password"),
        ("new_password2", "password"),
        ("user[password_confirmation]", "password"),
        ("hashedPassword", "passwordHash"),
        ("traderPasswordHash", "passwordHash"),
        ("crmApiToken", "crmApiToken"),
        ("access_token", "accessToken"),
        ("inappToken", "inappToken"),
        ("webservToken", "webservToken"),
        ("authToken", "authToken"),
        ("X-Admin-Token", "adminToken"),
        ("X-CSRF-Token", "csrfToken"),
        ("refreshToken", "token"),
        ("client_secret", "secret"),
        ("X-Api-Key", "apiKey"),
        ("Cookie", "cookie"),
        ("Set-Cookie", "cookie"),
        ("Proxy-Authorization", "authorization"),
        ("email", None),
        ("errorCode", None),
        ("tokenType", None),
        ("passwordUrl", None),
        ("code", None),
        ("", None),
    ],
)
def test_a_key_tells_the_kind_of_its_secret(key, kind):
    """The end of a key's name decides, in any spelling; names and e-mail addresses are no secrets."""
    assert kind_of(key) == kind
    assert kind is None or kind in KINDS


@pytest.mark.parametrize(
    ("key", "place", "kind"),
    [
        ("token", Place(TO_CTRADER, "create_trader", Part.QUERY), "webservToken"),
        ("token", Place(TO_CTRADER, "redeem_inapp_token", Part.BODY), "otToken"),
        ("token", Place(TO_CRM, "exchange_ot_token", Part.QUERY), "crmApiToken"),
        ("token", Place(TO_CRM, "generate_ot_token", Part.ANSWER), "otToken"),
        ("token", Place(SCREEN, "deposit", Part.QUERY), "otToken"),
        ("token", Place(SESSION, "authorise", Part.FACT), "otToken"),
        ("token", Place(SCREEN, "login", Part.HEADER), "token"),
        ("token", Place(), "token"),
        ("code", Place(TO_CRM, "exchange_ot_token", Part.BODY), "otToken"),
        ("code", Place(SCREEN, "login", Part.QUERY), "code"),
        ("code", Place(SCREEN, "login", Part.FACT), "code"),
        ("code", Place(SESSION, "authorise", Part.FACT), None),
        ("code", Place(TO_CRM, "exchange_ot_token", Part.ANSWER), None),
        ("code", Place(TO_CTRADER, "create_copy_code", Part.ANSWER), "copyCode"),
        ("Authorization", Place(TO_CTRADER, "invited_users", Part.HEADER), "webservToken"),
        ("Authorization", Place(TO_CRM, "new_user_webhook", Part.HEADER), "authorization"),
    ],
)
def test_the_place_tells_what_an_ambiguous_key_means(key, place, kind):
    """`token` and `code` name different secrets in different calls."""
    assert kind_of(key, place) == kind


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('{"crmApiToken": "abc\\"d"}', "crmApiToken", 'abc\\"d'),
        ("{'password': 'abc'}", "password", "abc"),
        ('{"password": -1.5}', "password", "-1.5"),
        (r'"{\"accessToken\":\"abc\"}"', "accessToken", "abc"),
        ("<webservToken>abc</webservToken>", "webservToken", "abc"),
        ('<n:hashedPassword x="1"><![CDATA[abc]]></n:hashedPassword>', "hashedPassword", "abc"),
        ("GET /v2?a=1&token=abc&b=2", "token", "abc"),
        ("token=abc, and more", "token", "abc"),
        ('password="a b"', "password", "a b"),
        ("pwd='a b'", "pwd", "a b"),
        ('name="new_password"\r\nX: y\r\n\r\nabc\r\n--b', "password", "abc"),
        ("Authorization: Bearer abc\r\nX: y", "Authorization", "abc"),
        ("Cookie: a=b; c=d\n", "Cookie", "a=b; c=d"),
        ("https://user:abc@crm.example/", "password", "abc"),
    ],
)
def test_text_is_searched_in_every_usual_syntax(text, key, value):
    """JSON, XML, forms, multipart, header lines, addresses: a value under a secret's key is found."""
    seen = list(sightings(text))
    assert [(each.key, text[each.start : each.stop]) for each in seen] == [(key, value)]


@pytest.mark.parametrize(
    "text", ["nothing here", "CID_NON_EXISTED_TOKEN: no such token", "token=", 'token=""', "https://a:80/"]
)
def test_innocent_text_holds_no_sighting(text):
    """Words alone are no secrets, and neither are blanks."""
    assert list(sightings(text)) == []


def found(direction, endpoint="", request=None, response=None, facts=()):
    return list(secrets_of(Place(direction, endpoint), request, response, facts))


def test_an_exchange_yields_its_secrets_in_the_order_they_were_said():
    """Query, headers, body, answer, facts: numbering depends on nothing else."""
    request = Request(
        "POST",
        "/oauth2/onetime/generate",
        "crmApiToken=crm&inappToken=in&lang=en",
        (("Cookie", 'sid="abcdefghijkl"; lang=en'), ("Referer", "https://a/b?token=ref#x"), ("Accept", "*/*")),
        b'{"userId": 5, "list": [{"accessToken": ["one", "two"]}], "next": "/x?token=url&code=c&lang=en"}',
    )
    response = Response(
        200, (("Set-Cookie", "sid=mnopqrstuvwx; Path=/long-enough-path"),), b'{"token": "ot", "code": "E"}'
    )
    assert found(TO_CRM, "generate_ot_token", request, response, (("password", "pw"), ("title", "Hello"))) == [
        ("crmApiToken", "crm"),
        ("inappToken", "in"),
        ("cookie", "abcdefghijkl"),
        ("otToken", "ref"),
        ("accessToken", "one"),
        ("accessToken", "two"),
        ("otToken", "url"),
        ("code", "c"),
        ("cookie", "mnopqrstuvwx"),
        ("otToken", "ot"),
        ("password", "pw"),
    ]


def test_the_scheme_of_an_authorisation_is_no_part_of_the_secret():
    """`Bearer` is not learned, and a value without a scheme is learned whole."""
    bearer = Request("GET", "/v1/users", headers=(("Authorization", "Bearer abc"),))
    webhook = Request("POST", "/hook", headers=(("Authorization", "the broker's"),))
    assert found(TO_CTRADER, request=bearer) == [("webservToken", "abc")]
    assert found(TO_CRM, request=webhook) == [("authorization", "the broker's")]


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"password=a%26b&email=x", "application/x-www-form-urlencoded", [("password", "a&b")]),
        (b"<t><webservToken>a&amp;b</webservToken></t>", "application/xml", [("webservToken", "a&b")]),
        (b"<html><script>password=field.value</script></html>", "text/html", []),
        (b"error code=5", "text/plain", []),
    ],
)
def test_answers_that_are_not_json_are_searched_too(body, content_type, expected):
    """Forms and XML are decoded; a page's scripts are left alone."""
    response = Response(200, (("Content-Type", content_type),), body)
    assert found(TO_CTRADER, response=response) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("nDJvNuI28pjtSyjPZh_Hq8MYEI0K9Jg-YpfcowpRvdk", "secret"),
        ("0f94e246908667af85916300c57f74b6", "secret"),
        ("an-ordinary-word-of-more-than-32-letters", None),
        ("Short1", None),
    ],
)
def test_a_random_value_in_the_address_of_a_page_is_a_secret(value, kind):
    """The link of a mail opens an account, whatever the CRM calls its parameter; calls have keys of the contract."""
    found = secrets_of(Place(Direction.SCREEN), Request("GET", "/auth/reset", f"link={value}"), None, ())
    assert list(found) == ([(kind, value)] if kind else [])
    call = Request("GET", "/v2/webserv/traders", f"cursor={value}")
    assert list(secrets_of(Place(Direction.TO_CTRADER), call, None, ())) == []


@pytest.mark.parametrize(
    "key", sorted([*ENDINGS, "code", "authorization", "X-Api-Key", "user_password", "ACCESS_TOKEN"])
)
def test_no_secret_is_passed_over_for_the_sake_of_speed(key):
    """A body is read if any key in it can name a secret, however the key is spelled."""
    body = json.dumps({"a": 1, key: "a long enough value"}).encode()
    place = Place(TO_CRM).at(Part.BODY)
    expected = [(kind_of(key, place), "a long enough value")]
    assert found(TO_CRM, request=Request("POST", "/oauth2/authorize", body=body)) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_a_key_in_other_letters_is_read_too(encoding):
    """JSON may escape any letter, and may be in UTF-16."""
    body = '{"\\u0074oken": "a long enough value"}' if encoding == "utf-8" else '{"token": "a long enough value"}'
    request = Request("POST", "/x", headers=(("Content-Type", "application/json"),), body=body.encode(encoding))
    assert found(TO_CRM, request=request) == [("otToken", "a long enough value")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            b'<?xml version="1.0"?><t><hashedPassword>abc123</hashedPassword><login>5</login></t>',
            [("passwordHash", "abc123")],
        ),
        (b'<t xmlns="urn:t"><o:token xmlns:o="urn:o">abc123</o:token></t>', [("otToken", "abc123")]),
        (b'<t accessToken="abc123"/>', [("accessToken", "abc123")]),
        (b"<t><note>see https://crm.example.com/in?token=abc123 there</note></t>", [("otToken", "abc123")]),
        (b"<t><note>password=abc123</note>token: x, token=def456</t>", [("password", "abc123")]),
        (b"<t><b/>password=abc123</t>", [("password", "abc123")]),
        (b"<t><!-- <webservToken>abc123</webservToken> --></t>", [("webservToken", "abc123")]),
        (b"<t><webservToken>abc123</webservToken>", [("webservToken", "abc123")]),
        (b"<!DOCTYPE t [<!ENTITY a 'b'>]><t><webservToken>abc123</webservToken></t>", [("webservToken", "abc123")]),
        (b"<t><password> </password><count>3</count></t>", []),
    ],
)
def test_a_document_is_searched_by_its_elements(body, found):
    """Names, attributes and texts count; what is no plain document is searched as text."""
    request = Request("POST", "/v2", headers=(("Content-Type", "text/xml"),), body=body)
    said = list(secrets_of(Place(Direction.TO_CTRADER, "create_trader"), request, None, ()))
    assert [pair for pair in said if pair in found] == found
    assert found or said == []


@pytest.mark.parametrize(
    ("kind", "body", "value"),
    [
        ("application/x-www-form-urlencoded", b"a=1&p%61ssword=correct+horse", "correct horse"),
        (
            "application/x-www-form-urlencoded",
            b"next=%2Freset%3Fr%3D0123456789abcdef0123456789abcdef",
            "0123456789abcdef0123456789abcdef",
        ),
        ("text/xml", b"<a><b>/reset&#63;&#116;&#111;&#107;&#101;&#110;=one-two-three</b></a>", "one-two-three"),
    ],
)
def test_letters_that_are_written_otherwise_hide_nothing(kind, body, value):
    """A body is passed over only where no way to write letters can hide a secret's name, or an address."""
    request = Request("POST", "/", headers=(("Content-Type", kind),), body=body)
    assert value in [found for _, found in secrets_of(Place(SCREEN, "login"), request, None, ())]


def test_what_is_remembered_of_bodies_is_bounded():
    """Long keys, long forms and long queries are searched, and forgotten."""
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    names = "&".join(f"a{each}=" for each in range(2000))

    def search(number):
        for request in (
            Request("POST", "/", headers=form, body=f"password=one-{number}&{names}".encode()),
            Request("POST", "/", f"password=one-{number}&{names}"),
            Request("POST", "/", body=json.dumps({f"{names}{number}": "x", "password": f"one-{number}"}).encode()),
        ):
            assert list(secrets_of(Place(SESSION, "x"), request, None, ())) == [("password", f"one-{number}")]

    search(0)
    tracemalloc.start()
    try:
        for number in range(1, 11):
            search(number)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 500_000


def test_addresses_in_a_list_are_searched():
    """A list stands under the key that it is under; what stands under none may be an address all the same."""
    body = b'{"tokens": ["one-two-three"], "links": ["https://x.example/reset?token=four-five-six", "plain", 5]}'
    request = Request("POST", "/", headers=(("Content-Type", "application/json"),), body=body)
    said = secrets_of(Place(Direction.TO_CRM, "log_in"), request, None, ())
    assert [value for _, value in said] == ["four-five-six"]
    body = b'{"token": ["one-two-three", {"password": "seven-eight"}]}'
    request = Request("POST", "/", headers=(("Content-Type", "application/json"),), body=body)
    said = secrets_of(Place(Direction.TO_CRM, "log_in"), request, None, ())
    assert [value for _, value in said] == ["one-two-three", "seven-eight"]
