"""Where an application can stand, and what moves it from there: one table."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where an application stands; the value says it in a sentence."""

    CLOSED = "closed"
    STARTING = "starting"
    LOGIN = "at the login screen"
    OPEN = "in a session"
    ACTION = "in a session, with a screen of the CRM open"


class Happening(StrEnum):
    """What moves an application from state to state."""

    LAUNCH = "launch"
    NO_SESSION = "show the login screen"
    AUTHORISED = "open a session"
    ACTION = "open an in-app screen"
    DONE = "close the in-app screen"
    LOG_OUT = "log out"
    CLOSE = "close"


TRANSITIONS: Mapping[State, Mapping[Happening, State]] = {
    State.CLOSED: {Happening.LAUNCH: State.STARTING},
    State.STARTING: {
        Happening.NO_SESSION: State.LOGIN,
        Happening.AUTHORISED: State.OPEN,
        Happening.CLOSE: State.CLOSED,
    },
    State.LOGIN: {Happening.AUTHORISED: State.OPEN, Happening.CLOSE: State.CLOSED},
    State.OPEN: {
        Happening.ACTION: State.ACTION,
        Happening.LOG_OUT: State.STARTING,
        Happening.CLOSE: State.CLOSED,
    },
    State.ACTION: {Happening.DONE: State.OPEN, Happening.CLOSE: State.CLOSED},
}
"""Every move there is; what is not here cannot happen."""
