"""Journeys: how they are written, read, and played one step at a time.

``load`` reads a file into a ``Scenario``; an ``Interpreter`` plays it, as a conversation: it returns
commands (``Act``, ``Await``, ``Finish``) and is fed events (``Performed``, ``CouldNot``, ``Arrived``,
``TimedOut``), each with an ``Observation`` of what happened. Nothing here waits or reaches outside.
"""

from mock_ctrader.scenario.conversation import (
    Act,
    Arrived,
    Await,
    Command,
    CouldNot,
    Event,
    Finish,
    Outcome,
    Performed,
    Status,
    StepResult,
    TimedOut,
)
from mock_ctrader.scenario.interpreter import Interpreter
from mock_ctrader.scenario.loader import load
from mock_ctrader.scenario.matchers import Difference
from mock_ctrader.scenario.model import ActionStep, Actor, Scenario, Step, WaitStep
from mock_ctrader.scenario.observation import Call, Observation, ScreenOpened
from mock_ctrader.scenario.overrides import with_overrides
from mock_ctrader.scenario.vocabulary import PERSONA_FACTS, PLATFORMS, SCREENS, SESSIONS, Verb

__all__ = [
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
    "Command",
    "CouldNot",
    "Difference",
    "Event",
    "Finish",
    "Interpreter",
    "Observation",
    "Outcome",
    "Performed",
    "Scenario",
    "ScreenOpened",
    "Status",
    "Step",
    "StepResult",
    "TimedOut",
    "Verb",
    "WaitStep",
    "load",
    "with_overrides",
]
