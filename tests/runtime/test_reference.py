"""The OpenAPI documents of a running simulator, and of one that is only set up."""

import aiohttp
import openapi_spec_validator
import pytest

from mock_ctrader.contract.openapi import Side
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.reference import openapi
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator


@pytest.mark.parametrize(
    ("query", "operation"), [("", "create_trader"), ("?side=backend", "create_trader"), ("?side=crm", "crm_api_token")]
)
async def test_a_running_simulator_gives_its_document(simulator: Simulator, query: str, operation: str) -> None:
    """Without a token: the contract is no secret."""
    async with aiohttp.ClientSession() as client:
        answer = await client.get(f"{simulator.url}/_mock/openapi.json{query}")
        document = await answer.json()
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    openapi_spec_validator.validate(document)
    assert operation in {one["operationId"] for path in document["paths"].values() for one in path.values()}
    base = simulator.url if operation == "create_trader" else simulator.settings.crm.url
    assert document["servers"][0]["url"] == base


async def test_a_side_that_is_none_is_refused(simulator: Simulator) -> None:
    """With those that there are."""
    async with aiohttp.ClientSession() as client:
        answer = await client.get(f"{simulator.url}/_mock/openapi.json?side=both")
        assert (answer.status, await answer.json()) == (400, {"error": "there is no side 'both': backend or crm"})


async def test_a_plant_of_an_older_edition_says_so() -> None:
    """What the default plant does not serve is not in its document."""
    settings = Settings(port=0, seed=1, plants={"sandbox": PlantDescription(edition="2023")})
    async with Simulator(settings) as simulator, aiohttp.ClientSession() as client:
        answer = await client.get(f"{simulator.url}/_mock/openapi.json")
        paths = (await answer.json())["paths"]
    assert "/v1/users" not in paths
    assert paths.keys() == openapi(Side.BACKEND, settings)["paths"].keys()


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (Settings(), "http://127.0.0.1:8765"),
        (Settings(host="::1", port=9000, tls=True), "https://[::1]:9000"),
    ],
)
def test_the_address_is_that_of_the_settings(settings: Settings, address: str) -> None:
    """Where nothing listens yet."""
    assert openapi(Side.BACKEND, settings)["servers"][0]["url"] == address


def test_the_crm_is_spelled_as_it_is_set() -> None:
    """Prefix and name of the token."""
    found = openapi(Side.CRM, Settings(crm=CrmSettings(prefix="/cid", token_parameter="token")))
    assert "/cid/oauth2/authorize" in found["paths"]
    assert found["components"]["securitySchemes"]["crmApiToken"]["name"] == "token"
