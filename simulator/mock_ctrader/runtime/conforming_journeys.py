"""Playing the journeys of the functional tests."""

from collections.abc import Iterable, Sequence

import aiohttp

from mock_ctrader.conformance.journeys import Played
from mock_ctrader.conformance.model import Test
from mock_ctrader.conformance.plan import PLAYINGS, RULES_BY_CONDITION
from mock_ctrader.conformance.plan_functional import MAILED, Playing
from mock_ctrader.conformance.said import Attempt, Held, Judgement, Tried, untried
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import MockCTraderError, TransportError
from mock_ctrader.runtime import library, matrix
from mock_ctrader.runtime.conforming_run import Run
from mock_ctrader.runtime.mailbox import Mailbox, somebody_is_there
from mock_ctrader.runtime.outbound import outbound
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.scenario import Scenario, load, with_steps
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.wire import Request

_NO_MAIL = "somebody has to read the mail with the link: "
_NO_PAGE = "crm.pages.outbox is no page that shows it"
_NO_TERMINAL = "nobody is at a terminal to paste it"


async def journeys(run: Run, tests: Sequence[Test]) -> Tried:
    """Play the journeys of these tests, each once.

    Raises:
        MockCTraderError: a journey could not be started.
    """
    made: dict[str, Attempt] = {}
    why: dict[str, Judgement] = {}
    for name in _needed(tests):
        scenario = scenario_of(PLAYINGS[name])
        obstacle = matrix.obstacle(scenario, "", run.edition, run.crm.modules)
        if obstacle:
            why[name] = untried(obstacle)
        elif name in MAILED and (unread := await _cannot_be_read(run)):
            why[name] = Judgement(Held.ASK, _NO_MAIL + unread)
        else:
            run.tell(f"playing {scenario.name}")
            made[name] = await _play(run, scenario)
    return Tried(made, why)


def scenario_of(playing: Playing) -> Scenario:
    """Return the scenario of a journey, ready to be played."""
    if playing.is_text:
        return load(playing.scenario, source="conformance", endpoints=ENDPOINTS, read=library.read)
    return with_steps(library.find(playing.scenario, playing.overrides), skip=playing.skip)


def _needed(tests: Sequence[Test]) -> Iterable[str]:
    """Return the names of the journeys that conditions are judged by, each once, in the plan's order."""
    conditions = (condition for test in tests for condition in test.conditions)
    return dict.fromkeys(name for one in conditions for name in RULES_BY_CONDITION[one.id].attempts)


async def _play(run: Run, scenario: Scenario) -> Played:
    start = run.stopwatch.elapsed()
    report = await run.simulator.play(scenario, edition=run.edition)
    failure = report.outcome.failure
    told = f"{failure.title}: {failure.problem or '; '.join(map(str, failure.differences))}" if failure else ""
    return Played(report.entries, report.outcome.passed, told, run.stopwatch.elapsed() - start)


async def _cannot_be_read(run: Run) -> str:
    """Tell why no mail of the CRM can be read; blank where it can."""
    match run.crm.outbox.source:
        case "page":
            return "" if await _has_outbox(run) else _NO_PAGE
        case "person":
            return "" if somebody_is_there() else _NO_TERMINAL
        case _:
            try:
                await Mailbox(run.crm).note()
            except MockCTraderError as error:
                return str(error)
            return ""


async def _has_outbox(run: Run) -> bool:
    url = run.crm.address(run.crm.pages["outbox"])
    connector = outbound(run.crm).connector(trusting(run.crm.ca, "crm.ca"))
    async with aiohttp.ClientSession(connector=connector) as client:
        try:
            return (await send(client, Request.to("GET", url), run.crm.timeout)).status == 200
        except TransportError:
            return False
