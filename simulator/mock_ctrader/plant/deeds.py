"""What changes a plant without a call of the broker: told to whoever keeps a record of the plant."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Refusal

P = ParamSpec("P")
T = TypeVar("T")
_DEEDS: dict[str, Callable[..., Any]] = {}
DEEDS: Mapping[str, Callable[..., Any]] = _DEEDS
"""Every deed by its name: called with a plant and the arguments that were told, it does the same again."""


def deed(function: Callable[Concatenate[Plant, P], T]) -> Callable[Concatenate[Plant, P], T]:
    """Tell the plant's witness what was done, with arguments that can be written down; what is refused is not told."""
    name = function.__name__
    _DEEDS[name] = function

    @wraps(function)
    def told(plant: Plant, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result = function(plant, *args, **kwargs)
        if plant.witness is not None and not isinstance(result, Refusal):
            plant.witness(name, args, kwargs)
        return result

    return told
