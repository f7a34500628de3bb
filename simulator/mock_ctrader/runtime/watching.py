"""Waiting for calls, and being told of them, as the journal records them."""

import asyncio
from collections.abc import Callable

from mock_ctrader.errors import NotOne
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.journal import Journal
from mock_ctrader.journal.query import Selection
from mock_ctrader.journal.sequences import ordinal

OnCall = Callable[[Entry], object]


async def wait_for(journal: Journal, endpoint: str, *, nth: int = 1, within: float = 5.0, after: int = 0) -> Entry:
    """Return the n-th call of an endpoint, waiting for it at most ``within`` seconds if it has not come yet.

    Calls count from the journal's first one, or from those with a number greater than ``after``.

    Raises:
        NotOne: it did not come in time; the message lists those that came.
        RequestError: the contract has no such call.
        ValueError: ``nth`` is less than one.
    """
    if nth < 1:
        raise ValueError("calls are counted from 1")
    came, count = asyncio.Event(), len(_calls(journal, endpoint, after))

    def look(entry: Entry) -> None:
        nonlocal count
        count += entry.endpoint == endpoint and entry.number > after
        if count >= nth:
            came.set()

    stop = journal.watch(look)
    try:
        if count < nth:
            async with asyncio.timeout(within):
                await came.wait()
    except TimeoutError:
        there = _calls(journal, endpoint, after).explain("an entry" if nth == 1 else f"{nth} entries")
        raise NotOne(f"the {ordinal(nth)} {endpoint} did not come within {within:g} seconds: {there}") from None
    finally:
        stop()
    return _calls(journal, endpoint, after)[nth - 1]


def on(journal: Journal, endpoint: str, callback: OnCall) -> Callable[[], None]:
    """Call back with each call of an endpoint when it is over; the function returned ends that.

    A broker's call is answered after that: what the callback does comes before what the CRM does next. A callback that
    raises is not called again; what it raised is in ``Journal.watcher_failures``.

    Raises:
        RequestError: the contract has no such call.
    """
    journal.select().calls(endpoint)  # refuses what is no call

    def look(entry: Entry) -> None:
        if entry.endpoint == endpoint:
            callback(entry)

    return journal.watch(look)


def _calls(journal: Journal, endpoint: str, after: int) -> Selection:
    calls = journal.select().calls(endpoint)
    return calls.after(after) if after else calls
