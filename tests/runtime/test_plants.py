"""Many plants on one server: each a world of its own."""

import json

import pytest

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import RequestError, SettingsError
from mock_ctrader.runtime import library
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.plants import Plants, describe
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import VirtualClock
from mock_ctrader.wire import Request, Response

CREDENTIALS = b'{"hashedPassword": "0f94e246908667af85916300c57f74b6", "login": 2309}'
USER = b'{"brokerCrmName": "BESTBROKERCRM", "email": "ann@example.com"}'
JSON = (("Accept", "application/json"), ("Content-Type", "application/json"))


@pytest.fixture
def server(clock: VirtualClock) -> Simulator:
    """A simulator that is called without a socket."""
    return Simulator(Settings(port=0, seed=5), clock=clock)


@pytest.fixture
def plants(server: Simulator) -> Plants:
    return server.plants


async def call(server: Simulator, path: str, body: bytes, query: str = "", host: str = "") -> Response:
    return await server.answer(Request("POST", path, query, JSON, body, "http", host))


async def new_user(server: Simulator, plant: str) -> int:
    token = json.loads((await call(server, f"/{plant}/demo/v2/webserv/managers/token", CREDENTIALS)).body)
    query = f"token={token['webservToken']}"
    answer = await call(server, f"/{plant}/demo/cid/oauth2/ctid/create", USER, query)
    return int(json.loads(answer.body)["userId"])


async def test_two_plants_share_nothing(server: Simulator, plants: Plants) -> None:
    """State, ids, journal, secrets and tokens are each plant's own."""
    uat = plants.add("uat", PlantDescription())
    user_id = await new_user(server, "uat")
    sandbox = server.world()
    assert user_id in uat.plant.users
    assert user_id not in sandbox.plant.users
    assert (len(uat.journal), len(sandbox.journal)) == (2, 0)
    assert uat.journal.secrets is not sandbox.journal.secrets
    assert uat.plant.managers[2309].token != sandbox.plant.managers[2309].token
    assert uat.plant.ids.following != sandbox.plant.ids.following


def test_a_seed_of_its_own_counts_more_than_the_name(plants: Plants) -> None:
    """Plants of one seed go alike, on any server, under any name."""
    one, two = (plants.add(name, PlantDescription(seed=7)).plant for name in ("one", "two"))
    assert one.ids.following == two.ids.following
    assert one.managers[2309].token == two.managers[2309].token
    assert plants.add("three", PlantDescription(seed=8)).plant.ids.following != one.ids.following


@pytest.mark.parametrize(
    ("host", "path"),
    [("127.0.0.1", "/uat/demo/v2/webserv/managers/token"), ("live-uat.localhost:1", "/v2/webserv/managers/token")],
)
async def test_a_new_plant_is_reached_by_path_and_by_host_name(
    server: Simulator, plants: Plants, host: str, path: str
) -> None:
    """As soon as it is made; once it is gone, its address leads nowhere or to the default plant."""
    uat = plants.add("uat", PlantDescription())
    assert (await call(server, path, CREDENTIALS, host=host)).status == 200
    assert len(uat.journal) == 1
    plants.remove("uat")
    await call(server, path, CREDENTIALS, host=host)
    assert (len(uat.journal), len(server.world().journal)) == (1, 1)


async def test_an_unknown_plant_is_told_with_the_known_ones(server: Simulator, plants: Plants) -> None:
    """The default plant records it: a CRM with a wrong base URL is seen."""
    plants.add("uat", PlantDescription())
    answer = await call(server, "/uta/demo/v2/webserv/managers/token", CREDENTIALS)
    assert (answer.status, answer.body) == (
        404,
        b"INVALID_REQUEST: there is no plant 'uta': known are sandbox, uat",
    )
    (entry,) = server.world().journal
    assert (entry.status, bool(entry.notes)) == (404, True)


def test_plants_of_the_settings_are_there_from_the_start(clock: VirtualClock) -> None:
    """The default one may be described as well as those beside it."""
    settings = Settings(
        port=0,
        environment="uat",
        plants={"sandbox": PlantDescription(environments=("uat",)), "old": PlantDescription(edition="2023")},
    )
    plants = Simulator(settings, clock=clock).plants
    assert list(plants) == ["sandbox", "old"]
    assert plants["sandbox"].plant.environments == ("uat",)
    assert "find_user" not in plants["old"].variant.endpoints


@pytest.mark.parametrize(
    ("name", "description", "message"),
    [
        ("sandbox", PlantDescription(), "there is a plant 'sandbox' already."),
        ("no name", PlantDescription(), "'no name' cannot be the name of a plant."),
        ("uat", PlantDescription(environments=()), "environments: there must be one at least."),
    ],
)
def test_a_plant_that_cannot_be_is_refused(
    plants: Plants, name: str, description: PlantDescription, message: str
) -> None:
    """Nothing is made, nothing is replaced."""
    before = dict(plants)
    with pytest.raises((RequestError, SettingsError)) as caught:
        plants.add(name, description)
    assert message in str(caught.value)
    assert dict(plants) == before


def test_the_default_plant_stays(plants: Plants) -> None:
    """The bare address needs somebody to answer at it."""
    with pytest.raises(RequestError, match=r"'sandbox' is the default plant.* Reset it instead."):
        plants.remove("sandbox")
    assert "sandbox" in plants


async def test_a_reset_plant_is_as_on_the_first_day(server: Simulator, plants: Plants) -> None:
    """The same ids come again, and the journal begins anew."""
    plants.add("uat", PlantDescription(edition="2025"))
    first = await new_user(server, "uat")
    journal = plants["uat"].journal
    world = plants.reset("uat")
    assert world is plants["uat"]
    assert (first in world.plant.users, len(world.journal), world.variant.edition) == (False, 0, "2025")
    assert await new_user(server, "uat") == first
    assert len(journal) == 2


def test_every_world_is_watched(plants: Plants) -> None:
    """Those that are there, those that come, and those that are made anew."""
    seen: list[World] = []
    plants.watch(seen.append)
    added = plants.add("uat", PlantDescription())
    anew = plants.reset("uat")
    assert seen == [plants["sandbox"], added, anew]


def test_a_plant_is_described(plants: Plants) -> None:
    """Where it answers, what it was made from, how much is on it."""
    told = describe(plants["sandbox"], "http://127.0.0.1:1")
    assert told["name"] == "sandbox"
    assert told["addresses"]["live"] == "http://127.0.0.1:1/sandbox/live"
    assert (told["edition"], told["holds"]["users"], told["journalEntries"]) == ("2026", 2, 0)
    brokers = ("BESTBROKER", "BESTBROKERPRO")
    assert told["brokers"] == [{"name": name, "crmName": "BESTBROKERCRM"} for name in brokers]
    assert len(plants) == 1


@pytest.mark.parametrize(
    ("edition", "prefix", "target"),
    [
        ("2023", None, "/cid/oauth2/crmApiToken"),
        ("2023", "", "/oauth2/crmApiToken"),
        ("2026", None, "/oauth2/crmApiToken"),
    ],
)
async def test_calls_to_the_crm_follow_the_edition_of_the_plant(
    edition: EditionName, prefix: str | None, target: str
) -> None:
    """A plant of 2023 asks below ``/cid``, unless the settings say otherwise."""
    settings = Settings(port=0, seed=1, plants={"sandbox": PlantDescription(edition=edition)})
    async with Simulator(settings) as running, sample_crm(running.url) as url:
        report = await running.play(library.find("sign-up"), crm=CrmSettings(url=url, prefix=prefix))
    asked = [entry.request.path for entry in report.entries if entry.endpoint == "crm_api_token" and entry.request]
    assert asked == [target]
