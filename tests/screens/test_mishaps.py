"""What goes wrong with a form on its way to the CRM."""

import pytest
from aiohttp import web

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.faults import Deed
from mock_ctrader.platform.forms import Form, Task
from mock_ctrader.screens.mishaps import Mishap, better
from mock_ctrader.screens.sending import Submission

PAGE = "<form method=post action=/pay><input name=amount><button>Deposit</button></form>"
DEPOSIT = Form(Task.DEPOSIT, {"amount": "5.00"})


@pytest.fixture
async def cashier(crm, window):
    """A window on a cashier's page, with a mishap; give what came of the form."""
    crm.page("/cashier", PAGE)
    crm.redirect("/pay", "/callback/success?token=t")

    async def send(mishap):
        browser = window()
        await browser.open("/cashier")
        browser.browser.mishap = mishap
        landing = await browser.browser.submit(DEPOSIT)
        return landing, [visit for visit in browser.visits if visit.method == "POST"]

    return send


@pytest.mark.parametrize(
    ("deed", "faults", "arrived"),
    [
        (Deed.TWICE_AT_ONCE, ["mishap", "mishap"], 2),
        (Deed.AGAIN, ["", "mishap"], 2),
        (Deed.READ_SLOWLY, ["mishap"], 1),
    ],
)
async def test_the_form_arrives_as_often_as_the_mishap_has_it(crm, cashier, deed, faults, arrived):
    """The trader goes on from the answer that took it, and each visit names what struck it."""
    paused = []

    async def pause():
        paused.append(True)

    landing, visits = await cashier(Mishap("mishap", deed, pause if deed is Deed.READ_SLOWLY else None))
    assert landing.succeeded
    assert [visit.fault for visit in visits] == faults
    assert all(visit.succeeded for visit in visits)
    assert crm.paths.count("POST /pay") == arrived
    assert paused == [True] * (deed is Deed.READ_SLOWLY)


async def test_half_a_form_comes_before_the_whole_one(crm, cashier):
    """Nobody waits for an answer to the half, and the CRM cannot read it."""
    landing, visits = await cashier(Mishap("mishap", Deed.ABANDON))
    assert landing.succeeded
    assert [(visit.fault, visit.status) for visit in visits] == [("mishap", None), ("", 302)]
    assert crm.fields[-1] == [("amount", "5.00")]


async def test_a_page_that_cannot_be_loaded_again_changes_nothing(crm, cashier):
    """The trader has gone on already."""
    answers = []

    async def once(request):
        answers.append(request)
        if len(answers) > 1:
            request.transport.abort()
        return web.Response(status=302, headers={"Location": "/callback/success?token=t"})

    crm.handlers["/pay"] = once
    landing, _ = await cashier(Mishap("mishap", Deed.AGAIN))
    assert landing.succeeded
    assert len(answers) == 2


def test_the_better_of_two_answers_counts():
    """What takes the form goes before what refuses it, and any answer before none."""
    taken, silent = Submission("GET", "/done"), TransportError("silent")
    assert better([silent, taken]) is taken
    with pytest.raises(TransportError, match="silent"):
        better([silent, silent])


async def test_where_both_are_refused_the_first_refusal_is_shown(crm, cashier):
    """It is a page with an error status like any other."""
    crm.page("/pay", "<p role=alert>Not today", status=422)
    with pytest.raises(ScreenError, match="Not today"):
        await cashier(Mishap("mishap", Deed.TWICE_AT_ONCE))
