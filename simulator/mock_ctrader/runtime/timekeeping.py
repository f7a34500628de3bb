"""Letting time pass in a journey: for real, or at once on clocks that can be set."""

import msgspec

from mock_ctrader.errors import TransportError
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.pace import Pace
from mock_ctrader.timing import Clock, VirtualClock
from mock_ctrader.wire import Request, Way, answer_to

_JSON = (("Content-Type", "application/json"),)


class Timekeeper:
    """The time of one journey. Virtual time moves on the simulator and, where it has a test clock, at the CRM."""

    def __init__(self, clock: Clock, crm: CrmSettings, way: Way, pace: Pace) -> None:
        self._clock = clock
        self._crm = crm
        self._way = way
        self._pace = pace

    async def start(self) -> None:
        """Set the CRM's test clock to the simulator's time.

        Raises:
            TransportError: the CRM does not take it.
        """
        if isinstance(self._clock, VirtualClock):
            await self._tell()

    async def let_pass(self, seconds: float) -> None:
        """Go on so many seconds later.

        Raises:
            TransportError: the CRM does not take the new time.
        """
        if isinstance(self._clock, VirtualClock):
            self._clock.advance(seconds)
            await self._tell()
        else:
            await self._pace.sleep(seconds)

    async def _tell(self) -> None:
        if not self._crm.test_clock:
            return
        url = self._crm.address(self._crm.test_clock)
        body = msgspec.json.encode({"now": self._clock.now()})
        answer = await answer_to(self._way, Request.to("PUT", url, headers=_JSON, body=body), self._crm.timeout)
        if not 200 <= answer.status < 300:
            cure = "Start it with its test clock ('mock-ctrader crm --test-clock'), or leave crm.test_clock blank."
            raise TransportError(f"the CRM's test clock answered {answer.status}.", where=url, cure=cure)
