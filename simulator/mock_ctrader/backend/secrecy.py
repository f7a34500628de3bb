"""Which answers can hold a secret: what the backend writes follows its models, so their keys tell."""

from functools import cache
from typing import cast

import msgspec
from msgspec import Struct

from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.journal.sightings import Part, Place, kind_of
from mock_ctrader.wire import Direction, Pairs


def tells_no_secret(endpoint: Endpoint) -> bool:
    """Tell whether no key of a call's successes names a secret, neither as we call it nor as the plant does."""
    return _is_plain(endpoint.id, endpoint.answer, endpoint.renamed)


@cache
def _is_plain(call: str, model: type[Struct] | None, renamed: Pairs) -> bool:
    place = Place(Direction.TO_CTRADER, call, Part.ANSWER)
    keys = [name for pair in renamed for name in pair] + ([] if model is None else _keys_of(model))
    return not any(kind_of(key, place) for key in keys)


def _keys_of(model: type[Struct]) -> list[str]:
    _, components = msgspec.json.schema_components([model])
    objects = (cast(dict[str, object], one.get("properties", {})) for one in components.values())
    return [key for properties in objects for key in properties]
