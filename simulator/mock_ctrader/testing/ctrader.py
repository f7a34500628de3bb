"""A simulator to hold in the hand, without an event loop."""

from types import TracebackType
from typing import Self

from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.testing.crms import Crms
from mock_ctrader.testing.engine import Engine
from mock_ctrader.testing.plant import PlayedJourney, TestedPlant

__all__ = ["CTrader", "PlayedJourney"]


class CTrader(TestedPlant):
    """A running simulator, and its default plant. As a context manager it runs from start to end.

    It listens as soon as its address is asked for, on a thread of its own.
    """

    def __init__(self, settings: Settings | None = None, *, sockets: bool = False) -> None:
        """Take settings; without any it listens on a free port of this machine.

        ``sockets``: applications that are given as CRMs are served on ports, not called in process.
        """
        self.engine = Engine(settings or Settings(port=0))
        self.crms = Crms(self.engine, sockets=sockets)
        super().__init__(self.engine, self.crms)

    def add_plant(
        self, name: str, description: PlantDescription | None = None, *, in_process: bool = False
    ) -> TestedPlant:
        """Make a plant beside the default one, and return it; see ``TestedPlant.url`` for ``in_process``.

        Raises:
            RequestError: there is one of that name.
            SettingsError: it cannot be made so.
        """
        self.engine.do(lambda: self.engine.simulator.plants.add(name, description or PlantDescription()))
        return TestedPlant(self.engine, self.crms, name, in_process=in_process)

    def remove_plant(self, name: str) -> None:
        """Forget a plant and all that is on it.

        Raises:
            RequestError: it is the default plant.
        """
        self.engine.do(lambda: self.engine.simulator.plants.remove(name))

    def renew(self, description: PlantDescription | None = None) -> None:
        """Empty the default plant for the next test, at the same address, with numbers that go on.

        Raises:
            SettingsError: it cannot be made as described.
        """
        self.engine.do(lambda: self.engine.simulator.plants.renew(self.name, description))

    def __enter__(self) -> Self:
        self.engine.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.put_away()
        self.crms.__exit__(kind, error, trace)
        self.engine.__exit__(kind, error, trace)
