"""The admin API: who may, and what is said."""

import json
from io import BytesIO

import aiohttp
import pytest

from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.transports.aiohttp_server import MAX_BODY

ALLOWED = {"Authorization": "Bearer open sesame"}


async def ask(
    simulator: Simulator, method: str, path: str, headers: dict[str, str] | None = None, body: object = None
) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as client:
        sent = None if body is None else BytesIO(json.dumps(body).encode())  # of any size
        answer = await client.request(method, f"{simulator.url}/_mock/{path}", headers=headers, data=sent)
        return answer.status, json.loads(await answer.read() or b"{}")


async def test_health_is_open_to_all(simulator: Simulator) -> None:
    """A script that waits for the simulator needs no token."""
    status, said = await ask(simulator, "GET", "health")
    assert (status, said["status"]) == (200, "ready")


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic open sesame", "Bearer", "Bearer öpen"])
async def test_everything_else_needs_the_token(simulator: Simulator, header: str | None) -> None:
    """Without the token nothing is told, not even what exists."""
    headers = {"Authorization": header} if header else None
    for path in ("plants/sandbox/journal", "plants/none/journal", "nothing"):
        status, said = await ask(simulator, "GET", path, headers)
        assert status == 401
        assert "admin token" in str(said["error"])


async def test_a_foreign_host_name_is_refused(simulator: Simulator) -> None:
    """A page of another site, rebound to this machine, still sends its own name."""
    status, said = await ask(simulator, "GET", "health", {"Host": "evil.example.com"})
    assert (status, said["error"]) == (403, "this simulator is not called 'evil.example.com'")


@pytest.mark.parametrize("host", ["localhost:1", "demo-sandbox.localhost", "127.0.0.1", "[::1]:2"])
async def test_names_of_this_machine_are_known(simulator: Simulator, host: str) -> None:
    """Every name that leads here on loopback is ours."""
    assert (await ask(simulator, "GET", "health", {"Host": host}))[0] == 200


async def test_the_journal_is_given_as_json_without_secrets(simulator: Simulator) -> None:
    """Every exchange is in it; the manager's token and password hash are not."""
    async with aiohttp.ClientSession() as client:
        body = {"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
        answer = await client.post(
            f"{simulator.url}/v2/webserv/managers/token", json=body, headers={"Accept": "application/json"}
        )
        token = (await answer.json(content_type=None))["webservToken"]
    status, journal = await ask(simulator, "GET", "plants/sandbox/journal", ALLOWED)
    text = json.dumps(journal)
    assert status == 200
    assert '"manager_token"' in text
    assert token not in text
    assert "0f94e246" not in text


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "plants/other/journal", 404, "there is no plant 'other'. Known: sandbox."),
        ("POST", "plants/other/traders", 404, "there is no plant 'other'. Known: sandbox."),
        ("GET", "plants/sandbox/users/7", 404, "there is no user 7 on plant 'sandbox'."),
        ("PATCH", "plants", 404, "PATCH /_mock/plants is not part of the admin API"),
        ("DELETE", "plants/sandbox/journal", 404, "DELETE /_mock/plants/sandbox/journal is not part of the admin API"),
        ("GET", "", 404, "GET /_mock/ is not part of the admin API"),
    ],
)
async def test_what_is_not_there(simulator: Simulator, method: str, path: str, status: int, message: str) -> None:
    """A wrong path or plant is told in words."""
    assert await ask(simulator, method, path, ALLOWED) == (status, {"error": message})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "this is no run request: Expected `object`"),
        ({"source": "x.yaml", "scenario": "a: b"}, "x.yaml"),
        ({"source": "x.yaml", "scenario": "", "crm": {"url": "http://x", "more": 1}}, "unknown field `more`"),
    ],
)
async def test_a_run_that_cannot_be_is_refused(simulator: Simulator, body: object, message: str) -> None:
    """A broken request or scenario is the caller's to mend."""
    status, said = await ask(simulator, "POST", "plants/sandbox/runs", ALLOWED, body)
    assert status == 400
    assert message in str(said["error"])


async def test_plants_come_and_go(simulator: Simulator) -> None:
    """Made, listed, described, reset and deleted; keys are those of JSON."""
    wanted = {
        "name": "uat",
        "seed": 3,
        "environments": ["uat"],
        "brokers": [{"name": "ONE", "crmName": "CRM"}],
        "managers": [{"login": 5, "hashedPassword": "h", "disabledBrokers": []}],
        "edition": "2025",
        "options": {"closedPositionsOrder": "documented"},
    }
    status, made = await ask(simulator, "POST", "plants", ALLOWED, wanted)
    assert (status, made["name"], made["edition"], made["seed"]) == (201, "uat", "2025", 3)
    assert made["addresses"] == {"uat": f"{simulator.url}/uat/uat"}
    assert await ask(simulator, "GET", "plants/uat", ALLOWED) == (200, made)
    status, listed = await ask(simulator, "GET", "plants", ALLOWED)
    assert (status, [one["name"] for one in listed["plants"]]) == (200, ["sandbox", "uat"])  # type: ignore[attr-defined]
    await ask(simulator, "POST", "plants/uat/traders", ALLOWED, {"count": 3})
    assert simulator.world("uat").plant.traders
    assert await ask(simulator, "POST", "plants/uat/reset", ALLOWED) == (200, made)
    assert not simulator.world("uat").plant.traders
    assert (await ask(simulator, "DELETE", "plants/uat", ALLOWED))[0] == 204
    assert list(simulator.worlds) == ["sandbox"]


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("POST", "plants", {}, "'name' is missing: what shall the plant be called?"),
        ("POST", "plants", [], "'name' is missing: what shall the plant be called?"),
        ("POST", "plants", {"name": "x", "edtion": 1}, "there is no key 'edtion'. Did you mean 'edition'?"),
        ("POST", "plants", {"name": "sandbox"}, "there is a plant 'sandbox' already."),
        ("DELETE", "plants/sandbox", None, "'sandbox' is the default plant"),
        (
            "PUT",
            "plants/sandbox/snapshot",
            {"format": "har", "version": 1},
            "this is a 'har', not a 'mock-ctrader plant'.",
        ),
    ],
)
async def test_a_plant_that_cannot_be_is_refused(
    simulator: Simulator, method: str, path: str, body: object, message: str
) -> None:
    """One message says why."""
    status, said = await ask(simulator, method, path, ALLOWED, body)
    assert status == 400
    assert message in str(said["error"])


async def test_a_snapshot_goes_out_and_comes_back(simulator: Simulator) -> None:
    """Larger than any call of a broker may be; without the token it is not even read."""
    await ask(simulator, "POST", "plants/sandbox/traders", ALLOWED, {"count": 3000})
    _, snapshot = await ask(simulator, "GET", "plants/sandbox/snapshot", ALLOWED)
    assert len(json.dumps(snapshot)) > MAX_BODY
    await ask(simulator, "POST", "plants/sandbox/reset", ALLOWED)
    status, said = await ask(simulator, "PUT", "plants/sandbox/snapshot", ALLOWED, snapshot)
    assert (status, said["holds"]["traders"]) == (200, 3003)  # type: ignore[index]
    assert await ask(simulator, "GET", "plants/sandbox/snapshot", ALLOWED) == (200, snapshot)
    async with aiohttp.ClientSession() as client:
        too_large = BytesIO(b"x" * (MAX_BODY + 1))
        answer = await client.put(f"{simulator.url}/_mock/plants/sandbox/snapshot", data=too_large)
        assert answer.status == 413


async def test_the_state_of_a_plant_is_the_operator_s(simulator: Simulator) -> None:
    """What is asked of a plant reaches its state."""
    assert (await ask(simulator, "GET", "plants/sandbox/users?limit=1", ALLOWED))[1]["total"] == 2
    status, said = await ask(simulator, "PUT", "plants/sandbox/prices", ALLOWED, {"EURUSD": "1.25"})
    assert (status, said) == (200, {"EURUSD": "1.25"})
