"""What happened during a step, as the one who played it saw it."""

from collections.abc import Mapping

from msgspec import Struct


class Call(Struct, frozen=True, gc=False):
    """One call between CRM and cTrader backend, in either direction."""

    endpoint: str
    status: int | None
    """``None``: no answer came."""
    request: Mapping[str, object] = {}
    """The body."""
    query: Mapping[str, str] = {}
    answer: Mapping[str, object] = {}
    entry: int = 0
    """Its number in the journal."""


class ScreenOpened(Struct, frozen=True, gc=False):
    """One page of the CRM that the application opened by itself; pages that follow it do not count."""

    kind: str
    query: Mapping[str, str] = {}
    entry: int = 0
    """Its number in the journal."""


class Observation(Struct, frozen=True, gc=False):
    """What happened since the previous step ended, and how the step's actor stands now."""

    calls: tuple[Call, ...] = ()
    """All that were made on the plant, in their order."""
    screens: tuple[ScreenOpened, ...] = ()
    """Those of the step's actor, in their order."""
    session: str = "none"
    """One of ``vocabulary.SESSIONS``."""
    stored_token: bool = False
    account: Mapping[str, object] | None = None
    """The current trading account: ``login``, ``balance``, ``currency``, ``environment`` ...; ``None`` if none."""
    refused: str | None = None
    """What the CRM's page said when it did not take the actor's form; ``None``: it refused nothing."""
    application: Mapping[str, object] = {}
    """How the actor's application stands now, by ``vocabulary.APPLICATION_FACTS``."""
    page: Mapping[str, object] = {}
    """The page in the actor's browser, by ``vocabulary.PAGE_FACTS``; ``links``: slug of the text to address."""


def listing(names: list[str], otherwise: str) -> str:
    """List calls or screens for a message; many are cut short."""
    shown = ", ".join(names[:20]) or otherwise
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown
