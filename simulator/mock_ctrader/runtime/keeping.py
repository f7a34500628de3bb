"""Nobody is answered before what came of the request is kept; nothing is begun that cannot be."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from mock_ctrader.errors import MockCTraderError, StoreError
from mock_ctrader.runtime.ledger import Done
from mock_ctrader.runtime.recovery import beside, state_of
from mock_ctrader.runtime.store import Store
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import Clock, Moment, VirtualClock
from mock_ctrader.transports.at_once import Instead
from mock_ctrader.wire import Request, Response

T = TypeVar("T")
WORTH_IT = 1_000
"""So many changes told again at the start are worth a new checkpoint."""
CODE = "INSUFFICIENT_STORAGE"


class Keeping:
    """What a simulator that keeps its plants on disk does around requests, at its start and at its end."""

    def __init__(self, store: Store | None) -> None:
        """``store``: nothing where plants are kept in memory alone."""
        self._store = store

    async def around(self, request: Request, answer: Callable[[Request], Awaitable[T]]) -> T | Response:
        """Answer a request, when what came of it is kept; 507 where it cannot be (assumed: no source has a full disk).

        Who only looks, on pages of the simulator's own, is answered without waiting.
        """
        store = self._store
        if store is None or (request.method in ("GET", "HEAD") and request.path.startswith("/_mock/")):
            return await answer(request)
        if store.problem:
            store.refused += 1
            return _full(request, store.error())
        response = await answer(request)
        try:
            await store.kept()
        except StoreError as error:
            return _full(request, error)
        return response

    def is_well(self) -> bool:
        """Tell whether whatever happens now can be kept, as far as is known, or need not be."""
        return self._store is None or not self._store.problem

    def held_back(self, told: Callable[[Instead | None], object]) -> bool:
        """Tell whether answers wait that were decided so far, until what came of them is kept; see ``around``."""
        if self._store is None:
            return False
        return self._store.tell_when_kept(lambda is_kept: told(None if is_kept else self._instead))

    def _instead(self, request: Request) -> Response:
        assert self._store is not None, "without a store nothing fails to be kept"
        return _full(request, self._store.error())

    async def start(self, clock: Clock, worlds: Callable[[], Mapping[int, World]]) -> None:
        """Begin to keep what happens, skipped time too; ``worlds`` tells who is there, by the numbers of their lives.

        Raises:
            StoreError: it cannot be kept.
        """
        if self._store is not None:
            self._store.tell_state = lambda life: _told(worlds().get(life))
            await self._store.start()
            if isinstance(clock, VirtualClock):
                clock.watcher = lambda moment: _pass_time(worlds().values(), moment)
            if max(self._store.news.values(), default=0) >= WORTH_IT:
                await self._store.checkpoint()

    async def stop(self) -> None:
        """Write down how things stand, and give the folder back; without room, the records tell it all the same."""
        if self._store is None:
            return
        try:
            if self._store.is_started:
                await self._store.checkpoint()
        except MockCTraderError:
            pass
        finally:
            self._store.close()


def _pass_time(worlds: Iterable[World], moment: Moment) -> None:
    for world in worlds:
        world.note(Done("pass_time", [moment]))


def _told(world: World | None) -> tuple[bytes, bytes] | None:
    return None if world is None else (state_of(world), beside(world))


def _full(request: Request, error: StoreError) -> Response:
    if request.path.startswith("/_mock/"):
        body = msgspec.json.encode({"error": str(error)})
        return Response(507, (("Content-Type", "application/json"), ("Cache-Control", "no-store")), body)
    headers = (("Content-Type", "text/plain;charset=UTF-8"), ("Retry-After", "1"))
    return Response(507, headers, f"{CODE}: {error.what}".encode())
