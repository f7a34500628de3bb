"""Logs: readable in a terminal, JSON lines elsewhere; nothing global, nothing secret."""

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import FilteringBoundLogger

from mock_ctrader.journal.entry import Entry
from mock_ctrader.timing import Clock, iso

Mask = Callable[[str], str]
Event = MutableMapping[str, Any]


def make_logger(
    clock: Clock, mask: Mask, *, form: str, level: str, stream: TextIO = sys.stderr
) -> FilteringBoundLogger:
    """Return a logger that writes to ``stream``; ``form`` is ``auto``, ``text`` or ``json``."""
    readable = form == "text" or (form == "auto" and stream.isatty())

    def stamp(_logger: object, _method: str, event: Event) -> Event:
        return {"time": iso(clock.now()), **event}

    def masked(_logger: object, _method: str, event: Event) -> Event:
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


def log_entry(logger: FilteringBoundLogger, entry: Entry, mask: Mask = str) -> None:
    """Write one line for one exchange; an exchange that broke the contract is a warning.

    ``mask`` hides the secrets of the exchange's own plant.
    """
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
    write = logger.warning if entry.error or entry.breaches else logger.info
    write("exchange", **said)
