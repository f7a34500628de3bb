"""Takes values out of what happened, for later steps to refer to."""

from mock_ctrader.errors import StepFailed
from mock_ctrader.matching.rendering import MISSING, is_list, is_mapping, show
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.model import Capture
from mock_ctrader.scenario.observation import Call, Observation, ScreenOpened, listing


def take(capture: Capture, observation: Observation) -> object:
    """Return the value that a capture asks for, from the latest call or screen of its kind.

    Raises:
        StepFailed: there is none; the message says what there was.
    """
    value, keys = _source(capture, observation)
    done = capture.path[: len(capture.path) - len(keys)]
    for key in keys:
        inner = _inside(value, key)
        if inner is MISSING:
            raise StepFailed(f"Capture '{capture}' finds nothing: {'.'.join(done)} {_contents(value)}.")
        value, done = inner, (*done, key)
    return value


def _source(capture: Capture, observation: Observation) -> tuple[object, tuple[str, ...]]:
    """Return the object to look into and the keys that are left of the path."""
    match capture.path:
        case (vocabulary.ACCOUNT, *keys):
            return (MISSING if observation.account is None else observation.account), tuple(keys)
        case (vocabulary.APPLICATION, *keys):
            return observation.application, tuple(keys)
        case (vocabulary.PAGE, *keys):
            return observation.page, tuple(keys)
        case (vocabulary.SCREEN, kind, _, *keys):
            return _latest_screen(capture, kind, observation).query, tuple(keys)
        case _:
            endpoint, part, *keys = capture.path
            return getattr(_latest_call(capture, endpoint, observation), part), tuple(keys)


def _latest_call(capture: Capture, endpoint: str, observation: Observation) -> Call:
    for call in reversed(observation.calls):
        if call.endpoint == endpoint:
            return call
    seen = listing([call.endpoint for call in observation.calls], "no call")
    raise StepFailed(f"Capture '{capture}' finds no {endpoint} in this step, but {seen}.")


def _latest_screen(capture: Capture, kind: str, observation: Observation) -> ScreenOpened:
    for screen in reversed(observation.screens):
        if screen.kind == kind:
            return screen
    seen = listing([screen.kind for screen in observation.screens], "no screen")
    raise StepFailed(f"Capture '{capture}' finds no {kind} screen in this step, but {seen}.")


def _inside(value: object, key: str) -> object:
    if is_mapping(value):
        return value.get(key, MISSING)
    if is_list(value) and key.isdecimal() and int(key) < len(value):
        return value[int(key)]
    return MISSING


def _contents(value: object) -> str:
    if is_mapping(value):
        return f"has {listing(list(value), 'no keys')}"
    return f"is {show(value)}"
