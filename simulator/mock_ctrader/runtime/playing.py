"""A journey that is asked for over the admin API: what is sent, and what comes of it."""

from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import RequestError
from mock_ctrader.runtime.library import Bundle, Opening, load_bundle
from mock_ctrader.runtime.reporting import Printout, printout
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.scenario.model import Scenario
from mock_ctrader.scenario.selecting import with_faults, with_steps

if TYPE_CHECKING:
    from mock_ctrader.runtime.simulator import Simulator


class RunRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """A journey to be played on a plant of this simulator."""

    source: str
    """What to call the scenario in messages: its file name."""
    scenario: str
    """The scenario's text."""
    openings: tuple[Opening, ...] = ()
    """The scenarios that it begins with, one after the other."""
    overrides: dict[str, str] = {}
    skip: list[str] = []
    """Steps to be left out, by number, name or title."""
    only: list[str] = []
    """The steps to be played, where not all are."""
    faults: list[str] = []
    """What is to go wrong, beside what the scenario says."""
    edition: EditionName | None = None
    """What cTrader speaks while the journey is played; as the plant has it if left out."""
    seed: int | None = None
    crm: CrmSettings | None = None
    """The CRM to play against; the simulator's own setting if left out."""
    screens: Literal["form", "browser"] | None = None
    """Who drives the CRM's pages, on the simulator's machine; its own setting if left out."""
    screenshots: str | None = None
    """Folder for the pictures of a real browser, on that machine."""
    width: int = 100
    """Columns of the printed timeline."""
    unicode: bool = True


async def play(simulator: "Simulator", plant: str, body: bytes) -> Printout:
    """Play the journey that a body asks for.

    Raises:
        RequestError: the body asks for none.
        MockCTraderError: it could not be started.
    """
    try:
        wanted = msgspec.json.decode(body, type=RunRequest)
    except msgspec.MsgspecError as error:
        raise RequestError(f"this is no run request: {error}") from None
    report = await simulator.play(
        _scenario(wanted),
        crm=wanted.crm,
        seed=wanted.seed,
        plant=plant,
        edition=wanted.edition,
        screens=wanted.screens,
        screenshots=wanted.screenshots,
    )
    secrets = simulator.world(plant).journal.secrets
    return printout(report, secrets, width=wanted.width, unicode=wanted.unicode)


def _scenario(wanted: RunRequest) -> Scenario:
    sent = Bundle(wanted.source, wanted.scenario, wanted.openings)
    fewer = with_steps(load_bundle(sent, wanted.overrides), skip=wanted.skip, only=wanted.only)
    return with_faults(fewer, wanted.faults)
