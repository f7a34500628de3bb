"""Where the conformance list is run: a simulator of one's own, towards the CRM of the settings or the sample one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

_CLOCK = "/test/clock"


@asynccontextmanager
async def own_place(chosen: Settings) -> AsyncGenerator[Simulator]:
    """Start a simulator of these settings; it goes by the CRM's test clock, if that has one.

    Raises:
        StartError: the port is taken.
    """
    by_test_clock = msgspec.structs.replace(chosen, clock="virtual") if chosen.crm.test_clock else chosen
    async with Simulator(by_test_clock) as simulator:
        yield simulator


@asynccontextmanager
async def sample_place(chosen: Settings) -> AsyncGenerator[Simulator]:
    """Start a simulator and the sample CRM, on free ports and on one clock that can be set.

    Raises:
        StartError: one of them cannot be started.
    """
    own = msgspec.structs.replace(chosen, port=0, clock="virtual", tls=False)
    async with Simulator(own) as simulator, sample_crm(simulator.url, test_clock=True) as url:
        crm = CrmSettings(url=url, test_clock=_CLOCK, timeout=chosen.crm.timeout)
        simulator.settings = msgspec.structs.replace(own, crm=crm)
        yield simulator
