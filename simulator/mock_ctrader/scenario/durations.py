"""Lengths of time as people write them: ``61s``, ``5m``, ``2h``, ``30d``."""

import re

from mock_ctrader.errors import StepFailed

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WRITTEN = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)([smhd])")
LONGEST = 400 * 86400.0
"""Seconds in 400 days: more than the longest validity of anything in the contract."""
PATTERN = _WRITTEN.pattern


def seconds_of(text: str) -> float:
    """Return a length of time in seconds: a number of more than nothing, and ``s``, ``m``, ``h`` or ``d`` behind it.

    Raises:
        StepFailed: it is none, or longer than 400 days.
    """
    written = _WRITTEN.fullmatch(text)
    seconds = float(written[1]) * _SECONDS[written[2]] if written else 0.0
    if not 0 < seconds <= LONGEST:
        raise StepFailed(f"'{text[:60]}' is no length of time.", cure="Write 61s, 5m, 2h or 30d; up to 400d.")
    return seconds
