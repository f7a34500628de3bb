"""A plant that speaks another edition while journeys are played in it."""

import aiohttp
import pytest

from mock_ctrader.contract.overriding import CallOverride
from mock_ctrader.errors import RequestError, SettingsError
from mock_ctrader.runtime import library
from mock_ctrader.runtime.description import CurrencyEntry, PlantDescription
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.world import World


def made(simulator: Simulator, description: PlantDescription) -> World:
    return simulator.plants.add("other", description)


async def found(simulator: Simulator, path: str) -> bool:
    """Tell whether a call is there; without a token it is refused, but it is."""
    async with aiohttp.ClientSession() as client:
        answer = await client.put(simulator.url + path, json={})
        return answer.status != 404


async def test_another_edition_is_spoken_for_a_while(simulator: Simulator) -> None:
    """Calls, options and the answers on the wire are those of the edition, and afterwards those of before."""
    world = simulator.world()
    own, options = world.variant, world.plant.options
    with world.in_edition("2023"):
        assert world.variant.edition == "2023"
        assert world.plant.options.balance_in_cents
        assert not await found(simulator, "/cid/oauth2/ctid/acceptAgreement")
    assert (world.variant, world.plant.options) == (own, options)
    assert await found(simulator, "/cid/oauth2/ctid/acceptAgreement")


def test_without_an_edition_the_plant_speaks_its_own(simulator: Simulator) -> None:
    """Nothing is swapped where nothing was asked for."""
    world = made(simulator, PlantDescription(edition="2025"))
    for edition in (None, "2025"):
        with world.in_edition(edition):  # type: ignore[arg-type]
            assert world.variant.edition == "2025"


def test_journeys_of_one_edition_are_played_side_by_side(simulator: Simulator) -> None:
    """The last one out brings the plant's own edition back."""
    world = simulator.world()
    with world.in_edition("2025"):
        with world.in_edition("2025"):
            pass
        assert world.variant.edition == "2025"
    assert world.variant.edition == "2026"


@pytest.mark.parametrize(("first", "second"), [("2023", "2025"), ("2025", None), (None, "2023")])
def test_two_editions_at_once_are_refused(simulator: Simulator, first: str | None, second: str | None) -> None:
    """The plant's own edition counts like any other; the refused journey changes nothing."""
    world = simulator.world()
    with world.in_edition(first):  # type: ignore[arg-type]
        spoken = world.variant
        message = f"plant 'sandbox' speaks edition {spoken.edition} until its journeys are over. Play the journey of"
        with pytest.raises(RequestError, match=message), world.in_edition(second):  # type: ignore[arg-type]
            raise AssertionError
        assert world.variant is spoken


def test_what_was_set_for_the_plant_holds_in_every_edition(simulator: Simulator) -> None:
    """Overrides go along; those of a call that the edition lacks wait until it is back."""
    world = made(
        simulator,
        PlantDescription(
            calls={
                "find_user": CallOverride(path="/cid/oauth2/ctid/findUser"),
                "list_traders": CallOverride(names={"dealFrom": "lastDealFrom"}),
            },
            statuses={"NOT_ENOUGH_RIGHTS": 401},
        ),
    )
    own = world.variant
    with world.in_edition("2023"):
        assert "find_user" not in world.variant.endpoints
        assert world.variant.endpoints["list_traders"].parameters == own.endpoints["list_traders"].parameters
        assert world.variant.errors == own.errors
    assert world.variant.endpoints["find_user"].path == "/cid/oauth2/ctid/findUser"


async def test_a_journey_is_played_in_an_edition(pair: tuple[Simulator, CrmSettings]) -> None:
    """A journey that cannot have its edition now is refused before it begins; one that can leaves none behind."""
    simulator, crm = pair
    with simulator.world().in_edition("2025"):
        report = await simulator.play(library.find("sign-up"), crm=crm, edition="2025")
        assert report.outcome.passed, report.outcome
        with pytest.raises(RequestError, match="Play the journey of edition 2023 after them, or on another plant"):
            await simulator.play(library.find("sign-up"), crm=crm, edition="2023")
    assert simulator.world().variant.edition == "2026"


def test_an_edition_that_a_plant_cannot_speak_is_told(simulator: Simulator) -> None:
    """Edition 2023 counts in hundredths, which a currency without any has not; nothing is left behind."""
    world = made(simulator, PlantDescription(currencies=(CurrencyEntry(name="JPY", money_digits=0, decimals=0),)))
    with pytest.raises(SettingsError, match="JPY cannot have 0 moneyDigits"), world.in_edition("2023"):
        raise AssertionError
    with world.in_edition("2025"):
        assert world.variant.edition == "2025"


def test_a_plant_that_is_reset_meanwhile_speaks_its_own_edition(simulator: Simulator) -> None:
    """The plant of the first day knows nothing of the journey that was being played."""
    with simulator.world().in_edition("2023"):
        assert simulator.plants.reset("sandbox").variant.edition == "2026"
