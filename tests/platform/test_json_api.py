"""JSON APIs in place of forms: what is sent, and what an answer means."""

import pytest

from mock_ctrader.platform.json_api import JsonApi, nested, said


def test_values_are_sent_under_their_own_names_unless_told_otherwise() -> None:
    """Without keys of its own an API gets what a form would."""
    assert JsonApi("/in").pairs({"email": "a@example.com", "agreement": True}) == {
        "email": "a@example.com",
        "agreement": True,
    }


def test_keys_choose_what_is_sent() -> None:
    """What has no key is left out, what has no value too; fixed values and the screen's parameters come along."""
    api = JsonApi("/in", fields={"email": "user.login", "partnerId": "ref", "phone": "tel"}, extra={"brand": 7})
    assert api.pairs({"email": "a@example.com", "password": "x"}, {"partnerId": "9", "lang": "en"}) == {
        "brand": 7,
        "user.login": "a@example.com",
        "ref": "9",
    }


def test_dots_lead_into_objects() -> None:
    """The last of two keys that disagree counts."""
    assert nested({"a.b": 1, "a.c": 2, "d": 3}) == {"a": {"b": 1, "c": 2}, "d": 3}
    assert nested({"a": 1, "a.b": 2}) == {"a": {"b": 2}}


@pytest.mark.parametrize(
    ("answer", "token"),
    [
        ({"data": {"token": "t"}}, "t"),
        ({"data": {"token": ""}}, None),
        ({"data": {"token": 5}}, None),
        ({"data": "t"}, None),
        ([], None),
        (None, None),
    ],
)
def test_the_token_is_where_its_path_leads(answer: object, token: str | None) -> None:
    """Whatever else is there is no token."""
    assert JsonApi("/in", token="data.token").token_in(answer) == token


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"message": "Wrong password"}, "Wrong password"),
        ({"error": {"errorCode": "X", "description": "No"}}, "No"),
        ({"errors": [{"message": "One"}, "Two", 3]}, "One; Two"),
        ({"code": 5}, ""),
        (" text ", "text"),
        (None, ""),
    ],
)
def test_what_a_refusal_says(answer: object, words: str) -> None:
    """The most telling of the usual keys, in whatever it is wrapped."""
    assert said(answer) == words
