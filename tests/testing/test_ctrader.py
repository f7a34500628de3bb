"""The simulator that other people's tests hold in the hand."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from mock_ctrader.errors import NotOne, RequestError, ScenarioError, SettingsError, StartError
from mock_ctrader.journal import Entry
from mock_ctrader.runtime.thread import SimulatorThread
from mock_ctrader.testing import CrmSettings, CTrader, Settings, match


@pytest.fixture
def ctrader_here() -> Iterator[CTrader]:
    with CTrader() as running:
        yield running


def test_it_runs_from_start_to_end() -> None:
    """It listens inside the block, and leaves no thread behind."""
    before = threading.active_count()
    with CTrader(Settings(port=0, seed=3)) as running:
        assert running.url.startswith("http://127.0.0.1:")
        assert len(running.journal) == 0
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_a_taken_port_leaves_no_thread_behind(ctrader_here: CTrader) -> None:
    """A simulator that cannot start is one message, and gone."""
    port = int(ctrader_here.url.rpartition(":")[2])
    before = threading.active_count()
    with pytest.raises(StartError, match="cannot listen"), SimulatorThread(Settings(port=port)):
        raise AssertionError
    assert threading.active_count() == before


@pytest.mark.parametrize("crm", ["http://127.0.0.1:1", CrmSettings(url="http://127.0.0.1:1")])
def test_a_crm_that_is_not_there_is_told(ctrader_here: CTrader, crm: str | CrmSettings) -> None:
    """A CRM is named by its URL, or by its settings."""
    with pytest.raises(StartError, match="the CRM cannot be reached"):
        ctrader_here.play("sign-up", crm=crm)


def test_what_cannot_be_played_is_told(ctrader_here: CTrader) -> None:
    """Unknown scenarios and overrides are the caller's mistakes, told before anything is played."""
    with pytest.raises(ScenarioError, match="there is no scenario 'sing-up'"):
        ctrader_here.play("sing-up", crm="http://127.0.0.1:1")
    with pytest.raises(SettingsError, match="amuont"):
        ctrader_here.play("deposit", crm="http://127.0.0.1:1", amuont="3")


def ask_symbols(ctrader: CTrader, query: str = "") -> int:
    url = urllib.request.Request(f"{ctrader.url}/v2/webserv/symbols?{query}", headers={"Accept": "application/json"})
    try:
        with urllib.request.urlopen(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_the_next_calls_are_answered_as_told(ctrader_here: CTrader) -> None:
    """An enqueued answer takes the place of the backend's own, as often as told."""
    ctrader_here.answers.next("list_symbols", status=503, times=2)
    ctrader_here.answers.next("list_symbols", code="NOT_ENOUGH_RIGHTS", when={"token": None})
    assert [ask_symbols(ctrader_here) for _ in range(4)] == [503, 503, 403, 401]
    ctrader_here.answers.check()
    ctrader_here.journal.calls("list_symbols").times(4)


def test_answers_that_nobody_came_for_are_told(ctrader_here: CTrader) -> None:
    """Until they are forgotten, and without the secrets that a rule asks for."""
    token = "c4n-you-read-this"
    ask_symbols(ctrader_here, f"token={token}")
    ctrader_here.answers.next("list_symbols", status=503, when={"token": match.not_(token)})
    with pytest.raises(NotOne) as failure:
        ctrader_here.answers.check()
    assert str(failure.value).splitlines() == [
        "expected a call for each enqueued answer; 1 still wait:",
        "  list_symbols when {token: anything but [webservToken-1]}: 503, for 1 more call",
    ]
    ctrader_here.answers.clear()
    assert ctrader_here.answers.waiting == ()
    ctrader_here.answers.check()


def test_an_answer_that_cannot_be_is_told_in_the_test(ctrader_here: CTrader) -> None:
    """The mistake is raised where it is made."""
    with pytest.raises(RequestError, match=r"Did you mean 'list_symbols'\?"):
        ctrader_here.answers.next("list_symbol", status=500)


def test_calls_are_waited_for_from_another_thread(ctrader_here: CTrader) -> None:
    """A call of a thread that the test does not wait for is caught, and one that does not come is told."""
    caller = threading.Thread(target=ask_symbols, args=(ctrader_here,))
    caller.start()
    assert ctrader_here.wait_for("list_symbols").status == 401
    caller.join()
    with pytest.raises(NotOne, match="the 2nd list_symbols did not come within 0 seconds"):
        ctrader_here.wait_for("list_symbols", nth=2, within=0)


def test_a_callback_is_told_before_the_caller_is_answered(ctrader_here: CTrader) -> None:
    """What it notes is there when the caller goes on, until the watching ends."""
    told: list[Entry] = []
    stop = ctrader_here.on("list_symbols", told.append)
    ask_symbols(ctrader_here)
    assert [entry.endpoint for entry in told] == ["list_symbols"]
    stop()
    ask_symbols(ctrader_here)
    assert len(told) == 1
