"""Whoever puts a load together: tells how far it is, and writes what came of it. In a process of Locust only."""

import sys
from pathlib import Path
from typing import Any

import gevent
import msgspec
from locust.env import Environment
from locust.runners import MasterRunner
from locust.stats import CSV_STATS_INTERVAL_SEC, StatsEntry

from mock_ctrader.load.result import Line, Result, Tally, Written
from mock_ctrader.runtime.load_order import Order
from mock_ctrader.runtime.matrix import in_words
from mock_ctrader.wire import Direction

JOURNEY = "journey"
KINDS = {Direction.SCREEN: "screen", Direction.TO_CRM: "to CRM", Direction.TO_CTRADER: "to cTrader"}
"""What Locust's pages call a type of request."""


class Watch:
    """Looks at the statistics of Locust."""

    def __init__(self, environment: Environment, tally: Tally, order: Order) -> None:
        self._environment = environment
        self._tally = tally
        self._order = order
        self._users = 0
        self._workers = 0
        self._lost = set[str]()
        """Workers that went away; Locust forgets them after a minute."""
        self._told = 0
        """Journeys that the last line knew of."""

    def follow(self, every: float) -> None:
        """Count who is there, and print a line now and then, for ever."""
        waited = 0
        while True:
            gevent.sleep(1)
            runner = self._environment.runner
            if runner is None or not runner.user_count:
                continue
            self._users = max(self._users, runner.user_count)
            if isinstance(runner, MasterRunner):
                self._workers = max(self._workers, runner.worker_count)
                self._lost |= {client.id for client in runner.clients.missing}
            waited += 1
            if waited % every == 0:
                self._print(waited, runner.user_count, every)

    def write(self, **_: Any) -> None:
        """Write what came of it, as Locust ends; its own files get the last numbers as well."""
        if getattr(self._environment.parsed_options, "csv_prefix", None):
            gevent.sleep(1.1 * CSV_STATS_INTERVAL_SEC)  # its writer wakes up once in this time, and not at the end
        written = Written(result=self.result(), kept=self._tally.kept)
        Path(self._order.result).write_bytes(msgspec.json.encode(written))

    def result(self) -> Result:
        """Return what came of it so far."""
        runner, stats = self._environment.runner, self._environment.stats
        missing = {client.id for client in runner.clients.missing} if isinstance(runner, MasterRunner) else set[str]()
        seconds = max((stats.last_request_timestamp or 0.0) - stats.start_time, 0.001)
        entries = [_line(entry, seconds) for _, entry in sorted(stats.entries.items(), key=_place)]
        sample = [one for one in self._tally.kept if one.is_of_sample]
        return Result(
            seconds=seconds,
            users=self._users,
            workers=self._workers,
            journeys=[line for line in entries if line.kind == JOURNEY],
            calls=[line for line in entries if line.kind != JOURNEY],
            failures=self._tally.told(),
            sample=len(sample),
            findings=sum(one.findings for one in sample),
            broken=dict(self._tally.broken()),
            judged=self._tally.judged(),
            cut_off=self._tally.cut_off,
            lost=len(self._lost | missing),
        )

    def _print(self, seconds: int, users: int, every: float) -> None:
        journeys = [entry for entry in self._environment.stats.entries.values() if entry.method == JOURNEY]
        before, self._told = self._told, sum(entry.num_requests for entry in journeys)
        rate, failed = (self._told - before) / every, sum(entry.num_failures for entry in journeys)
        told = f"{in_words(seconds)}: {users} users, {rate:.1f} journeys a second, {failed} failed"
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()


def _place(item: tuple[tuple[str, str], StatsEntry]) -> tuple[int, str]:
    """Order rows: screens, then the calls to the CRM, then its own."""
    name, method = item[0]
    kinds = [JOURNEY, *KINDS.values()]
    return kinds.index(method) if method in kinds else len(kinds), name


def _line(entry: StatsEntry, seconds: float) -> Line:
    return Line(
        kind=entry.method,
        name=entry.name,
        count=entry.num_requests,
        failures=entry.num_failures,
        rate=entry.num_requests / seconds,
        p50=float(entry.get_response_time_percentile(0.50) or 0),
        p95=float(entry.get_response_time_percentile(0.95) or 0),
        p99=float(entry.get_response_time_percentile(0.99) or 0),
    )
