"""What a load is: all that a process of Locust must be told, in a file that nobody else can read."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from mock_ctrader.faults import Side
from mock_ctrader.load.mix import Share
from mock_ctrader.load.thinking import Think
from mock_ctrader.platform.forms import Task
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.matrix import WORTH_TELLING
from mock_ctrader.runtime.replaying import Play
from mock_ctrader.scenario import Scenario
from mock_ctrader.scenario.model import ActionStep

VARIABLE = "MOCK_CTRADER_LOAD_ORDER"
"""Names the file to the processes of Locust."""
RESULT = "result.json"
"""Name of the file beside it that tells what came of the load."""
_AT_CTRADER = {
    "handoff": "cTrader keeps the login, and its tokens are redeemed at the simulator that runs elsewhere",
    "copy": "cTrader redeems the code of a Copy widget, which the simulator that runs elsewhere gave away",
    "invite": "cTrader notes who invited whom, and the CRM asks the simulator that runs elsewhere",
}
"""Modules that need more of the backend than a load has in its own process."""


class Terms(Struct, frozen=True, kw_only=True):
    """What is to be played, how often, by whom: a master tells it to its workers. No secret is in it."""

    seed: int
    shares: tuple[Share, ...]
    plays: tuple[Play, ...]
    """What each share is, in their order."""
    think: Think
    sample: float
    """Share of the journeys that are kept whole and judged, from 0 to 1."""
    is_recorded: bool = False
    """The exchanges of what is kept are wanted, too."""


class Order(Struct, frozen=True, kw_only=True):
    """What one process of Locust is started for."""

    server: str
    """Address of the simulator that the CRM calls."""
    admin_token: str
    ca: str = ""
    plant: str
    app_url: str
    crm: CrmSettings
    terms: Terms
    users: int
    rate: float
    """How many may come in a second."""
    seconds: float
    curve: str
    result: str = ""
    """File for what came of it; blank on a worker, which reports to its master."""
    simulator: int = 0
    """Process of the simulator, where it was started for this load alone."""

    def write(self, file: Path) -> None:
        """Write the order to a file of this user alone."""
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as held:
            held.write(msgspec.json.encode(self))

    @classmethod
    def read(cls) -> "Order":
        """Read the order that this process was started for."""
        return msgspec.json.decode(Path(os.environ[VARIABLE]).read_bytes(), type=cls)

    def clear_up(self) -> None:
        """Leave nothing behind in the place of whoever gave the order: neither the simulator nor the files."""
        with suppress(ProcessLookupError):
            if self.simulator:
                os.kill(self.simulator, signal.SIGTERM)
        order = Path(os.environ[VARIABLE])
        with suppress(OSError):
            order.unlink(missing_ok=True)
            order.with_name(RESULT).unlink(missing_ok=True)
            order.parent.rmdir()


def obstacle(scenario: Scenario, crm: CrmSettings) -> str:
    """Tell why a journey cannot be put under load; blank where it can."""
    for module, reason in _AT_CTRADER.items():
        if module in scenario.needs:
            return reason
    named = [actor.name for actor in scenario.actors.values() if "email" in actor.persona]
    if named:
        return f"'{named[0]}' has one e-mail address in all journeys, and nobody signs up twice with it"
    if scenario.waiting > WORTH_TELLING:
        return "it lets time pass, and nobody can move the clock of all"
    if _reads_mail(scenario) and crm.outbox.source != "page":
        return f"it needs a mail, which no crowd can read from '{crm.outbox.source}': take crm.outbox.by = 'page'"
    for rule in scenario.faults:
        if rule.fault.side is Side.ANSWER:
            where = "arm it there, with POST /_mock/plants/PLANT/faults"
            return f"the fault '{rule.fault.name}' strikes answers of the simulator that runs elsewhere: {where}"
    return ""


def _reads_mail(scenario: Scenario) -> bool:
    verbs = [step.verb.value for step in scenario.steps if isinstance(step, ActionStep)]
    return Task.RESET_PASSWORD.value in verbs
