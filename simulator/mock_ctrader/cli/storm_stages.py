"""Where a storm is played: on plants that nobody was on, towards the sample CRM or the CRM of the settings."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import msgspec

from mock_ctrader.cli.places import sample_place
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.storming import Stage

_CAPACITY = 100_000
"""Entries: what was said in one round is judged as a whole."""


def sample_stage(chosen: Settings) -> Stage:
    """Return what starts a simulator and a sample CRM, on one clock that can be set; nobody is known to either."""
    return partial(sample_place, _roomy(chosen))


@asynccontextmanager
async def own_stage(chosen: Settings) -> AsyncGenerator[Stage]:
    """Start one simulator, whose plant is made anew each time; the CRM remembers, so nobody comes to it twice.

    Raises:
        StartError: the port is taken.
    """
    clock = "virtual" if chosen.crm.test_clock else chosen.clock
    own = msgspec.structs.replace(_roomy(chosen), clock=clock, seed=None)
    async with Simulator(own) as simulator:

        @asynccontextmanager
        async def fresh() -> AsyncGenerator[Simulator]:
            simulator.plants.renew(own.plant)
            yield simulator

        yield fresh


def _roomy(chosen: Settings) -> Settings:
    return msgspec.structs.replace(chosen, journal_capacity=max(chosen.journal_capacity, _CAPACITY))
