"""Demo sessions: their scripts are found and checked, their journeys played and recorded."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

import mock_ctrader_scenarios
from mock_ctrader.cli.presenting import SHIPPED
from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.dashboard import sessions
from mock_ctrader.errors import ScenarioError
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

SCRIPT = """
session: mine
title: Mine
for: Me.
introduction: It begins.
end: It ends.
journeys:
  - play: deposit
    title: A deposit
    set: {amount: "20.00"}
    begin: Now.
    steps: {deposit: Twenty.}
    end: Done.
"""


async def stage(seed: int = 7) -> AsyncIterator[Simulator]:
    own = Settings(port=0, seed=seed, clock="virtual")
    async with Simulator(own) as simulator, sample_crm(simulator.url, test_clock=True) as url:
        simulator.settings = msgspec.structs.replace(own, crm=CrmSettings(url=url, test_clock="/test/clock"))
        yield simulator


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A simulator before the sample CRM, on one clock that can be set."""
    async for running in stage():
        yield running


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a script, and runs where it lies."""
    monkeypatch.chdir(tmp_path)

    def make(text: str = SCRIPT) -> str:
        (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
        return "mine.yaml"

    return make


def test_the_sessions_that_are_presented_by_themselves_are_those_that_ship():
    """A session that is added is presented too; its name is that of its file."""
    assert sorted(SHIPPED) == mock_ctrader_scenarios.sessions()
    assert [name for name, _, _ in sessions.titles()] == mock_ctrader_scenarios.sessions()


@pytest.mark.parametrize("name", SHIPPED)
async def test_a_shipped_session_plays_against_the_sample_crm(simulator, name):
    """Every journey passes, nothing breaks the contract, and something is said at each step."""
    said: list[str] = []
    told = await sessions.record(simulator, sessions.find(name), seed=7, say=said.append)
    assert told["passed"], [stop["failure"] for journey in told["journeys"] for stop in journey["stops"][1:]]
    assert told["counts"]["violations"] == 0
    silent = [(one["name"], stop["heading"]) for one in told["journeys"] for stop in one["stops"] if not stop["say"]]
    assert silent == []
    assert len(said) == len(told["journeys"])


async def twice(session: sessions.Session) -> AsyncIterator[dict[str, Any]]:
    for _ in range(2):
        async for simulator in stage():
            yield await sessions.record(simulator, session, seed=7)


async def test_a_record_is_the_same_for_a_seed(write):
    """Only times differ: people, ids and addresses do not."""
    session = sessions.find(write())
    told = [json.dumps(record) async for record in twice(session)]
    times = r'"(?:moment|duration)": [-0-9.e]+|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT|\d{13}'
    first, second = (re.sub(times, "", one) for one in told)
    assert first == second
    assert "127.0.0.1" not in first


async def test_a_session_of_ones_own_is_recorded(simulator, write):
    """Its overrides hold, and its moments count from the first exchange."""
    told = await sessions.record(simulator, sessions.find(write()))
    (journey,) = told["journeys"]
    deposit = journey["stops"][4]
    assert (deposit["say"], deposit["app"]["account"]["balance"]) == ("Twenty.", "20.00")
    assert journey["stops"][1]["rows"][0]["moment"] == 0
    assert (told["title"], told["seed"]) == ("Mine", 7)


async def test_a_journey_that_fails_is_recorded_as_far_as_it_went(simulator, write):
    """The step says why, and the session did not pass."""
    wrong = SCRIPT.replace('amount: "20.00"', "environment: nowhere")
    told = await sessions.record(simulator, sessions.find(write(wrong)))
    stops = told["journeys"][0]["stops"]
    assert not told["passed"]
    assert stops[3]["failure"]
    assert [stop["kind"] for stop in stops] == ["begin", "step", "step", "step", "end"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("play: deposit", "play: depsit"),
            "mine.yaml, line 8: there is no scenario 'depsit'. Did you mean 'deposit'?",
        ),
        (("amount:", "amuont:"), "mine.yaml, line 8"),
        (("{deposit: Twenty.}", "{withdraw: Twenty.}"), "mine.yaml, line 12: deposit has no step 'withdraw'."),
    ],
)
def test_a_script_that_speaks_of_what_is_not_there_is_refused(write, change, message):
    """The message names the script and the line, before anything is played."""
    name = write(SCRIPT.replace(*change))
    with pytest.raises(ScenarioError) as refused:
        sessions.find(name)
    assert message in str(refused.value)


def test_a_session_that_is_not_there_is_refused(tmp_path):
    """A name is compared with those that ship; a file that cannot be read is named."""
    with pytest.raises(ScenarioError, match="there is no session 'cashir'"):
        sessions.find("cashir")
    with pytest.raises(ScenarioError, match="Name an existing file"):
        sessions.find(str(tmp_path / "none.yaml"))
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="is not a text file in UTF-8"):
        sessions.find(str(tmp_path / "odd.yaml"))


def test_a_session_that_does_not_ship_cannot_be_read():
    """The package says which there are."""
    with pytest.raises(LookupError, match="cashier"):
        mock_ctrader_scenarios.read_session("nothing")
