"""An application on a device, and the answers that its commands get."""

from collections.abc import Callable, Generator
from typing import Any

import pytest

from mock_ctrader.backend.feed import Feed
from mock_ctrader.backend.sessions import Session
from mock_ctrader.chance import Chance
from mock_ctrader.plant.model import Link, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.sandbox import make_sandbox
from mock_ctrader.platform.application import Application
from mock_ctrader.platform.device import Device, Platform
from mock_ctrader.platform.screens import Screens


@pytest.fixture
def plant() -> Plant:
    return make_sandbox(Chance(7), 0)


@pytest.fixture
def user(plant: Plant) -> User:
    """The documentation's user with the documentation's account."""
    plant.add_link(Link(50_000_001, 10333, 8673590))
    return plant.users[10333]


@pytest.fixture
def session(user: User) -> Session:
    return Session(user)


@pytest.fixture
def device() -> Device:
    return Device("phone", Platform.IOS, "de", "dark")


@pytest.fixture
def application(device: Device, plant: Plant) -> Application:
    return Application(device, Screens("https://crm.example.com"), Feed(plant), "https://app.example.com/app")


@pytest.fixture(scope="session")
def play() -> Callable[..., list[Any]]:
    """Run a flow to its end with the answers given, in order; return what it commanded. An exception is thrown in."""

    def play(flow: Generator[Any, Any, None], *answers: Any) -> list[Any]:
        commands, rest = [], iter(answers)
        try:
            command = next(flow)
            while True:
                commands.append(command)
                answer = next(rest, None)
                command = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
        except StopIteration:
            assert not list(rest), "an answer that nobody asked for"
            return commands

    return play
