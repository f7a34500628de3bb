"""Answers that an operator enqueues for the broker's next calls: a part of the admin API."""

from typing import Any, cast

from mock_ctrader.backend.enqueued import Body, Enqueued
from mock_ctrader.errors import NotThere, RequestError
from mock_ctrader.runtime.state import Said, read_body, read_number
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.runtime.wishes import NextAnswer
from mock_ctrader.runtime.world import World


class Enqueuing:
    """The queue of one plant in the hands of its operator."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._queue = world.answers

    def answer(self, method: str, parts: list[str], body: bytes) -> Said | None:
        """Answer one request below ``answers``, or nothing where there is no such operation.

        Raises:
            RequestError: it cannot be done.
            SettingsError: the body cannot be read.
        """
        match method, parts:
            case "POST", []:
                return 201, self._told(self._add(read(NextAnswer, read_body(body), Source())))
            case "GET", []:
                return 200, {"answers": [self._told(waiting) for waiting in self._queue.waiting]}
            case "DELETE", []:
                return 200, {"forgotten": self._queue.clear()}
            case "DELETE", [number]:
                return self._forget(number)
            case _:
                return None

    def _add(self, wanted: NextAnswer) -> Enqueued:
        return self._queue.add(
            self._world.variant,
            wanted.endpoint,
            when=wanted.when,
            status=wanted.status,
            code=wanted.code,
            description=wanted.description,
            body=_body(wanted.body),
            headers=wanted.headers,
            times=wanted.times,
        )

    def _told(self, enqueued: Enqueued) -> dict[str, Any]:
        told = self._world.journal.secrets.mask(str(enqueued))
        return {"number": enqueued.number, "endpoint": enqueued.endpoint, "times": enqueued.times, "says": told}

    def _forget(self, number: str) -> Said:
        if not self._queue.remove(read_number(number)):
            raise NotThere(f"no answer {number} waits for a call on plant '{self._world.plant.name}'.")
        return 200, {"forgotten": 1}


def _body(said: object) -> Body | None:
    if said is None or isinstance(said, str | dict | list):
        return cast(Body | None, said)
    raise RequestError("'body' must be an object, a list or a text.")
