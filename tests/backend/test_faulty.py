"""What a call is answered where a fault strikes."""

import json

import pytest

from mock_ctrader.backend import faulty
from mock_ctrader.backend.gateway import Answer
from mock_ctrader.contract.variant import STANDARD
from mock_ctrader.faults import FAULTS, Effect
from mock_ctrader.wire import Delivery, Part, Request, Response

PATH = "/v2/webserv/traders"
REQUEST = Request("POST", PATH, "token=t", (("Accept", "application/json"),), b"{}")
DONE = Response(201, (("Content-Type", "application/json"),), b'{"login": 8000001}')


def strike(name: str, *, path: str = PATH, request: Request = REQUEST, seconds: float = 0.0) -> tuple[Answer, int]:
    """Let a fault strike a call; return the answer, and how often the work was done."""
    worked: list[int] = []

    def work() -> Answer:
        worked.append(1)
        return Answer(DONE, STANDARD.endpoints["create_trader"])

    return faulty.answer(Effect(FAULTS[name], seconds), path, request, STANDARD, work), len(worked)


@pytest.mark.parametrize(
    ("name", "delivery"),
    [
        ("lost-answer", Delivery(Part.NOTHING)),
        ("reset-after", Delivery(Part.HEAD, reset=True)),
        ("half-body", Delivery(Part.HALF)),
        ("late-answer", Delivery(delay=2.0)),
    ],
)
def test_the_work_is_done_and_the_answer_does_not_arrive_as_it_should(name: str, delivery: Delivery) -> None:
    """What was decided is kept as it is; how it goes out is said beside it."""
    answer, worked = strike(name, seconds=2.0)
    assert (answer.response.body, answer.response.delivery, worked) == (DONE.body, delivery, 1)
    assert answer.facts == (("fault", name),)


def test_a_garbled_answer_is_no_json() -> None:
    """It is complete all the same."""
    answer, worked = strike("garbled-json")
    assert (answer.response.delivery, worked) == (Delivery(), 1)
    with pytest.raises(ValueError, match=r"Invalid|Expecting"):
        json.loads(answer.response.body)


@pytest.mark.parametrize(
    ("name", "status"),
    [("server-error", 500), ("rate-limit", 429), ("ip-not-allowed", 403), ("token-invalid", 401), ("unavailable", 503)],
)
def test_nothing_is_done_where_the_call_is_refused(name: str, status: int) -> None:
    """The refusal has the form of its family, and what the request breaks is noted."""
    answer, worked = strike(name)
    assert (answer.response.status, worked, answer.facts) == (status, 0, (("fault", name),))
    assert answer.violations
    if status != 503:
        assert answer.response.body.partition(b":")[0].isupper() or b"_" in answer.response.body


def test_a_window_says_when_it_is_over() -> None:
    """In whole seconds, one at least."""
    assert strike("maintenance", seconds=0.2)[0].response.header("Retry-After") == "1"
    assert strike("maintenance", seconds=59.6)[0].response.header("Retry-After") == "60"
    assert strike("unavailable")[0].response.header("Retry-After") is None


def test_a_connection_that_breaks_first_leaves_no_answer() -> None:
    """Nothing is worked on."""
    answer, worked = strike("reset-before")
    assert (answer.response.status, answer.response.delivery, worked) == (0, Delivery(Part.NOTHING, reset=True), 0)


def test_what_is_no_call_is_struck_by_nothing() -> None:
    """Whatever is armed."""
    assert faulty.called("/nowhere", Request("GET", "/nowhere"), STANDARD, "", 0, "") is None
    assert faulty.called(PATH, Request("PUT", PATH), STANDARD, "", 0, "") is None
    called = faulty.called(PATH, REQUEST, STANDARD, "sign-up", 3, "open account")
    assert called is not None
    assert (called.endpoint, called.journey) == ("create_trader", "sign-up")
    assert (called.step, called.title) == (3, "open account")
