"""That a logout, asked for by the CRM, reaches the applications."""

from mock_ctrader.backend.sessions import Session
from mock_ctrader.contract.addresses import Place
from mock_ctrader.runtime import library
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.runtime.simulator import Simulator
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
