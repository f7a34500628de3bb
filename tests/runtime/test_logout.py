"""That a logout, asked for by the CRM, reaches the applications."""

from dataclasses import replace

from mock_ctrader.backend.sessions import Session
from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.contract.addresses import Place
from mock_ctrader.runtime import library
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario.model import Expectation
from mock_ctrader.wire import Request


async def test_a_logout_ends_the_sessions_of_its_user(simulator: Simulator) -> None:
    """Edition 2025, 3.12: all of that user's and nobody else's, at once."""
    world = simulator.world()
    sessions = [Session(world.plant.users[number]) for number in (10333, 10333, 10345533)]
    for session in sessions:
        world.sessions.enter(session)
    token = world.plant.managers[2309].token
    query = f"token={token}&brokerCrmName=BESTBROKERCRM&userId=10333"
    path = "/cid/oauth2/ctid/logout"
    response = world.answer(Place("sandbox", "demo", path), Request("POST", path, query))
    assert response.status == 200
    assert [session.ended for session in sessions] == [True, True, False]
    assert world.journal.select().one().events == ("user_logged_out",)


async def test_a_journey_leaves_no_session_open(pair: tuple[Simulator, CrmSettings]) -> None:
    """What its applications left open is ended with it."""
    simulator, crm = pair
    report = await simulator.play(library.find("deposit"), crm=crm)
    assert report.outcome.passed
    world = simulator.world()
    assert [world.sessions.of(user_id) for user_id in world.plant.users] == [()] * len(world.plant.users)


async def test_a_logout_in_the_application_holds_the_call_that_it_leads_to(pair: tuple[Simulator, CrmSettings]) -> None:
    """Edition 2025, 4.5: the session's entry comes first, then the CRM is told, then the login screen opens."""
    simulator, crm = pair
    report = await simulator.play(library.find("application-logout"), crm=crm)
    assert report.outcome.passed, str(report.outcome.failure)
    ours = [entry for entry in report.entries if entry.step.name == "log out"]
    assert [entry.endpoint for entry in ours] == ["log_out", "crm_logout", "login"]
    assert [name for name, _ in ours[0].facts] == ["userId"]


async def test_an_edition_without_the_call_tells_nobody() -> None:
    """Edition 2023 has no call 4.5: the application logs out all the same."""
    scenario = library.find("application-logout")
    (logout,) = (step for step in scenario.steps if step.title == "log out")
    silent = replace(logout, expectation=Expectation(calls=(), session="login screen", stored_token=False))
    steps = (*scenario.steps[:3], silent)
    settings = Settings(port=0, seed=7, plants={"sandbox": PlantDescription(edition="2023")})
    async with Simulator(settings) as simulator, sample_crm(simulator.url) as url:
        crm = CrmSettings(url=url, prefix="", token_parameter="crmApiToken")
        report = await simulator.play(replace(scenario, steps=steps), crm=crm)
    assert report.outcome.passed, str(report.outcome.failure)
