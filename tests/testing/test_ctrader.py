"""The simulator that other people's tests hold in the hand."""

import threading
from collections.abc import Iterator

import pytest

from mock_ctrader.errors import ScenarioError, SettingsError, StartError
from mock_ctrader.runtime.thread import SimulatorThread
from mock_ctrader.testing import CrmSettings, CTrader, Settings


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
    before = threading.active_count()
    port = int(ctrader_here.url.rpartition(":")[2])
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
