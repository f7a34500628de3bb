import json

from mock_ctrader.reports.exchange_details import MOST_LETTERS, details
from mock_ctrader.wire import Direction, Request, Response

JSON = (("Content-Type", "application/json"),)


def test_both_messages_are_laid_out_and_masked(make_entry, secrets):
    """JSON is indented, and what is secret has a placeholder, in address, headers and bodies."""
    secrets.learn("webservToken", "abcdefghij")
    request = Request(
        "POST", "/v2/webserv/traders", "token=abcdefghij", JSON, b'{"hashedPassword":"0f94"}', host="a.example"
    )
    response = Response(201, (*JSON, ("Set-Cookie", "id=12345678; HttpOnly")), b'{"login":8}')
    told = details(make_entry(request=request, response=response), secrets)
    assert told["request"]["url"] == "http://a.example/v2/webserv/traders?token=[webservToken-1]"
    assert told["request"]["body"] == {
        "form": "json",
        "text": '{\n  "hashedPassword": "[passwordHash]"\n}',
        "leftOut": 0,
    }
    assert told["response"]["status"] == 201
    assert told["response"]["body"]["text"] == '{\n  "login": 8\n}'
    assert ["Set-Cookie", "id=[cookie]; HttpOnly"] in told["response"]["headers"]
    assert told["curl"].startswith("curl --globoff ")
    assert "abcdefghij" not in json.dumps(told)


def test_xml_is_indented(make_entry, secrets):
    """Every element has a line of its own."""
    body = b"<?xml version='1.0'?><trader><login>8</login></trader>"
    told = details(make_entry(response=Response(200, (("Content-Type", "application/xml"),), body)), secrets)
    assert told["response"]["body"]["text"] == "<trader>\n  <login>8</login>\n</trader>"


def test_other_bodies_are_shown_as_they_are(make_entry, secrets):
    """Text stays text, even where it only begins like XML; bytes are shown as base64."""
    told = details(
        make_entry(request=Request("POST", "/", body=b"<p>half"), response=Response(200, (), b"\xff")), secrets
    )
    assert told["request"]["body"] == {"form": "text", "text": "<p>half", "leftOut": 0}
    assert told["response"]["body"]["form"] == "base64"


def test_a_huge_body_is_cut_and_says_so(make_entry, secrets):
    """The page gets what a person may read, and is told how much it did not get."""
    told = details(make_entry(response=Response(200, (), b"a" * (MOST_LETTERS + 5))), secrets)
    assert len(told["response"]["body"]["text"]) == MOST_LETTERS
    assert told["response"]["body"]["leftOut"] == 5


def test_the_clauses_of_a_call_and_their_provenance_are_named(make_entry, secrets):
    """What the contract says of the call stands beside it, part by part."""
    told = details(make_entry(endpoint="verify_access_token", direction=Direction.TO_CRM), secrets)
    assert told["call"]["path"] == "/oauth2/authorize"
    assert told["call"]["section"]
    assert [clause["part"] for clause in told["clauses"]] == ["method and path", "request", "status", "answer"]
    assert {clause["provenance"] for clause in told["clauses"]} <= {"documented", "observed", "assumed"}


def test_a_part_that_a_call_does_not_have_is_no_clause(make_entry, secrets):
    """A call without a body promises nothing of one."""
    told = details(make_entry(endpoint="read_trader"), secrets)
    assert "request" not in [clause["part"] for clause in told["clauses"]]


def test_an_exchange_without_messages_says_what_is_known(make_entry, secrets):
    """A session has no request and is no call of the contract; its facts and events are told."""
    entry = make_entry(
        direction=Direction.SESSION,
        endpoint="authorise",
        request=None,
        response=None,
        error="refused",
        facts=(("userId", "1"),),
        events=("user_created",),
    )
    told = details(entry, secrets)
    assert (told["request"], told["response"], told["call"], told["clauses"], told["curl"]) == (
        None,
        None,
        None,
        [],
        "",
    )
    assert (told["facts"], told["events"], told["error"]) == ([["userId", "1"]], ["user_created"], "refused")


def test_findings_name_what_was_expected_and_found(make_entry, secrets, breach, note):
    """Each is a clause with its source; what is only assumed is a note."""
    told = details(make_entry(violations=(breach, note)), secrets)["findings"]
    assert told[0] == {
        "clause": "create_trader.request.groupName",
        "expected": "a string",
        "found": "12",
        "provenance": "documented",
        "section": "edition 2025, 3.2",
        "isNote": False,
    }
    assert told[1]["isNote"] is True
