"""``mock-ctrader rebuild``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mock_ctrader.cli.options import flags, settings
from mock_ctrader.errors import SettingsError

if TYPE_CHECKING:
    from mock_ctrader.runtime.rebuilding import Rebuilt
    from mock_ctrader.runtime.settings import Settings


@click.command()
@flags("data")
def command(config: Path | None, **given: object) -> int:
    """Make the plants of a folder anew from their records, and compare.

    Every call is worked on again and must be answered byte for byte as it was; every state that was written down must
    be reached again. Nothing is changed, and a simulator may be at work in the folder. Exit code 1: something differs.
    """
    from mock_ctrader.runtime.rebuilding import rebuild

    found = rebuild(folder_of(settings(config, **given)))
    click.echo(_told(found))
    return 1 if found.difference else 0


def folder_of(chosen: "Settings") -> Path:
    """Return the folder that plants are kept in.

    Raises:
        SettingsError: none is named.
    """
    if not chosen.data:
        raise SettingsError("no folder is named.", where="data", cure="Name it with --data DIR.")
    return Path(chosen.data)


def _told(found: "Rebuilt") -> str:
    rows = [
        ("plants", found.plants),
        ("exchanges", found.exchanges),
        ("calls worked on again", found.calls),
        ("deeds of applications", found.deeds),
        ("orders of the operator", found.orders),
        ("states reached again", found.states),
    ]
    end = f"Different: {found.difference}" if found.difference else "Nothing differs."
    return "\n".join([*(f"  {count:>9}  {what}" for what, count in rows), end])
