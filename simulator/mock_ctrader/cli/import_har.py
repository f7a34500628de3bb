"""``mock-ctrader import-har``."""

from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings


@click.command(name="import-har")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="RECORDING", required=True, help="What is written."
)
@click.option("--keep-unknown", is_flag=True, help="Keep requests that are no call of the contract and no screen.")
@flags("crm.url")
def command(file: Path, output: Path, keep_unknown: bool, config: Path | None, **given: object) -> None:
    """Make a recording of traffic captured from the real platform.

    FILE is a HAR 1.2. Calls to cTrader are known by the contract's paths; calls to the CRM and its screens by the
    paths of the settings, below --crm if that is given, else at any address. Secrets are masked on the way.
    """
    from mock_ctrader.journal.captured import from_har
    from mock_ctrader.journal.recording import to_lines, with_header
    from mock_ctrader.runtime.files import bytes_of, save
    from mock_ctrader.runtime.surroundings import surroundings_of
    from mock_ctrader.runtime.versions import PROGRAM

    surroundings = surroundings_of(settings(config, **given).crm, anywhere=given["crm_url"] is None)
    captured = from_har(bytes_of(file), str(file), surroundings, keep_unknown=keep_unknown)
    save(output, to_lines(with_header(captured.recording, program=PROGRAM)))
    what = "kept" if keep_unknown else "left out"
    click.echo(f"{len(captured.recording.exchanges)} exchanges written, {captured.unknown} unknown ones {what}.")
