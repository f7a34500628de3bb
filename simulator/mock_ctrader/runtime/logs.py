"""Logs: readable in a terminal, JSON lines elsewhere; nothing global, nothing secret."""

import logging
import sys
from collections.abc import Callable, MutableMapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from mock_ctrader.journal.entry import Entry
from mock_ctrader.timing import Clock, iso

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

Mask = Callable[[str], str]
Event = MutableMapping[str, Any]
_EXCHANGE = "exchange"
LEVELS = ("debug", "info", "warning", "error")
"""From what few want to read to what everybody should."""


class Logger(Protocol):
    """Writes lines: an event, and what is said of it."""

    def heeds(self, level: str) -> bool:
        """Tell whether lines of a level are written: putting one together takes its time."""
        ...

    def info(self, event: str, /, **said: Any) -> object:
        """Write what is as it should be."""
        ...

    def warning(self, event: str, /, **said: Any) -> object:
        """Write what somebody should look at."""
        ...

    def error(self, event: str, /, **said: Any) -> object:
        """Write a failure of our own."""
        ...


class _Late:
    """A logger that is made when it has its first line to write: structlog takes long to import."""

    def __init__(self, make: "Callable[[], FilteringBoundLogger]", level: str) -> None:
        self._make = make
        self._heeded = LEVELS[LEVELS.index(level) :]

    @cached_property
    def _made(self) -> "FilteringBoundLogger":
        return self._make()

    def heeds(self, level: str) -> bool:
        return level in self._heeded

    def info(self, event: str, /, **said: Any) -> None:
        if self.heeds("info"):
            self._made.info(event, **said)

    def warning(self, event: str, /, **said: Any) -> None:
        if self.heeds("warning"):
            self._made.warning(event, **said)

    def error(self, event: str, /, **said: Any) -> None:
        self._made.error(event, **said)


def make_logger(clock: Clock, mask: Mask, *, form: str, level: str, stream: TextIO = sys.stderr) -> Logger:
    """Return a logger that writes to ``stream``; ``form`` is ``auto``, ``text`` or ``json``."""
    return _Late(lambda: _make(clock, mask, form=form, level=level, stream=stream), level)


def _make(clock: Clock, mask: Mask, *, form: str, level: str, stream: TextIO) -> "FilteringBoundLogger":
    import structlog

    readable = form == "text" or (form == "auto" and stream.isatty())

    def stamp(_logger: object, _method: str, event: Event) -> Event:
        return {"time": iso(clock.now()), **event}

    def masked(_logger: object, _method: str, event: Event) -> Event:
        if event["event"] == _EXCHANGE:  # masked with its own plant's secrets already, and thousands a second may come
            return event
        return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}

    renderer = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty(), timestamp_key="time", sort_keys=False)
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[structlog.processors.add_log_level, stamp, masked, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        cache_logger_on_first_use=False,
    )
    return logger


def log_entry(logger: Logger, entry: Entry, mask: Mask) -> None:
    """Write one line for one exchange; an exchange that broke the contract is a warning.

    ``mask`` hides the secrets of the exchange's own plant.
    """
    is_bad = bool(entry.error or entry.breaches)
    if not logger.heeds("warning" if is_bad else "info"):
        return
    known = {
        "plant": entry.plant,
        "exchange": entry.number,
        "direction": entry.direction.value,
        "endpoint": entry.endpoint or "unknown",
        "journey": entry.step.journey,
        "step": entry.step.number,
        "device": entry.step.device,
        "method": entry.request.method if entry.request else "",
        "path": mask(entry.request.path) if entry.request else "",
        "status": entry.status,
        "ms": None if entry.duration is None else round(entry.duration * 1000, 1),
        "error": mask(entry.error),
        "violations": [finding.clause for finding in entry.breaches],
    }
    said = {key: value for key, value in known.items() if value not in ("", None, 0, [])}
    write = logger.warning if is_bad else logger.info
    write(_EXCHANGE, **said)
