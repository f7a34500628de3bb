"""``mock-ctrader conform attest``."""

from datetime import datetime
from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings
from mock_ctrader.errors import SettingsError


@click.command(name="attest")
@click.argument("test")
@click.option("--by", required=True, metavar="NAME", help="Who has looked.")
@click.option("--note", required=True, metavar="TEXT", help="What was looked at, and what was found.")
@click.option("--verdict", type=click.Choice(["pass", "fail"]), default="pass", help="[default: pass]")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day that it holds.  [default: in a year]")
@click.option(
    "--attestations",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where it is written.  [default: conform.attestations.toml, beside the profile]",
)
@click.option("--profile", type=click.Path(path_type=Path), metavar="FILE", help="The same as --config.")
@flags("crm.url")
def command(
    test: str,
    by: str,
    note: str,
    verdict: str,
    until: datetime | None,
    file: Path | None,
    profile: Path | None,
    config: Path | None,
    **given: object,
) -> None:
    """Record what only a person can judge of a CRM.

    TEST is a number of the list (6.2.1), the id of a test, or of one of its conditions. The next run puts it in where
    a person is needed, for the CRM of the settings.
    """
    from mock_ctrader.cli.conform_files import place, today
    from mock_ctrader.conformance import attestations
    from mock_ctrader.conformance.plan import PLAN
    from mock_ctrader.runtime.files import bytes_of, save
    from mock_ctrader.runtime.packs import ATTESTATIONS

    chosen, now = settings(profile or config, **given), today()
    for name, text in (("--by", by), ("--note", note)):
        if not text.strip():
            raise SettingsError("is blank.", where=name, cure="Say who looked, and at what.")
    last = until.date() if until else now + attestations.HOLDS
    if last < now:
        raise SettingsError(f"{last.isoformat()} is over.", where="--until", cure="Give a day to come.")
    path, identity = place(ATTESTATIONS, file, profile or config), attestations.resolve(test, PLAN)
    known = attestations.read(bytes_of(path), source=str(path), plan=PLAN) if path.exists() else ()
    said = attestations.Attestation(
        id=identity, by=by.strip(), on=now, note=note.strip(), verdict=verdict, crm=chosen.crm.shown_url, until=last
    )
    save(path, attestations.written([*known, said]))
    click.echo(f"{path}: {identity}: {verdict}, of {chosen.crm.shown_url}, until {last.isoformat()}.")
