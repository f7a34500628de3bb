"""Schemathesis reads the OpenAPI document and calls a running simulator with what the document allows, and what not."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mock_ctrader.contract.openapi import Side
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, MANAGERS, TRADER_PASSWORD_HASH
from mock_ctrader.runtime.reference import openapi
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.thread import SimulatorThread

DOCUMENT = openapi(Side.BACKEND, Settings())
MODES = tuple(schemathesis.GenerationMode)
OPERATIONS = [
    pytest.param(path, method, mode, id=f"{operation['operationId']}-{mode.value}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    for mode in (MODES if operation["parameters"] or "requestBody" in operation else MODES[:1])
]
"""A call without parameters and body cannot be made wrongly."""
EXAMPLES = [12, pytest.param(100, marks=pytest.mark.exhaustive)]
"""Of each kind for each operation: together the few take about half a minute."""
KNOWN: dict[str, tuple[Any, ...]] = {
    "login": (9017800, 8673590),
    "hashedPassword": (MANAGER_PASSWORD_HASH,),
    "traderLogin": (9017800, 8673590),
    "traderPasswordHash": (MANAGER_PASSWORD_HASH, TRADER_PASSWORD_HASH),
    "ctidTraderAccountId": (9017800,),
    "userId": (10345533, 10333),
    "ids": ([9017800], [1], [2309]),
    "id": (9017800, 1, 2309),
    "brokerName": ("BESTBROKER",),
    "brokerNames": (["BESTBROKER"],),
    "brokerCrmName": ("BESTBROKERCRM",),
    "environmentName": ("demo", "live"),
    "groupName": ("Default", "newGroup"),
    "depositCurrency": ("EUR", "USD", "BTC"),
    "email": ("ann@example.com", "bob@example.com"),
    "newEmail": ("ann@example.com", "bob@example.com"),
    "preciseAmount": (1, "2.50", 10**9),
    "from": ("2026-01-05T00:00:00.000", "2020-01-01T00:00:00"),
    "to": ("2026-01-06T00:00:00.000Z", "2030-01-01T00:00:00"),
}
"""Values that mean something on the sandbox: chance alone would never get past the first check."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def schema() -> schemathesis.BaseSchema:
    config = SchemathesisConfig()
    config.projects.default.generation.with_security_parameters = False
    return schemathesis.openapi.from_dict(DOCUMENT, config=config)


@pytest.fixture
def simulator() -> Iterator[SimulatorThread]:
    """A simulator of its own for each operation: its outcome does not hang on the order of the tests."""
    with SimulatorThread(Settings(port=0, seed=1)) as running:
        yield running


def ground(value: Any, data: st.DataObject, always: bool) -> Any:
    """Put known values in the place of drawn ones: the first known of each, or some of some."""
    if isinstance(value, list):
        return [ground(one, data, always) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: known(key, one, data, always) for key, one in value.items()}


def known(key: str, value: Any, data: st.DataObject, always: bool) -> Any:
    if key in KNOWN and always:
        return KNOWN[key][0]
    if key in KNOWN and data.draw(st.booleans()):
        return data.draw(st.sampled_from(KNOWN[key]))
    return ground(value, data, always)


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_every_answer_is_declared(
    schema: schemathesis.BaseSchema,
    simulator: SimulatorThread,
    path: str,
    method: str,
    mode: schemathesis.GenerationMode,
    examples: int,
) -> None:
    """Whatever is sent, the answer is no failure of ours, and its status, content type, body and code are declared."""
    operation = schema[path][method]
    responses = DOCUMENT["paths"][path][method]["responses"]
    token = simulator.simulator.world().plant.managers[MANAGERS[0]].token

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(mode),
        accept=st.sampled_from(["application/json", "*/*"]),
        always=st.booleans(),
        data=st.data(),
    )
    def call(case: schemathesis.Case, accept: str, always: bool, data: st.DataObject) -> None:
        for part in ("path_parameters", "query", "body"):
            setattr(case, part, ground(getattr(case, part), data, always))
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        response = case.call(base_url=simulator.url, params={"token": token}, headers=headers)
        checks = [not_a_server_error, status_code_conformance]
        if response.content:  # a body of no bytes has no type
            checks += [content_type_conformance, response_schema_conformance]
        case.validate_response(response, checks=checks)
        if response.headers.get("content-type", [""])[0].startswith("text/plain"):
            assert response.text.partition(":")[0] in responses[str(response.status_code)]["x-codes"]

    call()
