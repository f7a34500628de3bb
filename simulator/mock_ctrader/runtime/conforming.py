"""Running the conformance list against a CRM: calls, connections, screens and journeys, while OT tokens grow old."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from mock_ctrader.conformance.connections import CERTIFICATE, HTTPS
from mock_ctrader.conformance.model import Finding, Group, Report, Test
from mock_ctrader.conformance.plan_api import CALL_TESTS
from mock_ctrader.conformance.plan_beyond import PLAYED, PROBED
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.conforming_beyond import beyond
from mock_ctrader.runtime.conforming_calls import Calls
from mock_ctrader.runtime.conforming_connections import connections
from mock_ctrader.runtime.conforming_journeys import journeys
from mock_ctrader.runtime.conforming_run import Run
from mock_ctrader.runtime.designing import inspect_design
from mock_ctrader.runtime.simulator import Simulator

Tell = Callable[[str], None]


async def conform(
    simulator: Simulator,
    tests: Sequence[Test],
    *,
    edition: EditionName | None = None,
    strict: bool = False,
    counts_beyond: bool = False,
    tell: Tell = lambda _: None,
    pictures: Path | None = None,
) -> Report:
    """Run tests against the CRM of the simulator's settings; a test that fails is a result, not an exception.

    The tokens that are to expire are issued first, and shown when everything else is done: one minute passes once.
    ``counts_beyond`` holds against the CRM what goes beyond the vendor's list, too.
    ``edition`` is what the plant speaks meanwhile, its own if none is named; ``pictures`` is the folder for those of
    the screens that the design tests look at.

    Raises:
        StartError: nobody listens at the CRM's address, or the real browser is not to be had.
        SettingsError: the plant cannot speak the edition, or a file of the settings cannot be used.
        TransportError: the CRM does not take the time of the test clock.
    """
    world, stopwatch = simulator.world(), SystemClock()
    _, equipment = await simulator.equip(world)
    started, start = stopwatch.now(), stopwatch.elapsed()
    with world.in_edition(edition):
        run = Run(simulator, world, equipment, world.variant.edition, strict, tell, stopwatch, counts_beyond)
        found = await _findings(run, [test for test in tests if not run.obstacle(test)], pictures)
    by_condition = {one.condition: one for one in found}
    by_condition |= {one.condition: one for test in tests for one in run.not_for_it(test)}
    return Report(
        findings=tuple(by_condition[one.id] for test in tests for one in test.conditions),
        tests=tuple(tests),
        profile=run.crm.shown_url,
        edition=run.edition,
        started=started,
        seconds=stopwatch.elapsed() - start,
    )


async def _findings(run: Run, tests: Sequence[Test], pictures: Path | None) -> list[Finding]:
    calls = [test for test in tests if test in CALL_TESTS]
    played = [test for test in tests if test.group is Group.FUNCTIONAL or test in PLAYED]
    probed = [test for test in tests if test in PROBED]
    design = [test.id for test in tests if test.group is Group.DESIGN]
    found: list[Finding] = []
    async with AsyncExitStack() as stack:
        attempts = Calls(run, stack)
        if calls:
            run.tell("calling the CRM's endpoints")
            await attempts.begin()
        found += await connections(run, [test for test in tests if test in (HTTPS, CERTIFICATE)])
        found += run.findings(played, await journeys(run, played))
        found += run.findings(probed, await beyond(run, probed))
        if design:
            run.tell("looking at the screens")
            found += await inspect_design(run.simulator, pictures, only=design, strict=run.strict)
        if any(test.id == "api.expiry" for test in calls):
            await attempts.end()
        found += run.findings(calls, attempts.tried)
    return found
