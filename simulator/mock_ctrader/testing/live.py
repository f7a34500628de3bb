"""A journal that is always up to date."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.query import Selection


class LiveJournal:
    """Asks a journal anew each time: what is asked of it is asked of the entries as they stand then."""

    def __init__(self, select: Callable[[], Selection]) -> None:
        self._select = select

    def __getattr__(self, name: str) -> Any:
        return getattr(self._select(), name)

    def __getitem__(self, index: int) -> Entry:
        return self._select()[index]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._select())

    def __len__(self) -> int:
        return len(self._select())

    def __repr__(self) -> str:
        return repr(self._select())


def live(select: Callable[[], Selection]) -> Selection:
    """Return a selection that is made anew whenever it is looked at."""
    return cast(Selection, LiveJournal(select))
