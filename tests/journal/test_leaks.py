"""Secrets that were left in a file are found, and what is none is left alone."""

import pytest

from mock_ctrader.journal.leaks import Leak, leaks

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-nature"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"password": "hunter22"}', "password"),
        ('{\\"accessToken\\": \\"hunter22\\"}', "accessToken"),
        ("<webservToken>hunter22</webservToken>", "webservToken"),
        ("https://h/?token=hunter22&a=1", "token"),
        ("Authorization: Bearer hunter22", "authorization"),
        ("Authorization: Digest hunter22", "authorization"),
        ('{"name": "password", "value": "hunter22"}', "password"),
        ('[["Authorization", "Basic hunter22"]]', "authorization"),
        ('["Cookie", "lang=; s=hunter22"]', "cookie"),
        ('{"name": "Set-Cookie", "value": "s=hunter22; Path=/; HttpOnly"}', "cookie"),
        ("a Bearer hunter22hunter22 b", "Authorization"),
        ("https://ann:hunter22@example.com", "password"),
    ],
)
def test_a_secret_under_a_telling_key_is_found(text, what):
    """In JSON, XML, queries, headers, HAR pairs; four characters are shown of it."""
    assert leaks(f"first line\n{text}\n") == [Leak(2, what, "hunt...")]


def test_a_json_web_token_is_found_wherever_it_stands():
    """It tells by itself what it is."""
    assert leaks(f"see {JWT} here") == [Leak(1, "JWT", "eyJh...")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"password": "[password-1]", "token": "[token]", "secret": ""}',
        "Authorization: Bearer [webservToken-2]",
        "password=***&token=${token}&secret=<secret>&pwd={{pwd}}&apiKey=%KEY%",
        '{"token": "null", "accessToken": "true"}',
        '{"name": "password", "value": "[password]"}',
        '["Cookie", "a=[cookie-1]; b=[cookie]"]',
        '["Set-Cookie", "a=[cookie-1]; Path=/; Max-Age=3600000"]',
        '{"name": "city", "value": "Hamburg-Altona"}',
        '["city", "Hamburg-Altona"]',
        '{"code": "CH_EMAIL_ALREADY_EXISTS"}',
        "a basic truth",
    ],
)
def test_what_is_no_secret_is_left_alone(text):
    """Placeholders, variables of a template, flags and blanks."""
    assert leaks(text) == []


def test_a_given_secret_is_found_in_any_writing():
    """As it is, encoded, and short as it may be; a blank one is nowhere."""
    assert leaks("a\nb=x y/z!\n", ["x y/z!"]) == [Leak(2, "given secret", "x y/...")]
    assert leaks("a\nb=x%20y%2Fz%21\n", ["x y/z!"]) == [Leak(2, "given secret, encoded", "x y/...")]
    assert leaks("pin 1234", ["1234"]) == [Leak(1, "given secret", "1234...")]
    assert leaks("nothing", ["1234", "", "unwritten"]) == []


def test_a_value_is_told_once_a_line():
    """However many ways there are to find it."""
    assert len(leaks('{"token": "hunter22", "a": "?token=hunter22"}', ["hunter22"])) == 1
