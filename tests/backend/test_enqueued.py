"""Answers that wait in a queue for calls of the broker."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from mock_ctrader.backend.enqueued import AnswerQueue
from mock_ctrader.contract.variant import STANDARD, make_variant
from mock_ctrader.errors import RequestError
from mock_ctrader.matching.rules import Present
from mock_ctrader.wire import Request

JSON = (("Accept", "application/json"), ("Content-Type", "application/json"))
PATH = "/v2/webserv/traders"


@pytest.fixture
def queue():
    return AnswerQueue()


@pytest.fixture
def ask(queue):
    """Ask the queue for an answer to a call; a trader is created if nothing else is said."""

    def ask(method="POST", path=PATH, body=None, query="", headers=JSON, variant=STANDARD):
        sent = b"" if body is None else json.dumps(body).encode()
        return queue.answer(path, Request(method, path, query, headers, sent), variant)

    return ask


def told(answer):
    response = answer.response
    return response.status, response.header("Content-Type"), response.body


def test_an_empty_queue_answers_nothing(ask):
    """The backend then answers as always."""
    assert ask() is None


@pytest.mark.parametrize(
    ("wanted", "status", "kind", "body"),
    [
        ({"status": 503}, 503, None, b""),
        ({"code": "NOT_ENOUGH_MONEY"}, 400, "text/plain;charset=UTF-8", b"NOT_ENOUGH_MONEY: as enqueued"),
        ({"code": "UNKNOWN_ERROR", "description": "tea"}, 500, "text/plain;charset=UTF-8", b"UNKNOWN_ERROR: tea"),
        (
            {"code": "NOT_ENOUGH_MONEY", "status": 418},
            418,
            "text/plain;charset=UTF-8",
            b"NOT_ENOUGH_MONEY: as enqueued",
        ),
        ({"body": {"login": 7}}, 201, "application/json;charset=UTF-8", b'{"login":7}'),
        ({"body": {"rate": Decimal("1.50")}}, 201, "application/json;charset=UTF-8", b'{"rate":1.50}'),
        ({"body": [1, 2], "status": 202}, 202, "application/json;charset=UTF-8", b"[1,2]"),
        ({"body": (1,)}, 201, "application/json;charset=UTF-8", b"[1]"),
        ({"body": "no JSON at all"}, 201, "text/plain;charset=UTF-8", b"no JSON at all"),
        ({"body": b"\x00"}, 201, "text/plain;charset=UTF-8", b"\x00"),
        ({"body": "{", "headers": {"content-type": "application/json"}}, 201, "application/json", b"{"),
    ],
)
def test_the_next_call_is_answered_as_told(queue, ask, wanted, status, kind, body):
    """A code brings its status and form, a body is a success unless a status is given, headers replace ours."""
    queue.add(STANDARD, "create_trader", **wanted)
    assert told(ask()) == (status, kind, body)
    assert ask() is None


def test_an_object_goes_in_the_form_that_the_caller_reads(queue, ask):
    """A caller of WebServices who lists no JSON gets XML; a list has no form but JSON."""
    queue.add(STANDARD, "create_trader", body={"login": 7})
    queue.add(STANDARD, "create_trader", body=[7])
    queue.add(STANDARD, "update_trader", status=200, body={"login": 7})
    status, kind, body = told(ask(headers=()))
    assert (status, kind) == (201, "application/xml;charset=UTF-8")
    assert body.endswith(b"<traderTO><login>7</login></traderTO>")
    assert told(ask(headers=()))[1:] == ("application/json;charset=UTF-8", b"[7]")
    assert told(ask("PATCH", f"{PATH}/7", headers=()))[2].endswith(b"<answer><login>7</login></answer>")


def test_codes_are_written_as_the_family_of_the_call_has_them(queue, ask):
    """Calls beside WebServices tell errors as objects, and the plant's own style holds."""
    variant = make_variant(statuses={"CH_EMAIL_ALREADY_EXISTS": 409}, webserv_errors="object")
    queue.add(variant, "create_user", code="CH_EMAIL_ALREADY_EXISTS")
    queue.add(variant, "create_trader", code="CH_EMAIL_ALREADY_EXISTS")
    for path in ("/cid/oauth2/ctid/create", PATH):
        status, _, body = told(ask(path=path, variant=variant))
        assert (status, json.loads(body)["error"]["errorCode"]) == (409, "CH_EMAIL_ALREADY_EXISTS")


def test_answers_are_for_the_calls_they_name(queue, ask):
    """Other calls, other methods and unknown paths are left to the backend."""
    queue.add(STANDARD, "create_trader", status=500)
    assert ask(path="/v2/webserv/symbols", method="GET") is None
    assert ask(method="GET", path="/nowhere") is None
    assert ask(method="DELETE", path=PATH) is None
    assert ask() is not None


def test_an_answer_is_given_as_often_as_told(queue, ask):
    """The oldest one that is for a call goes first; what is left waits."""
    queue.add(STANDARD, "create_trader", status=500, times=2)
    queue.add(STANDARD, "create_trader", status=501)
    assert [waiting.times for waiting in queue.waiting] == [2, 1]
    assert [ask().response.status for _ in range(2)] == [500, 500]
    assert [waiting.number for waiting in queue.waiting] == [2]
    assert ask().response.status == 501
    assert queue.waiting == ()


def test_an_answer_may_be_for_some_requests_only(queue, ask):
    """A rule looks at the body, or at the query of a request without one."""
    queue.add(STANDARD, "create_trader", when={"depositCurrency": "EUR"}, status=500)
    queue.add(STANDARD, "find_user", when={"email": Present()}, status=404)
    assert ask(body={"depositCurrency": "USD"}) is None
    assert ask(query="depositCurrency=EUR", body={"a": 1}) is None
    assert ask(body={"depositCurrency": "EUR", "balance": 0}).response.status == 500
    assert ask("GET", "/cid/oauth2/ctid/userId") is None
    assert ask("GET", "/cid/oauth2/ctid/userId", query="email=ann%40example.com").response.status == 404


def test_what_a_request_breaks_is_noted(queue, ask):
    """An enqueued answer hides no violation, and says in the journal that it was one."""
    queue.add(STANDARD, "create_user", status=500, times=2)
    body = {"brokerCrmName": "BESTBROKERCRM", "email": 7, "firstName": "Ann", "preferredLanguage": "en"}
    wrong = ask(path="/cid/oauth2/ctid/create", body={**body, "brokerCrmName": []})
    right = ask(path="/cid/oauth2/ctid/create", body={**body, "email": "ann@example.com"})
    assert [one.clause for one in wrong.violations] == ["create_user.request.brokerCrmName"]
    assert right.violations == ()
    assert right.facts == (("enqueued", "1"),)


def test_answers_are_forgotten(queue):
    """One by its number, or all."""
    first, second, _ = (queue.add(STANDARD, "create_trader", status=500) for _ in range(3))
    assert queue.remove(second.number)
    assert not queue.remove(second.number)
    assert [waiting.number for waiting in queue.waiting] == [first.number, 3]
    assert queue.clear() == 2
    assert queue.waiting == ()
    assert queue.add(STANDARD, "create_trader", status=500).number == 4


def test_an_answer_says_what_it_is(queue):
    """One line, for whoever finds it unmet."""
    money = queue.add(STANDARD, "create_trader", when={"balance": 0}, code="NOT_ENOUGH_MONEY", status=402)
    assert str(money) == "create_trader when {balance: 0}: 402 NOT_ENOUGH_MONEY, for 1 more call"
    assert str(replace(queue.add(STANDARD, "create_user", body={}), times=2)) == "create_user: a body, for 2 more calls"


@pytest.mark.parametrize(
    ("endpoint", "wanted", "said"),
    [
        ("create_tradr", {"status": 500}, "there is no call 'create_tradr'. Did you mean 'create_trader'?"),
        ("crm_logout", {"status": 500}, "'crm_logout' is a call that cTrader makes: the CRM answers it."),
        ("find_user", {"status": 500}, "edition 2023 has no call 'find_user'."),
        ("create_trader", {}, "an answer is missing. Give a 'status', a 'code' or a 'body'."),
        (
            "create_trader",
            {"code": "NOT_ENOUGH"},
            "there is no error code 'NOT_ENOUGH'. Did you mean 'NOT_ENOUGH_MONEY'?",
        ),
        (
            "create_trader",
            {"code": "UNKNOWN_ERROR", "body": {}},
            "an answer has a 'code' or a 'body', not both. The code makes the body.",
        ),
        ("create_trader", {"status": 101}, "101 is no status of an answer. Give one from 200 to 599."),
        ("create_trader", {"status": 600}, "600 is no status of an answer. Give one from 200 to 599."),
        ("create_trader", {"status": 204, "body": {}}, "an answer of status 204 has no body."),
        ("create_trader", {"status": 500, "times": 0}, "an answer cannot be given 0 times. Give 1 or more."),
        ("create_trader", {"status": 500, "headers": {"X": "a\nb"}}, "a header has no line breaks."),
        ("create_trader", {"body": {"a b": 1}}, "the body cannot be sent: Invalid tag name 'a b'."),
    ],
)
def test_what_cannot_be_answered_is_told_at_once(queue, endpoint, wanted, said):
    """A mistake is told when the answer is enqueued, with its cure, and nothing waits."""
    with pytest.raises(RequestError) as failure:
        queue.add(make_variant("2023"), endpoint, **wanted)
    assert str(failure.value) == said
    assert queue.waiting == ()


def test_a_body_that_nobody_can_write_is_told(queue):
    """Something that is no value of JSON."""
    with pytest.raises(RequestError, match="the body cannot be sent: Encoding objects of type object"):
        queue.add(STANDARD, "create_trader", body=[object()])


def test_the_queue_has_an_end(queue, monkeypatch):
    """A test that never takes its answers is told, and memory is not filled."""
    monkeypatch.setattr("mock_ctrader.backend.enqueued.LONGEST", 2)
    for _ in range(2):
        queue.add(STANDARD, "read_trader", status=500)
    with pytest.raises(RequestError, match="2 answers wait already"):
        queue.add(STANDARD, "read_trader", status=500)
