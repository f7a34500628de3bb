"""What is done when a journey is over."""

import pytest

from mock_ctrader.runtime.endings import Endings


async def test_what_began_last_ends_first() -> None:
    """Whether it is waited for or not, and what is noted meanwhile is done as well."""
    done: list[str] = []
    endings = Endings()

    async def later(name: str) -> None:
        done.append(name)
        endings.callback(done.append, "noted at the end")

    endings.callback(done.append, "first")
    endings.push_async_callback(later, "second")
    endings.callback(done.append, "third")
    await endings.close()
    assert done == ["third", "second", "noted at the end", "first"]
    await endings.close()
    assert len(done) == 4


async def test_a_failure_keeps_nothing_else_from_being_done() -> None:
    """The last one is raised, with the one before it as its context."""
    done: list[str] = []
    endings = Endings()

    async def fail() -> None:
        raise OSError("early")

    def fail_too() -> None:
        raise ValueError("late")

    endings.callback(done.append, "first")
    endings.callback(fail_too)
    endings.push_async_callback(fail)
    endings.callback(done.append, "last")
    with pytest.raises(ValueError, match="late") as caught:
        await endings.close()
    assert done == ["last", "first"]
    assert isinstance(caught.value.__context__, OSError)
