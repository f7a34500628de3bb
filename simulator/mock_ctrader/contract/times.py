"""Times in queries and in position grids: ``yyyy-MM-ddTHH:mm:ss.SSS``, UTC (WebServices 2.5)."""

import re
from datetime import UTC, datetime, timedelta

from mock_ctrader.timing import Moment

_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{3}))?Z?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def read(text: str) -> Moment | None:
    """Read a time of a query; nothing where it is none.

    Clients were seen to send a trailing ``Z`` and percent-encoded colons; the milliseconds may be missing (assumed).
    """
    found = _TIME.fullmatch(text.replace("%3A", ":").replace("%3a", ":"))
    if found is None:
        return None
    day, clock, milliseconds = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}.{milliseconds or '000'}+00:00")
    except ValueError:
        return None
    return (moment - _EPOCH) // _MILLISECOND


def write(moment: Moment) -> str:
    """Write a moment as the grids have it: three decimals, no zone."""
    return (_EPOCH + moment * _MILLISECOND).replace(tzinfo=None).isoformat(timespec="milliseconds")
