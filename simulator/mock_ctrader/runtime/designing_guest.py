"""Somebody who is logged in to a cTrader application, so that in-app screens can be opened: one token for each look."""

from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from mock_ctrader.backend.feed import Feed
from mock_ctrader.backend.sessions import Denied, Session
from mock_ctrader.conformance.design_visits import Visit
from mock_ctrader.errors import PeerViolation, StepFailed
from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.application import NAMES_ACCOUNT, Application
from mock_ctrader.platform.client_area import ClientArea
from mock_ctrader.platform.commands import RequestToken
from mock_ctrader.platform.device import Device, Identity
from mock_ctrader.platform.forms import Form, Task
from mock_ctrader.platform.screens import Screens
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.correlation import subjects_of
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.performer import Performer
from mock_ctrader.runtime.personas import draw_facts
from mock_ctrader.runtime.player import Player
from mock_ctrader.runtime.windows import Equipment, Windows
from mock_ctrader.runtime.world import World

NAME: Final = "conformance-design"
"""What the journal calls the journey of the design tests."""


class Guest:
    """A user of the CRM whose application is open."""

    def __init__(self, performer: Performer, player: Player, screens: Screens) -> None:
        self._performer = performer
        self._player = player
        self._screens = screens

    async def address(self, visit: Visit) -> str:
        """Return what an application opens for a look at an in-app screen: each has a token of its own.

        Raises:
            PeerViolation: the CRM gives no token.
            TransportError: the CRM does not answer.
        """
        device = device_of(visit, has_logged_in=True)
        application, screen = self._player.application, visit.subject.screen
        session, account = application.session, application.account
        assert session is not None, "nobody is a guest before the session is open"
        token = await self._performer.drive(_token(session, account), self._player)
        if isinstance(token, Denied):
            raise PeerViolation(f"the CRM gave no token for the {visit.subject.name} screen: {token.reason}.")
        named = {"account": str(account)} if screen in NAMES_ACCOUNT else {}
        return self._screens.url(screen, device, token=token, **named)


@asynccontextmanager
async def guest(world: World, crm: CrmSettings, equipment: Equipment) -> AsyncGenerator[Guest]:
    """Sign somebody up, open an account where the CRM asks for one, and hold the session while looking.

    Raises:
        MockCTraderError: there is no way in: a form is refused, or the CRM breaks the contract.
    """
    screens = profile.screens(crm)
    async with AsyncExitStack() as stack:
        windows = Windows(world, crm, screens.success_url, equipment, stack, lambda: performer.step)
        performer = Performer(world, crm, windows, windows.way(has_cookies=False))
        performer.step = Step(world.name_journey(NAME))
        world.cast.set(performer.step)
        stack.callback(world.cast.leave, performer.step.journey)
        player = _player(world, crm, equipment, windows, performer.step)
        await _come_in(performer, player)
        stack.callback(performer.end, player)
        yield Guest(performer, player, screens)


def device_of(visit: Visit, *, has_logged_in: bool) -> Device:
    """Return the device that a look is taken on."""
    name, platform = visit.size.name, visit.size.platform
    return Device(name, platform, visit.language, visit.theme, has_logged_in=has_logged_in)


def _player(world: World, crm: CrmSettings, equipment: Equipment, windows: Windows, step: Step) -> Player:
    identity = Identity.SSO if profile.CRM_ENDPOINTS in crm.modules else Identity.HANDOFF
    device = Device(step.journey, identity=identity)
    facts = draw_facts(world.next_person())
    world.cast.know(step.journey, subjects_of({"email": facts["email"]}))
    links = equipment.app_url
    return Player(
        facts,
        False,
        Application(device, profile.screens(crm), Feed(world.plant), links),
        ClientArea(crm.url, crm.pages, links),
        links,
        inside=windows.owner(device),
        own=windows.owner(device),
    )


async def _come_in(performer: Performer, player: Player) -> None:
    application = player.application
    await performer.drive(application.launch(), player)
    agreed: dict[str, str | bool] = {**player.facts, "agreement": True, "keep_logged_in": False}
    await performer.drive(application.send(Form(Task.SIGN_UP, agreed)), player)
    if application.session is None:
        opening = Form(Task.OPEN_ACCOUNT, agreed | {"environment": "demo", "currency": "EUR"})
        await performer.drive(application.send(opening), player)
    if application.session is None:
        raise StepFailed("signing up opened no session.", where=NAME)


def _token(session: Session, account: int | None) -> Generator[Any, Any, str | Denied]:
    answer: str | Denied = yield RequestToken(session, account)
    return answer
