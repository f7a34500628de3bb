"""A worker of a load, apart from Locust: what is a failure by itself, and whom it blames."""

import pytest

from mock_ctrader.errors import StartError, TransportError, Trouble
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.load.mix import Share
from mock_ctrader.load.thinking import Think
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.load_crew import Crew, problem_of
from mock_ctrader.runtime.load_order import Order, Terms
from mock_ctrader.wire import MAX_ANSWER, Direction, Pause, Request, Response, failed

SERVER = "http://127.0.0.1:8765"


@pytest.mark.parametrize(
    ("answer", "error", "problem"),
    [
        (None, "gone", "no answer"),
        (None, "", ""),
        (Response(499), "", ""),
        (Response(500), "", "answered 500"),
        (Response(303), "the body broke off", "no answer"),
    ],
)
def test_a_server_that_crashes_failed_whatever_the_journey_says(
    answer: Response | None, error: str, problem: str
) -> None:
    """A refusal may be what was to come; no answer, and one of a server that broke, may not."""
    entry = Entry(
        number=1, plant="sandbox", moment=0, direction=Direction.SCREEN, endpoint="login", step=Step(), error=error,
        request=None, response=answer, duration=0.1,
    )  # fmt: skip
    assert problem_of(entry) == problem


class Nobody:
    """A way to a simulator that has gone."""

    async def send(
        self, request: Request, *, within: float, limit: int = MAX_ANSWER, pause: Pause | None = None
    ) -> Response:
        """Tell what a way tells of whoever is not there: it takes everybody for the CRM."""
        del within, limit, pause
        raise failed(request, Trouble.UNREACHABLE, "Connection refused")

    async def send_half(self, request: Request, *, within: float) -> None:
        """Do the same."""
        raise failed(request, Trouble.UNREACHABLE, f"{within}")


def test_a_simulator_that_goes_away_is_not_taken_for_the_crm() -> None:
    """The message says who it was that did not answer, and has no advice about the CRM."""
    terms = Terms(seed=1, shares=(Share("sign-up"),), plays=(), think=Think(0, 0), sample=0)
    order = Order(
        server=SERVER, admin_token="T", plant="sandbox", app_url="", crm=CrmSettings(), terms=terms, users=1, rate=1,
        seconds=1, curve="steady",
    )  # fmt: skip
    with pytest.raises(StartError) as told:
        Crew(order, 0, Nobody(), lambda *_: pytest.fail("nothing is played"), lambda _: None)
    assert not isinstance(told.value, TransportError)
    why = f"{SERVER}: the simulator that the CRM calls does not answer (Connection refused)."
    assert str(told.value) == f"{why} Is `mock-ctrader serve` still running there?"
