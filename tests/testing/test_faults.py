"""Faults in the hands of a test."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import RemoteDisconnected

import pytest

from mock_ctrader.errors import NotOne, RequestError
from mock_ctrader.testing import CTrader


@pytest.fixture
def ctrader_here() -> Iterator[CTrader]:
    with CTrader() as running:
        yield running


def ask_for_token(ctrader: CTrader) -> str:
    """Ask as a CRM does that has nothing but the standard library."""
    body = json.dumps({"login": 1, "hashedPassword": "x"}).encode()
    request = urllib.request.Request(f"{ctrader.url}/v2/webserv/managers/token", body, method="POST")
    with urllib.request.urlopen(request) as answer:
        return str(answer.status)


def test_a_fault_strikes_the_next_call(ctrader_here: CTrader) -> None:
    """Once; the journal names it."""
    armed = ctrader_here.faults.arm("lost-answer:manager_token")
    with pytest.raises(RemoteDisconnected):
        ask_for_token(ctrader_here)
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask_for_token(ctrader_here)
    refused.value.close()
    assert (armed.struck, ctrader_here.faults.armed) == (1, ())
    assert [entry.facts for entry in ctrader_here.journal] == [(("fault", "lost-answer"),), ()]
    ctrader_here.faults.check()


def test_a_fault_that_never_struck_is_told(ctrader_here: CTrader) -> None:
    """With how often it might have."""
    ctrader_here.faults.arm("server-error:manager_token@3")
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask_for_token(ctrader_here)
    refused.value.close()
    with pytest.raises(NotOne, match=r"1 did not:\n  server-error:manager_token@3: 1 such calls"):
        ctrader_here.faults.check()
    ctrader_here.faults.clear()
    ctrader_here.faults.check()


def test_a_rule_that_cannot_strike_is_refused(ctrader_here: CTrader) -> None:
    """The nearest name is told."""
    with pytest.raises(RequestError, match="Did you mean 'create_trader'"):
        ctrader_here.faults.arm("lost-answer:create_tradr")


def test_each_plant_has_its_own(ctrader_here: CTrader) -> None:
    """What is armed on one strikes no other; an emptied plant has none."""
    other = ctrader_here.add_plant("other")
    other.faults.arm("server-error times=always")
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask_for_token(ctrader_here)
    with refused.value as answered:
        assert answered.status == 401
    ctrader_here.faults.arm("server-error times=always")
    ctrader_here.renew()
    assert ctrader_here.faults.armed == ()
    assert len(other.faults.armed) == 1
