"""``mock-ctrader journal``."""

from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings


@click.group(name="journal")
def command() -> None:
    """Export, compare and check recordings.

    A recording holds every exchange of a run, secrets masked: see `mock-ctrader run --record`.
    """


@command.command()
@click.option("--har", "form", flag_value="har", help="As HTTP Archive 1.2, for browsers and proxies.")
@click.option("--jsonl", "form", flag_value="jsonl", default="jsonl", help="As a recording.  [default]")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="[default: standard output]")
@click.option("--from", "file", type=click.Path(path_type=Path), metavar="FILE", help="A recording, not a simulator.")
@click.option("--data", "folder", type=click.Path(path_type=Path), metavar="DIR", help="What `serve --data` kept.")
@click.option("--plant", help="The plant whose journal is wanted.  [default: the default one]")
@click.option("--server", metavar="URL", help="The running simulator.  [default: the one that is found]")
@flags("port", "tls_ca", "admin_token")
def export(
    form: str,
    output: Path | None,
    file: Path | None,
    folder: Path | None,
    plant: str | None,
    server: str | None,
    config: Path | None,
    **given: object,
) -> None:
    """Write the journal of a running simulator, or what is kept of one, to a file.

    A simulator may be at work in the folder of --data. Its journal there is whole; in memory it has its newest entries.
    """
    import asyncio

    from mock_ctrader.cli.exporting import exported
    from mock_ctrader.journal import har, recording
    from mock_ctrader.runtime.files import save

    held = asyncio.run(exported(settings(config, **given), plant=plant, file=file, folder=folder, server=server))
    text = har.to_har(held) if form == "har" else recording.to_lines(held)
    if output is None:
        click.echo(text, nl=False)
    else:
        save(output, text)


@command.command()
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--crm-only", is_flag=True, help="Judge what the CRM says; what differs on the other side is mapped.")
def diff(first: Path, second: Path, crm_only: bool) -> int:
    """List the differences between two recordings, field by field.

    Exchanges are paired by journey, step, device and endpoint. Tokens, ids and moments are mapped. Exit code 1: there
    are differences.
    """
    from mock_ctrader.cli.recording import read
    from mock_ctrader.cli.replaying import tell
    from mock_ctrader.cli.terminal import Terminal
    from mock_ctrader.journal import comparing

    judged = comparing.CRM_ONLY if crm_only else comparing.EVERYBODY
    comparison = comparing.compare(read(first), read(second), judged)
    tell(Terminal(), comparison)
    return 1 if comparison.deviations else 0


@command.command(name="check-clean")
@click.argument("files", type=click.Path(path_type=Path), metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--secret", "given", multiple=True, metavar="VALUE", help="A value that must not be there, encoded or not."
)
def check_clean(files: tuple[Path, ...], given: tuple[str, ...]) -> int:
    """Look for secrets in files of any kind.

    Found are values under telling keys (password, token, Authorization ...) that are no placeholders, JSON web tokens,
    and every --secret. Of a value its first 4 characters are shown. Exit code 1: there is one.
    """
    from mock_ctrader.journal import leaks
    from mock_ctrader.runtime.files import bytes_of

    dirty = 0
    for file in files:
        for one in leaks.leaks(bytes_of(file).decode("utf-8", "replace"), given):
            dirty += 1
            click.echo(f"{file}:{one.line}: {one.what}: {one.shown}")
    if dirty:
        click.echo(f"{dirty} found.", err=True)
    return 1 if dirty else 0
