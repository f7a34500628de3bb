"""What a test is judged by beside its own assertions, and what is shown of a test that failed."""

from collections.abc import Iterator

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.explaining import line
from mock_ctrader.journal.showing import place_of
from mock_ctrader.reports.curl import curl
from mock_ctrader.reports.lines import plain
from mock_ctrader.reports.timeline import timeline
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Direction

MOST_COMMANDS = 20
_CALLS = (Direction.TO_CTRADER, Direction.TO_CRM)


def complaints(world: World) -> list[str]:
    """Say what went wrong on a plant that no test needs to ask for; secrets are masked.

    Calls that match nothing, breaches of clauses that a source states, enqueued answers that nobody called for, faults
    that never struck.
    """
    mask = world.journal.secrets.mask
    return [
        *(mask(text) for text in _of_calls(world)),
        *(mask(f"never called: {one}") for one in world.answers.waiting),
        *(mask(f"never struck: {one.rule}") for one in world.faults.idle),
    ]


def _of_calls(world: World) -> Iterator[str]:
    secrets = world.journal.secrets
    for entry in world.journal.entries:
        if entry.direction is Direction.TO_CTRADER and not entry.endpoint:
            yield f"unexpected call: {line(entry, secrets)}{_reason(entry)}"
        for breach in entry.breaches:
            yield f"against the contract: {line(entry, secrets)}: {breach}"


def _reason(entry: Entry) -> str:
    body = entry.response.body.decode("utf-8", "replace").strip() if entry.response else ""
    return f" ({body[:200]})" if body else ""


def account(world: World) -> str:
    """Return the timeline of a plant, and its calls as commands for curl; secrets are masked."""
    entries, secrets = world.journal.entries, world.journal.secrets
    lines = plain(timeline(entries, secrets, width=100))
    calls = [entry for entry in entries if entry.direction in _CALLS and entry.request is not None]
    commands = [curl(entry.request, secrets, place_of(entry)) for entry in calls[-MOST_COMMANDS:] if entry.request]
    return (
        "\n".join([lines.rstrip(), *(["", *commands] if commands else [])]) if entries else "no exchange was recorded"
    )
