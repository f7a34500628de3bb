"""A backend that is called as a broker's CRM calls it, and a CRM that is a list of answers."""

import json
from collections.abc import Callable, Generator, Iterable
from typing import Any

import pytest

from mock_ctrader.backend.gateway import Answer, handle
from mock_ctrader.chance import Chance
from mock_ctrader.contract.variant import STANDARD
from mock_ctrader.plant.model import Broker
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.sandbox import make_sandbox
from mock_ctrader.wire import Headers, Request

NOW = 1_767_603_600_000
FORMS = (("Accept", "application/json"), ("Content-Type", "application/json"))


class Backend:
    """One plant behind the gateway."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.token = plant.managers[2309].token
        self.now = NOW
        self.variant = STANDARD

    def ask(
        self,
        method: str,
        path: str,
        body: object = b"",
        *,
        query: str | None = None,
        headers: Headers = FORMS,
        environment: str = "demo",
        client: str = "",
    ) -> Answer:
        """Make one call: bytes go as they are, a text in UTF-8, anything else as JSON."""
        sent = (
            body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        )
        query = f"token={self.token}" if query is None else query
        request = Request(method, path, query, headers, sent, "http", "127.0.0.1:8443", client)
        return handle(self.plant, environment, path, request, self.now, self.variant)

    def snapshot(self) -> str:
        """Write out everything that the plant holds, the ids it will give out next included."""
        return repr([vars(self.plant), vars(self.plant.ids)])


@pytest.fixture(scope="session")
def make_backend() -> Callable[..., Backend]:
    return lambda seed=1: Backend(make_sandbox(Chance(seed), NOW))


@pytest.fixture
def backend(make_backend: Callable[..., Backend]) -> Backend:
    return make_backend()


@pytest.fixture
def crowded(backend: Backend) -> Backend:
    """A plant with a second broker and two managers who may not do everything."""
    rival = Broker("RIVAL", "RIVALCRM")
    backend.plant.brokers = {**backend.plant.brokers, rival.name: rival}
    backend.plant.add_manager(77, "hash", disabled_brokers=frozenset({"BESTBROKER"}))
    return backend


@pytest.fixture(scope="session")
def bearer() -> Callable[[str], Headers]:
    """Write the headers of a caller who shows the token in ``Authorization``."""
    return lambda token: (("Authorization", f"Bearer {token}"), ("Accept", "application/json"))


@pytest.fixture(scope="session")
def play() -> Callable[..., tuple[list[Any], Any]]:
    """Drive a flow with answers at hand; return what it asked for, and its result."""

    def play(flow: Generator[Any, Any, Any], answers: Iterable[Any]) -> tuple[list[Any], Any]:
        commands, rest = [], iter(answers)
        try:
            command = next(flow)
            while True:
                commands.append(command)
                command = flow.send(next(rest, None))
        except StopIteration as done:
            return commands, done.value

    return play


@pytest.fixture(scope="session")
def new_trader() -> dict[str, object]:
    """The least that a create takes."""
    return {
        "accessRights": "FULL_ACCESS",
        "accountType": "HEDGED",
        "balance": 0,
        "depositCurrency": "EUR",
        "groupName": "Default",
        "hashedPassword": "hash",
        "leverageInCents": 10000,
    }


@pytest.fixture(scope="session")
def open_account(new_trader: dict[str, object]) -> Callable[..., int]:
    """Open an account and return its number."""

    def open_account(backend: Backend, currency: str = "EUR", environment: str = "demo", **keys: object) -> int:
        body = {**new_trader, "depositCurrency": currency, **keys}
        answer = backend.ask("POST", "/v2/webserv/traders", body, environment=environment)
        login: int = json.loads(answer.response.body)["login"]
        return login

    return open_account


@pytest.fixture(scope="session")
def read() -> Callable[[Backend, int], dict[str, Any]]:
    """Read an account as the wire has it."""

    def read(backend: Backend, login: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(backend.ask("GET", f"/v2/webserv/traders/{login}").response.body)
        return found

    return read
