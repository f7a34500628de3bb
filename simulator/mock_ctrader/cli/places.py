"""Simulators of one's own that journeys are played on: towards the CRM of the settings, or the sample one."""

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
async def sample_place(chosen: Settings, *, port: int = 0) -> AsyncGenerator[Simulator]:
    """Start a simulator and the sample CRM, on one clock that can be set: time costs nothing there.

    ``port`` is the simulator's; by itself it takes a free one, as the CRM does. Nobody's password is kept longer than
    the CRM runs: it is hashed in no time.

    Raises:
        StartError: one of them cannot be started.
    """
    own = msgspec.structs.replace(chosen, port=port, clock="virtual", tls=False)
    async with (
        Simulator(own) as simulator,
        sample_crm(simulator.url, test_clock=True, quick_passwords=True) as url,
    ):
        crm = CrmSettings(url=url, test_clock=_CLOCK, timeout=chosen.crm.timeout)
        simulator.settings = msgspec.structs.replace(own, crm=crm)
        yield simulator
