"""When the garbage collector looks at what, in a process that serves."""

import gc
from weakref import ref

import pytest

from mock_ctrader.cli.collecting import GROWN, LONG, seldom
from mock_ctrader.timing import VirtualClock


class Passing(VirtualClock):
    """A clock by which so much time passes each time that it is asked."""

    def __init__(self, seconds: float) -> None:
        super().__init__(0)
        self._seconds = seconds

    def elapsed(self) -> float:
        self.advance(self._seconds)
        return super().elapsed()


class Node:
    """Something that is in a cycle of references."""

    def __init__(self) -> None:
        self.itself = self


def grown(count: int) -> list[list[object]]:
    """Return something that takes so many blocks of memory."""
    return [[object()] for _ in range(count // 2)]


@pytest.mark.parametrize(
    ("seconds", "count", "is_set_aside"),
    [(LONG * 2, GROWN * 2, True), (LONG * 2, GROWN // 2, False), (LONG / 2, GROWN * 2, False)],
    ids=["long and grown", "long", "grown"],
)
def test_what_came_to_stay_is_set_aside(seconds: float, count: int, is_set_aside: bool) -> None:
    """It takes a collection that is long, and growth: what only passes through is never worth it."""
    gc.collect()
    with seldom(Passing(seconds)):
        before = gc.get_freeze_count()
        kept = grown(count)
        gc.collect()
        assert (gc.get_freeze_count() - before > count // 3) is is_set_aside
        del kept


def test_it_is_set_aside_once_for_so_much_growth() -> None:
    """Later collections, long ones too, leave alone what has not grown since."""
    gc.collect()
    with seldom(Passing(LONG * 2)):
        kept = grown(GROWN * 2)
        gc.collect()
        before = gc.get_freeze_count()
        more = grown(GROWN // 2)
        gc.collect()
        assert gc.get_freeze_count() <= before
        del kept, more


def test_what_goes_makes_room_for_growth_again() -> None:
    """After a large plant is gone, the next one counts from where things stand then."""
    gc.collect()
    with seldom(Passing(LONG * 2)):
        for _ in range(2):
            before = gc.get_freeze_count()
            kept = grown(GROWN * 2)
            gc.collect()
            assert gc.get_freeze_count() - before > GROWN // 2
            del kept
            gc.collect()


def test_cycles_are_still_collected() -> None:
    """What nobody has any more goes, also in a process that serves."""
    with seldom(Passing(LONG * 2)):
        gone = ref(Node())
        gc.collect()
        assert gone() is None


def test_afterwards_all_is_as_it_was() -> None:
    """Nothing is set aside, and nobody watches."""
    watchers = list(gc.callbacks)
    with seldom(Passing(LONG)):
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0
    assert gc.callbacks == watchers
