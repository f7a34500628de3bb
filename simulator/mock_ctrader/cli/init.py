"""``mock-ctrader init``."""

import sys
from pathlib import Path

import click

from mock_ctrader.errors import StartError


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--yes", is_flag=True, help="Take every default without asking.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def command(file: Path | None, yes: bool, force: bool) -> None:
    """Write a settings file that describes your CRM, by asking.

    FILE is mock-ctrader.toml in the current folder unless another one is named. Enter keeps what stands in brackets.
    """
    from mock_ctrader.cli.asking import ask
    from mock_ctrader.runtime.files import save
    from mock_ctrader.runtime.profile_file import Answers, written
    from mock_ctrader.runtime.settings import FILE

    path = file or Path(FILE)
    if path.exists() and not force:
        cure = "Give --force to overwrite it, or name another file."
        raise StartError("is there already.", where=str(path), cure=cure)
    if not yes and not is_terminal():
        cure = "Give --yes to take every default, and mend the file by hand."
        raise StartError("init asks questions, and there is no terminal to answer at.", cure=cure)
    save(path, written(Answers() if yes else ask()))
    named = "" if path == Path(FILE) else f" --config {path}"
    click.echo(f"{path} is written. What it means for both sides, and whether it is true: mock-ctrader doctor{named}")


def is_terminal() -> bool:
    """Tell whether somebody can answer."""
    return sys.stdin.isatty()
