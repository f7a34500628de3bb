"""Trying what goes beyond the vendor's list: the attempts that its conditions are judged by."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Final

from mock_ctrader.conformance.model import Test
from mock_ctrader.conformance.plan import RULES_BY_CONDITION
from mock_ctrader.conformance.said import Attempt, Judgement, Tried, untried
from mock_ctrader.errors import MockCTraderError
from mock_ctrader.runtime.conforming_abuse import bodies, webhooks
from mock_ctrader.runtime.conforming_crossing import crossings, doors, forgotten
from mock_ctrader.runtime.conforming_guests import Guests
from mock_ctrader.runtime.conforming_pages import lures, marks, screens
from mock_ctrader.runtime.conforming_run import Run
from mock_ctrader.runtime.conforming_tokens import answers, inapp_tokens, log_outs, races

Probe = Callable[[Guests], Awaitable[Mapping[str, Attempt | Judgement]]]
"""Makes the attempts of a test; what could not be made has a judgement in its place."""

PROBES: Final[Mapping[str, Probe]] = {
    "beyond.race": races,
    "beyond.inapp-token": inapp_tokens,
    "beyond.logout": log_outs,
    "beyond.bodies": bodies,
    "beyond.webhooks": webhooks,
    "beyond.redirect": lures,
    "beyond.reflection": marks,
    "beyond.screens": screens,
    "beyond.answers": answers,
    "beyond.deposit": crossings("deposit"),
    "beyond.withdraw": crossings("withdraw"),
    "beyond.login": doors,
    "beyond.forgotten": forgotten,
}
"""What is done for each test. The forms for passwords come last: some CRMs lock out who was wrong too often."""


async def beyond(run: Run, tests: Sequence[Test]) -> Tried:
    """Make the attempts of these tests. What stops one of them is told of its conditions, and stops no other.

    Raises:
        SettingsError: a file of the settings cannot be used.
    """
    made: dict[str, Attempt] = {}
    why: dict[str, Judgement] = {}
    async with AsyncExitStack() as stack:
        guests = Guests(run, stack)
        for test in tests:
            run.tell(f"trying {test.title}")
            try:
                found = await PROBES[test.id](guests)
            except MockCTraderError as failure:
                names = (name for one in test.conditions for name in RULES_BY_CONDITION[one.id].attempts)
                found = dict.fromkeys(names, untried(str(failure)))
            made |= {name: one for name, one in found.items() if not isinstance(one, Judgement)}
            why |= {name: one for name, one in found.items() if isinstance(one, Judgement)}
    return Tried(made, why)
