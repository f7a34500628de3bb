"""What a handler is given, and what it may return."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from mock_ctrader.contract.grids import Grid
from mock_ctrader.plant.model import Event, Manager
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Refusal
from mock_ctrader.timing import Moment


class Call(Struct, frozen=True):
    """One call of the broker, read and let in."""

    plant: Plant
    environment: str
    now: Moment
    parameters: Mapping[str, str]
    """Parameters of the path."""
    query: Mapping[str, str]
    caller: Manager | None = None
    client: str = ""
    """Address that the call came from."""
    events: list[Event] = field(default_factory=list[Event])

    @property
    def manager(self) -> Manager:
        """The manager who calls; only the token call has none."""
        assert self.caller is not None, "the gateway lets nobody else in"
        return self.caller

    def happened(self, kind: str, *, user_id: int | None = None, login: int | None = None) -> None:
        """Note an event."""
        self.events.append(Event(kind, user_id, login))


Handler = Callable[[Call, Any], Struct | Grid | Refusal | None]
"""Decides one call: the second argument is the body, or the query where that stands in for one, as its own model."""
