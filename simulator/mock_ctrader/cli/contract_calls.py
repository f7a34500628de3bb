"""What ``mock-ctrader contract`` prints: all calls, or everything about some."""

from collections.abc import Iterable, Sequence

import click
import msgspec

from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.reference import Description, Key, describe
from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.wire import Direction

WIDE = 140
"""Columns from which the list is a table."""
_TITLES = {
    Direction.TO_CTRADER: "Calls that the broker makes to cTrader",
    Direction.TO_CRM: "Calls that cTrader makes to the CRM",
}


def tell(names: Sequence[str], *, as_json: bool) -> None:
    """Print everything about the calls of these ids; without any, the list of all.

    Raises:
        SettingsError: there is no such call.
    """
    for name in names:
        if name not in ENDPOINTS:
            raise SettingsError(f"there is no call '{name}'.", cure=nearest(name, list(ENDPOINTS)))
    described = [describe(ENDPOINTS[name]) for name in names or ENDPOINTS]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(described)).decode())
    elif names:
        for one in described:
            _details(Terminal(), one)
    else:
        _list(Terminal(), described)


def _list(terminal: Terminal, calls: Sequence[Description]) -> None:
    for direction, title in _TITLES.items():
        terminal.line(title, "bold")
        own = [call for call in calls if call.direction == direction]
        if terminal.width >= WIDE:
            header = ("id", "method", "path", "status", "ed.", "provenance", "assumed in it")
            terminal.table([_row(call) for call in own], header)
        else:
            for call in own:
                terminal.line(call.id, "bold cyan")
                about = f"{call.status}, edition {call.edition}, {_sure(call)}"
                terminal.table([(f"{call.method} {_path(call)}",), (about,)])
        terminal.line()


def _row(call: Description) -> tuple[str, ...]:
    sure = (call.provenance, ", ".join(call.assumed))
    return (call.id, call.method, _path(call), str(call.status), call.edition, *sure)


def _details(terminal: Terminal, call: Description) -> None:
    terminal.line(call.id, "bold cyan")
    terminal.line(call.summary)
    rows = [
        ("request", f"{call.method} {_path(call)}"),
        *(("or", alias) for alias in call.aliases),
        ("success", f"{call.status}, {', or with Accept: '.join(call.media_types) or 'without a body'}"),
        ("token", call.authentication),
        ("source", f"{call.section}; in the documentation since edition {call.edition}"),
        ("how sure", _sure(call)),
    ]
    terminal.table(rows)
    parameters = [*(Key(name, "in the path", required=True) for name in call.path_parameters), *call.query]
    for title, keys in (("Parameters", parameters), ("Body", call.body)):
        _keys(terminal, title, keys, "; required", "")
    _keys(terminal, "Answer", call.answer, "", "; may be missing")
    if call.errors:
        terminal.line("Errors", "bold")
        terminal.table([(str(status), ", ".join(codes)) for status, codes in call.errors.items()])
    terminal.line()


def _keys(terminal: Terminal, title: str, keys: Iterable[Key], needed: str, optional: str) -> None:
    rows = [(key.name, key.kind + (needed if key.required else optional)) for key in keys]
    if rows:
        terminal.line(title, "bold")
        terminal.table(rows)


def _path(call: Description) -> str:
    return call.path or "(the broker's own URL)"


def _sure(call: Description) -> str:
    return f"{call.provenance}; assumed: {', '.join(call.assumed)}" if call.assumed else call.provenance
