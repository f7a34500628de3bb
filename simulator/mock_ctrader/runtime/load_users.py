"""People who play journeys, and when they come, as Locust has it. In a process of Locust only.

Locust makes sockets, threads and sleeping gevent's when it is imported, so it must come first in its process: there it
is the program, and reads ``locustfile``. A worker has no loop of asyncio: each person is a greenlet.
"""

import os
import signal
import sys
from typing import Any

import gevent
import msgspec
from gevent.socket import wait_read
from locust import LoadTestShape, User, task
from locust import events as _events
from locust.env import Environment
from locust.runners import MasterRunner, Runner, WorkerRunner

from mock_ctrader.chance import Chance
from mock_ctrader.errors import MockCTraderError
from mock_ctrader.journal.entry import Entry
from mock_ctrader.load.arrivals import CURVES, Tide
from mock_ctrader.load.result import Report, Tally
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.load_crew import Crew, is_exchange, problem_of
from mock_ctrader.runtime.load_greenlets import Furniture
from mock_ctrader.runtime.load_order import Order, Terms
from mock_ctrader.runtime.load_watch import JOURNEY, KINDS, Watch

ORDER = Order.read()
"""What this process was started for."""
MESSAGE = "mock_ctrader"
"""The key of our report in Locust's own, and of the terms among its options, which a master sends to its workers."""
END, ENDED = "mock_ctrader_end", "mock_ctrader_ended"
"""Messages: the master ends the test, and a worker has told all that it had to tell."""
LINES = 5.0
"""Seconds between two lines of progress."""
PATIENCE = 5.0
"""Seconds that a worker may take to report, beside those that its people have to come to an end."""
_CLOCK = SystemClock()
signal.signal(signal.SIGINT, signal.SIG_DFL)  # until there is something to end in good order


class NotAsExpected(Exception):
    """A journey failed, or nothing answered; Locust lists the text, and counts those that are alike."""


class Stage:
    """What the people of this process share."""

    def __init__(self) -> None:
        self.tide = _tide()
        self.tally = Tally()
        """Of all workers, where it is put together."""
        self.crew: Crew | None = None
        self.is_over = False
        """Somebody wants it to end now."""
        self.is_set = False
        """This process knows what it is there for."""
        self.is_alone = False
        """Whoever started it is gone."""
        self.people = 0
        self.terms = ORDER.terms
        self.ended: set[str] = set()
        """Workers who have told all."""

    def again(self) -> None:
        """Begin anew: Locust's page lets a test be played again, and counts from nothing."""
        self.tide = _tide()
        self.ended.clear()
        self.tally.report()


def _tide() -> Tide:
    return Tide(CURVES[ORDER.curve], ORDER.users, ORDER.seconds, ORDER.rate)


STAGE = Stage()


class Person(User):
    """Somebody who plays journey after journey, and is another one in each."""

    environment: Environment

    def on_start(self) -> None:
        """Take a number: what this person thinks is drawn from it."""
        STAGE.people += 1
        self.chance = Chance(STAGE.terms.seed).child(f"load/thinking/{_worker(self.environment)}/{STAGE.people}")

    def wait_time(self) -> float:
        """Return how long to think between two journeys."""
        return STAGE.terms.think.draw(self.chance)

    @task
    def play(self) -> None:
        """Play a journey, and tell Locust how it went."""
        assert STAGE.crew is not None, "no test has started"
        began = _CLOCK.now() / 1000
        ended = STAGE.crew.play(self._think)
        _fire(self.environment, JOURNEY, ended.scenario, ended.seconds, began, ended.failure)

    def _think(self) -> float:
        seconds = STAGE.terms.think.draw(self.chance)
        if seconds:
            gevent.sleep(seconds)
        return seconds


class Arrivals(LoadTestShape):
    """When people come: the curve that was asked for, second by second."""

    def tick(self) -> tuple[int, float] | None:
        """Return how many are to be there, and how fast they come; nothing when it is over."""
        runner: Runner | None = self.runner
        assert runner is not None, "Locust gives it one"
        wanted = None if STAGE.is_over else STAGE.tide.at(_CLOCK.elapsed() - self.start_time)
        if wanted is None:
            _settle(runner)
            if STAGE.is_over and not getattr(runner.environment.parsed_options, "headless", False):
                _quit()  # without its page, Locust does so by itself
            return None
        return wanted, max(ORDER.rate, 1.0)


def _untyped(part: Any) -> Any:
    """Return a part of Locust whose functions have no types, or half of them."""
    return part


def _hooks(environment: Environment) -> Any:
    return environment.events


def _worker(environment: Environment) -> int:
    return max(int(getattr(environment.runner, "worker_index", 0)), 0)


def _fire(environment: Environment, kind: str, name: str, seconds: float, began: float, problem: str) -> None:
    _hooks(environment).request.fire(
        request_type=kind,
        name=name,
        response_time=seconds * 1000,
        response_length=0,
        exception=NotAsExpected(problem) if problem else None,
        context={},
        start_time=began,
        url=None,
        response=None,
    )


def _settle(runner: Runner) -> None:
    """End the test, and wait until all is told: at its own end Locust does not wait for what workers report last."""
    if not isinstance(runner, MasterRunner):
        runner.stop()
        return
    workers = {client.id for client in runner.clients.all if client.user_count}
    runner.send_message(END)
    deadline = _CLOCK.elapsed() + float(runner.environment.stop_timeout or 0) + PATIENCE
    while _CLOCK.elapsed() < deadline and not workers <= STAGE.ended | {one.id for one in runner.clients.missing}:
        gevent.sleep(0.1)


def prepare(environment: Environment, **_: Any) -> None:
    """Get ready, in every process: report to whoever puts it together, or put it together."""
    runner = environment.runner
    STAGE.is_set = True
    signal.signal(signal.SIGTERM, _leave_early)  # Locust has an order of its own for it, once people may come
    if isinstance(runner, WorkerRunner):
        _hooks(environment).report_to_master.add_listener(_report)
        _untyped(runner).register_message(END, _leave, concurrent=True)
        gevent.signal_handler(signal.SIGINT, _quit)
        _hooks(environment).quit.add_listener(_clear_up)
        return
    if isinstance(runner, MasterRunner):
        setattr(environment.parsed_options, MESSAGE, msgspec.json.encode(ORDER.terms).decode())
        _untyped(runner).register_message(ENDED, _note_end)
    _hooks(environment).worker_report.add_listener(_hear)
    watch = Watch(environment, STAGE.tally, ORDER)
    gevent.spawn(watch.follow, LINES)
    _hooks(environment).quit.add_listener(watch.write)
    _hooks(environment).quit.add_listener(_clear_up)
    gevent.signal_handler(signal.SIGINT, lambda: _end(environment))


def _outlive() -> None:
    """Take leave when whoever started this load is gone: its end of our standard input is closed then."""
    wait_read(sys.stdin.fileno())
    STAGE.is_alone = True
    if STAGE.is_set:
        gevent.spawn_later(PATIENCE, _give_up)
        _quit()
    else:
        _give_up()


def _leave_early(*_: object) -> None:
    """End at once where nobody has come yet."""
    _clear_up()
    os._exit(0)


def _give_up() -> None:
    _clear_up()
    os._exit(1)


def _clear_up(**_: Any) -> None:
    if STAGE.is_alone:
        ORDER.clear_up()


def _note_end(msg: Any, **_: Any) -> None:
    STAGE.ended.add(msg.node_id)


def _leave(environment: Environment, **_: Any) -> None:
    """End this worker's part of the test, and say so when all is told."""
    assert environment.runner is not None
    environment.runner.stop()
    environment.runner.send_message(ENDED)


def begin(environment: Environment, **_: Any) -> None:
    """Make the crew of this process, once: whoever came in a test before does not come again."""
    STAGE.again()
    if STAGE.crew is not None or isinstance(environment.runner, MasterRunner):
        return

    said: str | None = getattr(environment.parsed_options, MESSAGE, None)
    if said is not None:
        STAGE.terms = msgspec.json.decode(said, type=Terms)

    def seen(entry: Entry) -> None:
        if is_exchange(entry) and entry.duration is not None:
            kind = KINDS[entry.direction]
            _fire(environment, kind, entry.endpoint, entry.duration, entry.moment / 1000, problem_of(entry))

    furniture = Furniture(ORDER)
    try:
        order = msgspec.structs.replace(ORDER, terms=STAGE.terms)
        STAGE.crew = Crew(order, _worker(environment), furniture.simulator, furniture.furnish, seen)
    except MockCTraderError as problem:
        sys.stderr.write(f"mock-ctrader: {problem}\n")
        os._exit(2)  # whatever greenlet this is: without the simulator there is nothing to be played


def settle(environment: Environment, **_: Any) -> None:
    """Report what is left, before the master takes its leave of this worker."""
    runner = environment.runner
    if isinstance(runner, WorkerRunner):
        data: dict[str, Any] = {}
        _hooks(environment).report_to_master.fire(client_id=runner.client_id, data=data)
        runner.send_message("stats", data)
    elif STAGE.crew is not None:
        STAGE.tally.add(STAGE.crew.tally.report())


def _report(client_id: str, data: dict[str, Any]) -> None:
    if STAGE.crew is not None:
        data[MESSAGE] = msgspec.json.encode(STAGE.crew.tally.report())


def _hear(client_id: str, data: dict[str, Any]) -> None:
    if MESSAGE in data:
        STAGE.tally.add(msgspec.json.decode(data[MESSAGE], type=Report))


def _end(environment: Environment) -> None:
    """End the test in good order; where none is under way, the program."""
    runner = environment.runner
    if STAGE.is_over or runner is None or not runner.user_count:
        _quit()
    STAGE.is_over = True


def _quit() -> None:
    """Have Locust take its leave, its page too."""
    os.kill(os.getpid(), signal.SIGTERM)


gevent.spawn(_outlive)  # in the processes that Locust makes of this one, too
_all: Any = _events
_all.init.add_listener(prepare)
_all.test_start.add_listener(begin)
_all.test_stop.add_listener(settle)
