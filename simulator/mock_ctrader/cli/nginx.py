"""``mock-ctrader nginx``."""

from pathlib import Path

import click

from mock_ctrader.cli.options import LISTENS_AT, flags, settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--serve",
    "serving",
    metavar="PLANT[,PLANT...]=URL",
    multiple=True,
    required=True,
    help="A process and its plants; one for each process.",
)
@click.option("--timeout", type=click.FloatRange(min=0.001), default=60.0, show_default=True,
              help="Seconds that a process may take to answer; then 504.")  # fmt: skip
@click.option("--certificate", type=_FILE, metavar="FILE", help="Speak https with this certificate.")
@click.option("--key", type=_FILE, metavar="FILE", help="The certificate's key.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write to.  [default: print]")
@LISTENS_AT
@flags("host")
def command(
    serving: tuple[str, ...],
    timeout: float,
    certificate: Path | None,
    key: Path | None,
    output: Path | None,
    config: Path | None,
    **given: object,
) -> None:
    """Write an nginx.conf that brings calls to the processes of their plants.

    Each process is a `mock-ctrader serve` with plants of its own. nginx listens at the address of the settings in
    their stead, so the CRM calls the same addresses as it calls a single process.

    \b
      mock-ctrader nginx -o nginx.conf \\
        --serve acme=http://127.0.0.1:8701 --serve bravo=http://127.0.0.1:8702
      nginx -e stderr -p . -c nginx.conf -g 'daemon off;'
    """
    if (certificate is None) != (key is None):
        raise click.UsageError("Give --certificate and --key together.")
    from mock_ctrader.runtime.access import is_local
    from mock_ctrader.runtime.files import save
    from mock_ctrader.runtime.nginx import Certificate, configuration, listens_on, read_process

    chosen = settings(config, **given)
    identity = Certificate(str(certificate.absolute()), str(key.absolute())) if certificate and key else None
    processes = [read_process(text) for text in serving]
    text = configuration(chosen, processes, timeout=timeout, certificate=identity)
    if not is_local(chosen.host):
        told = f"Others in the network reach these plants: nginx listens on {listens_on(chosen)}."
        click.echo(told, err=True)
    if output is None:
        click.echo(text, nl=False)
    else:
        save(output, text)
