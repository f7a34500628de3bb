"""Rules for what was said in an exchange, and failures that tell field by field what differs."""

import json

import pytest

from mock_ctrader.errors import NotOne, RequestError
from mock_ctrader.testing import match
from mock_ctrader.wire import Direction, Request, Response

JSON = (("Content-Type", "application/json"),)
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
XML = b"<trader><login>8000001</login><contact><city>Limassol</city></contact></trader>"


def call(number, endpoint, body=b"", query="", headers=JSON, **changes):
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {
        "number": number,
        "endpoint": endpoint,
        "request": Request("POST", f"/{endpoint}", query, headers, sent),
        **changes,
    }


@pytest.fixture
def selection(journal, make_entry):
    answer = Response(201, JSON, b'{"login": 8000001, "items": [{"id": 1}, {"id": 2}]}')
    entries = [
        call(1, "create_user", {"email": "ann@example.com", "nested": {"a": 1, "b": 2}}, "token=abcdefgh"),
        call(2, "create_trader", {"depositCurrency": "EUR", "balance": "150.00"}, response=answer),
        call(
            3, "create_trader", XML, headers=(("X-Trace", "one"), ("x-trace", "two")), response=Response(200, (), XML)
        ),
        call(4, "deposit", direction=Direction.SCREEN, facts=(("title", "Cashier"), ("amount", "20"))),
        call(5, "crm_logout", b"amount=5&amount=6", headers=FORM, direction=Direction.TO_CRM),
        call(6, "authorise", request=None, response=None, direction=Direction.SESSION),
        call(7, "create_trader", b"<no xml", headers=()),
    ]
    for changes in entries:
        journal.record(make_entry(**{**changes, "number": journal.begin()}))
    return journal.select()


@pytest.mark.parametrize(
    ("narrow", "numbers"),
    [
        (lambda all_: all_.calls(), [1, 2, 3, 5, 7]),
        (lambda all_: all_.calls("create_trader", "crm_logout"), [2, 3, 5, 7]),
        (lambda all_: all_.with_json({"email": "ann@example.com"}), [1]),
        (lambda all_: all_.with_json({"nested": {"a": 1}}), [1]),
        (lambda all_: all_.with_json({"balance": 150, "leverage": match.absent()}), [2]),
        (lambda all_: all_.with_json({"depositCurrency": match.one_of("EUR", "USD")}), [2]),
        (lambda all_: all_.with_json({"depositCurrency": match.matches("[A-Z]{3}")}), [2]),
        (lambda all_: all_.with_json({"depositCurrency": match.not_("EUR")}), []),
        (lambda all_: all_.with_json({"login": "8000001", "contact": {"city": match.any_()}}), [3]),
        (lambda all_: all_.with_json("<no xml"), [7]),
        (lambda all_: all_.with_query({"token": "abcdefgh"}), [1]),
        (lambda all_: all_.with_form({"amount": 20, "title": "Cashier"}), [4]),
        (lambda all_: all_.with_form({"amount": "6"}), [5]),
        (lambda all_: all_.with_header("X-TRACE", "one"), [3]),
        (lambda all_: all_.with_header("X-Trace", match.absent()), [1, 2, 4, 5, 7]),
        (lambda all_: all_.with_answer({"items": [{"id": 1}, {"id": 2}]}), [2]),
        (lambda all_: all_.with_answer({"login": 8000001}), [2, 3]),
        (lambda all_: all_.with_request({"token": match.any_()}), []),
        (lambda all_: all_.with_request({"email": match.any_()}), [1]),
    ],
)
def test_what_was_said_narrows_a_selection_down(selection, narrow, numbers):
    """Bodies, queries, forms, headers and answers are compared as values; objects may have more keys than asked for."""
    assert [entry.number for entry in narrow(selection)] == numbers


def test_a_call_that_does_not_exist_is_told(selection):
    """A misspelt id cannot pass for a call that never came."""
    with pytest.raises(RequestError, match=r"there is no call 'create_tradr'\. Did you mean 'create_trader'\?"):
        selection.never("create_tradr")


def test_the_nearest_entries_are_told_field_by_field(selection):
    """The entry that differs in the fewest fields comes first; those of other endpoints need no fields."""
    with pytest.raises(NotOne) as failure:
        selection.calls("create_trader").with_json({"depositCurrency": "USD", "balance": 150}).one()
    assert str(failure.value).splitlines() == [
        (
            "expected exactly one entry with endpoint create_trader, json {depositCurrency: USD, balance: 150}; "
            "none of 7 is so, the nearest are:"
        ),
        "  #2 crm-to-ctrader create_trader POST /create_trader -> 201",
        "      json.depositCurrency: expected USD, found EUR",
        "  #7 crm-to-ctrader create_trader POST /create_trader -> 201",
        "      json: expected an object, found <no xml",
        "  #3 crm-to-ctrader create_trader POST /create_trader -> 200",
        "      json.depositCurrency: expected USD, found nothing",
        "      json.balance: expected 150, found nothing",
        "  #4 screen-to-crm deposit POST /deposit -> 201 (not: endpoint create_trader, json)",
        "  #5 ctrader-to-crm crm_logout POST /crm_logout -> 201 (not: endpoint create_trader, json)",
        "  and 2 more",
    ]


def test_secrets_are_masked_where_fields_differ(journal, make_entry):
    """Neither what was said nor what was asked for comes out, however short or long, known or unknown."""
    said = {"password": "pw1", "note": "x" * 195 + "s3cret-token-9", "keys": {"accessToken": ["s3cret-token-9"]}}
    journal.record(make_entry(**call(journal.begin(), "create_trader", said, "token=s3cret-query-8")))
    asked = journal.select().with_json({"password": "pw2", "note": "", "keys": {"accessToken": ["n3w-token-7"]}})
    with pytest.raises(NotOne) as failure:
        asked.with_query({"token": match.matches("n3w-.*")}).one()
    text = str(failure.value)
    assert "json.password: expected [password], found [password]" in text
    assert "json.keys.accessToken.0: expected [accessToken], found [accessToken-1]" in text
    assert "query.token: expected a match of [webservToken], found [webservToken-1]" in text
    for secret in ("pw1", "pw2", "s3cret", "n3w"):
        assert secret not in text


def test_a_count_is_asserted(selection):
    """The selection itself comes back, to go on with."""
    assert selection.calls("create_trader").times(3)[0].number == 2
    with pytest.raises(NotOne, match=r"^expected 1 entry with endpoint create_trader; found 3:\n  #2 "):
        selection.calls("create_trader").times(1)
    with pytest.raises(NotOne, match=r"^expected 2 entries with endpoint change_balance"):
        selection.calls("change_balance").times(2)


def test_what_must_not_come_is_asserted(selection):
    """By id, or for all that a selection holds."""
    selection.never("change_balance", "delete_trader")
    selection.endpoint("withdraw").never()
    with pytest.raises(NotOne, match=r"^expected no entry with endpoint crm_logout; found 1:\n  #5 "):
        selection.never("crm_logout")
