"""A journey without a scenario: its acts are done one after the other, as a program asks for them."""

from collections.abc import Mapping
from contextlib import AsyncExitStack

from mock_ctrader.journal.entry import Step
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.journey import Journey
from mock_ctrader.runtime.player import Player
from mock_ctrader.runtime.windows import Equipment
from mock_ctrader.runtime.world import World
from mock_ctrader.scenario.conversation import Act
from mock_ctrader.scenario.model import Actor, Scenario
from mock_ctrader.scenario.observation import Observation
from mock_ctrader.scenario.references import Scalar
from mock_ctrader.scenario.vocabulary import Verb


class ByHand(Journey):
    """One person with one application, from ``begin`` to ``end``."""

    def __init__(self, world: World, actor: Actor, crm: CrmSettings, equipment: Equipment) -> None:
        scenario = Scenario(name="by-hand", purpose="", source="", actors={actor.name: actor}, steps=())
        super().__init__(world, scenario, crm, equipment=equipment)
        self._actor = actor.name
        self._acts = 0
        self._stack = AsyncExitStack()

    @property
    def name(self) -> str:
        """What the journal calls this journey."""
        return self._name

    @property
    def facts(self) -> Mapping[str, str]:
        """What the person enters in forms, as it stands now: a changed password is the new one."""
        return self._players[self._actor].facts

    async def begin(self) -> None:
        """Make the person, the device and its windows.

        Raises:
            TransportError: the CRM's test clock does not take the time.
        """
        self._world.cast.set(Step(self._name))
        self._world.journal.follow(self._name)
        self._stack.callback(self._world.journal.leave, self._name)
        self._stack.callback(self._world.cast.leave, self._name)
        await self._set_up(self._stack)

    async def do(self, verb: Verb, arguments: Mapping[str, Scalar]) -> Observation:
        """Do something, and return what came of it.

        Raises:
            MockCTraderError: it could not be done; the message says why.
        """
        player = self._step(verb)
        await self._perform(Act(self._acts, self._actor, verb, arguments), player)
        return self._observe(player)

    def _step(self, verb: Verb) -> Player:
        """Begin a step: what is recorded from now on belongs to it."""
        player = self._players[self._actor]
        self._acts += 1
        self._since = self._world.journal.last_number
        self._performer.step = Step(self._name, self._acts, verb.value, player.application.device.name)
        self._world.cast.set(self._performer.step)
        return player

    def look(self) -> Observation:
        """Return what there is to see, with the exchanges since the last act began."""
        return self._observe(self._players[self._actor])

    async def end(self) -> None:
        """Close all windows; the application is gone without a word."""
        await self._stack.aclose()
