import json

import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.journal import Journal, Secrets, Step, comparable, document, to_dict, to_json
from mock_ctrader.wire import Direction, Request, Response

JSON = ("Content-Type", "application/json")


def test_an_entry_is_written_without_blanks(make_entry, secrets):
    """What has no value is left out; the rest is plain data."""
    entry = make_entry(7, duration=None, request=None, response=None)
    assert to_dict(entry, secrets) == {
        "number": 7,
        "plant": "sandbox",
        "direction": "crm-to-ctrader",
        "endpoint": "create_trader",
        "moment": 7_000,
    }


def test_an_entry_is_written_in_full(make_entry, secrets, breach, note):
    """Every part of an exchange has its key."""
    entry = make_entry(
        request=Request("POST", "/v2", "a=b", (JSON,), b'{"a": 1}', host="h:1"),
        response=Response(200, (JSON, ("X", "y")), b"[]"),
        step=Step("sign-up", 3, "open account", "Web"),
        violations=(breach, note),
        error="late",
        facts=(("title", "Hello"),),
        events=("trader opened",),
    )
    assert to_dict(entry, secrets) == {
        "number": 1,
        "plant": "sandbox",
        "direction": "crm-to-ctrader",
        "endpoint": "create_trader",
        "moment": 1_000,
        "duration": 0.01,
        "step": {"journey": "sign-up", "number": 3, "name": "open account", "device": "Web"},
        "request": {"method": "POST", "url": "http://h:1/v2?a=b", "headers": [list(JSON)], "body": {"json": {"a": 1}}},
        "response": {"status": 200, "headers": [list(JSON), ["X", "y"]], "body": {"json": []}},
        "violations": [
            {
                "clause": "create_trader.request.groupName",
                "expected": "a string",
                "found": "12",
                "provenance": "documented",
                "section": "edition 2025, 3.2",
            },
            {"clause": "create_trader.response.status", "expected": "201", "found": "200", "provenance": "assumed"},
        ],
        "error": "late",
        "facts": [["title", "Hello"]],
        "events": ["trader opened"],
    }


def test_a_document_says_what_it_is_and_what_is_missing(make_entry):
    """Format, version, plant, and how many entries were given up."""
    journal = Journal("sandbox", Secrets(), 1)
    for _ in range(3):
        journal.record(make_entry(journal.begin()))
    whole = document(journal, journal.secrets, plant=journal.plant)
    some = document(journal.select(), journal.secrets, plant=journal.plant)
    head = {"format": "mock-ctrader journal", "version": 1, "plant": "sandbox"}
    assert {key: value for key, value in whole.items() if key != "entries"} == {**head, "dropped": 2}
    assert some["dropped"] == 0
    assert whole["entries"] == some["entries"] == [to_dict(journal.entries[0], journal.secrets)]


def test_json_is_readable_and_can_always_be_written():
    """Letters stay letters; half a character pair cannot stop a report."""
    assert to_json({"a": "Ελλάδα", "b": "\ud800"}) == '{\n  "a": "Ελλάδα",\n  "b": "?"\n}\n'


def run(make_entry, seed, port, start, *, learn_first=()):
    """Play one small journey with tokens, port and times of its own."""
    chance = Chance(seed)
    crm, api, ot, session, boundary = (chance.token() for _ in range(5))
    secrets = Secrets()
    for position in learn_first:  # as a plant does that issues tokens before they are said
        secrets.learn("otToken", (ot, session)[position])
    journal = Journal("sandbox", secrets)
    base = f"http://127.0.0.1:{port}"
    hour = (("Date", f"now {start}"), ("Server", f"s/{port}"), ("User-Agent", seed), ("Content-Length", str(port)))
    journal.record(
        make_entry(
            journal.begin(),
            moment=start,
            duration=port / 1e6,
            request=Request.to(
                "POST", f"{base}/oauth2/x?crmApiToken={crm}", headers=(("Host", f"127.0.0.1:{port}"), JSON)
            ),
            response=Response(
                200, (JSON, *hour), json.dumps({"token": ot, "lastUpdateTimestamp": start, "n": [1]}).encode()
            ),
            direction=Direction.TO_CRM,
            endpoint="generate_ot_token",
        )
    )
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--{boundary}--'
    journal.record(
        make_entry(
            journal.begin(),
            moment=start + port,
            direction=Direction.SCREEN,
            endpoint="deposit",
            request=Request.to(
                "POST",
                f"{base}/inapp/deposit?token={ot}&back={base}",
                headers=(("Content-Type", f"multipart/form-data; boundary={boundary}"),),
                body=part.encode(),
            ),
            response=Response(
                302,
                (
                    ("Set-Cookie", f"sid={session}; Expires=day {start}; Path=/"),
                    ("Location", f"{base}/callback/success?token={session}"),
                ),
                f"<a><xTimestamp>{start}</xTimestamp></a>".encode(),
            ),
            error=f"Cannot connect to host localhost:{port} [('127.0.0.1', {port})]",
            facts=(("landed", f"http://[::1]:{port}/a?u=http%3A%2F%2Flocalhost%3A{port}"),),
        )
    )
    journal.record(
        make_entry(
            journal.begin(),
            moment=start + 2 * port,
            request=Request("GET", "/v2", f"token={api}", (("Host", f"x:{port}"),)),
            response=Response(200, hour),
        )
    )
    written = document(journal, secrets, plant="sandbox")
    return to_json(written), to_json(comparable(written)), (crm, api, ot, session, str(port), str(start), boundary)


def test_two_runs_of_one_journey_are_the_same_text(make_entry):
    """Other tokens, other ports, other times: not a byte differs, and nothing of them is left."""
    first, first_comparable, first_fleeting = run(make_entry, "one", 40_123, 1_767_603_600_123, learn_first=(0, 1))
    second, second_comparable, _ = run(make_entry, "two", 51_877, 1_800_000_000_777, learn_first=(1, 0))
    assert first != second
    assert first_comparable == second_comparable
    assert not [each for each in first_fleeting if each in first_comparable]


def test_a_comparable_document_keeps_what_matters(make_entry):
    """Hosts, placeholders, statuses and bodies stay."""
    _, text, _ = run(make_entry, "one", 40_123, 1_767_603_600_123)
    first, second, third = json.loads(text)["entries"]
    assert first["request"] == {
        "method": "POST",
        "url": "http://127.0.0.1:port/oauth2/x?crmApiToken=[crmApiToken-1]",
        "headers": [list(JSON)],
    }
    assert first["response"]["body"]["json"] == {"token": "[otToken-1]", "lastUpdateTimestamp": 0, "n": [1]}
    assert (
        second["request"]["url"] == "http://127.0.0.1:port/inapp/deposit?token=[otToken-1]&back=http://127.0.0.1:port"
    )
    assert second["request"]["headers"] == [["Content-Type", "multipart/form-data; boundary=boundary"]]
    assert second["request"]["body"]["text"].endswith("\r\n--boundary--")
    assert second["response"]["headers"][0] == ["Set-Cookie", "sid=[cookie-1]; Expires=then; Path=/"]
    assert second["error"] == "Cannot connect to host localhost:port [('127.0.0.1', port)]"
    assert "headers" not in third["request"]
    assert third["response"] == {"status": 200}


def test_a_comparable_document_of_acts_without_messages(make_entry, secrets):
    """A session's act has neither request nor response."""
    entry = make_entry(request=None, response=None, facts=(("user", "5"),))
    (only,) = comparable(document([entry], secrets, plant="sandbox"))["entries"]
    assert only["facts"] == [["user", "5"]]


@pytest.mark.parametrize("word", ["moment", "duration", "headers"])
def test_a_body_may_use_our_own_words(make_entry, secrets, word):
    """Only the entry's own times are left out."""
    entry = make_entry(response=Response(200, body=json.dumps({word: [["Date", 1]]}).encode()))
    (only,) = comparable(document([entry], secrets, plant="sandbox"))["entries"]
    assert only["response"]["body"]["json"] == {word: [["Date", 1]]}
