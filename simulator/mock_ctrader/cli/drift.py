"""``mock-ctrader drift``."""

from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@flags()
def command(file: Path, config: Path | None) -> int:
    """List where the simulator would have answered otherwise than a recording has it.

    FILE is a recording of the real platform: see `mock-ctrader import-har`. The broker's calls in it are made again to
    a plant in memory; ids and tokens are mapped. Each field is told with how sure the contract is of it. Calls that
    need something from before the recording are listed as not comparable. Exit code 1: there is drift.
    """
    from mock_ctrader.cli.recording import read
    from mock_ctrader.cli.terminal import Terminal
    from mock_ctrader.reports.differences import drift_lines, drift_summed_up
    from mock_ctrader.runtime.drifting import drift

    found = drift(read(file), settings(config))
    terminal = Terminal()
    lines = drift_lines(found, width=terminal.width, unicode=terminal.unicode)
    terminal.spans([[(span.text, span.role) for span in line] for line in lines])
    terminal.line(drift_summed_up(found), "yellow" if found.drifts else "green")
    return 1 if found.drifts else 0
