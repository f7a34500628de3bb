"""Tasks that run beside their owner."""

import asyncio

from mock_ctrader.runtime.tasks import Tasks


async def test_tasks_run_and_end_with_their_owner():
    """A task runs by itself; one that is still running is broken off when its owner ends."""
    tasks, done, ended = Tasks(), asyncio.Event(), asyncio.Event()

    async def short() -> None:
        done.set()

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    await tasks.start(short())
    assert done.is_set()
    running = tasks.start(long())
    await asyncio.wait([running], timeout=0)
    await tasks.aclose()
    assert ended.is_set()
    assert running.cancelled()


async def test_owner_may_end_within_one_of_its_tasks():
    """A task that ends its owner is not waited for by itself."""
    tasks = Tasks()
    await tasks.start(tasks.aclose())
    await tasks.aclose()
