"""What is logged, and how."""

import io
import json
from collections.abc import Callable

import pytest

from mock_ctrader.journal import Entry, Step
from mock_ctrader.runtime.logs import log_entry, make_logger
from mock_ctrader.timing import VirtualClock
from mock_ctrader.wire import Direction, Provenance, Request, Response, Violation

Lines = Callable[..., list[str]]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def entry() -> Entry:
    request = Request("POST", "/v2/webserv/traders", "token=secret-value")
    step = Step("sign-up", 3, "open account", "trader")
    return Entry(4, "sandbox", Direction.TO_CTRADER, "create_trader", 0, 0.0123, request, Response(201), step)


def logged(entry: Entry, stream: io.StringIO, form: str = "auto", level: str = "info") -> str:
    def mask(text: str) -> str:
        return text.replace("secret", "[masked]")

    log_entry(make_logger(VirtualClock(0), mask, form=form, level=level, stream=stream), entry, mask)
    return stream.getvalue()


def test_a_line_carries_plant_journey_step_and_number(entry: Entry) -> None:
    """An exchange is one line of JSON; what is blank is left out."""
    assert json.loads(logged(entry, io.StringIO())) == {
        "time": "1970-01-01T00:00:00.000Z",
        "plant": "sandbox",
        "exchange": 4,
        "direction": "crm-to-ctrader",
        "endpoint": "create_trader",
        "journey": "sign-up",
        "step": 3,
        "device": "trader",
        "method": "POST",
        "path": "/v2/webserv/traders",
        "status": 201,
        "ms": 12.3,
        "event": "exchange",
        "level": "info",
    }


def test_a_terminal_gets_readable_lines(entry: Entry) -> None:
    """Colours and words in a terminal, words alone where text is asked for."""
    assert "\x1b[" in logged(entry, Terminal())
    plain = logged(entry, io.StringIO(), form="text")
    assert "\x1b[" not in plain
    assert "create_trader" in plain


def test_a_breach_and_a_failure_are_warnings(entry: Entry) -> None:
    """What a developer must look at stands out, and survives a stricter level."""
    breach = Violation("create_trader.request.balance", "an integer", "'x'", Provenance.DOCUMENTED, "WebServices, 4.1")
    broken = Entry(
        5, "sandbox", Direction.TO_CRM, "", 0, None, None, None, violations=(breach,), error="no secret answer"
    )
    line = json.loads(logged(broken, io.StringIO(), level="warning"))
    assert (line["level"], line["error"]) == ("warning", "no [masked] answer")
    assert line["violations"] == ["create_trader.request.balance"]
    assert line["endpoint"] == "unknown"
    assert logged(entry, io.StringIO(), level="warning") == ""
