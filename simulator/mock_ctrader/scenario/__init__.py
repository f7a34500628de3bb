"""Journeys: how they are written, read, and played one step at a time.

``load`` reads a file into a ``Scenario``; an ``Interpreter`` plays it, as a conversation: it returns
commands (``Act``, ``Await``, ``Recheck``, ``Finish``) and is fed events (``Performed``, ``CouldNot``, ``Arrived``,
``Changed``, ``TimedOut``), each with an ``Observation`` of what happened. Nothing here waits or reaches outside.

Names are looked up where they stand when they are first used: who needs but the words need not read YAML.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_ctrader.matching.rules import Difference
    from mock_ctrader.scenario.conversation import (
        Act,
        Arrived,
        Await,
        Changed,
        Command,
        CouldNot,
        Event,
        Finish,
        Outcome,
        Performed,
        Recheck,
        Status,
        StepResult,
        TimedOut,
    )
    from mock_ctrader.scenario.durations import seconds_of
    from mock_ctrader.scenario.interpreter import Interpreter
    from mock_ctrader.scenario.loader import Read, load
    from mock_ctrader.scenario.model import ActionStep, Actor, Scenario, Step, WaitStep
    from mock_ctrader.scenario.observation import Call, Observation, ScreenOpened
    from mock_ctrader.scenario.overrides import with_overrides
    from mock_ctrader.scenario.selecting import with_steps
    from mock_ctrader.scenario.vocabulary import EDITIONS, MODULES, PERSONA_FACTS, PLATFORMS, SCREENS, SESSIONS, Verb

__all__ = [
    "EDITIONS",
    "MODULES",
    "PERSONA_FACTS",
    "PLATFORMS",
    "SCREENS",
    "SESSIONS",
    "Act",
    "ActionStep",
    "Actor",
    "Arrived",
    "Await",
    "Call",
    "Changed",
    "Command",
    "CouldNot",
    "Difference",
    "Event",
    "Finish",
    "Interpreter",
    "Observation",
    "Outcome",
    "Performed",
    "Read",
    "Recheck",
    "Scenario",
    "ScreenOpened",
    "Status",
    "Step",
    "StepResult",
    "TimedOut",
    "Verb",
    "WaitStep",
    "load",
    "seconds_of",
    "with_overrides",
    "with_steps",
]

_HOMES = (
    *("vocabulary", "durations", "observation", "conversation", "model"),
    *("overrides", "selecting", "interpreter", "loader"),
)
"""Where the names stand, in the order in which they are looked for: what takes longest to load comes last."""

if not TYPE_CHECKING:  # pragma: no branch - a checker is to complain of names that are not there

    def __getattr__(name: str) -> object:
        for home in _HOMES if name in __all__ else ():
            module = import_module(f"{__name__}.{home}")
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
