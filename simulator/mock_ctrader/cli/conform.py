"""``mock-ctrader conform``."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from click.core import ParameterSource

from mock_ctrader.cli import conform_attest
from mock_ctrader.cli.options import flags, settings
from mock_ctrader.cli.sections import SectionedGroup
from mock_ctrader.scenario.vocabulary import EDITIONS

if TYPE_CHECKING:
    from mock_ctrader.contract.variant import EditionName

SECTIONS = {
    "What is run": ("--list", "--only", "--edition", "--strict", "--beyond", "--from"),
    "What is known": ("--baseline", "--attestations"),
    "What is told": ("--all", "--report", "--pack"),
    "How": ("--screens", "--browser", "--seed"),
    "The CRM": ("--profile", "--sample", "--crm", "--crm-password", "--crm-ca"),
    "The simulator": ("--host", "--port", "--tls", "--tls-ca", "--config"),
}
_SETTINGS = (*("seed", "screens", "browser", "crm.url", "crm.password", "crm.ca"), *("host", "port", "tls", "tls_ca"))
_FILE = click.Path(path_type=Path)


@click.group(cls=SectionedGroup, sections=SECTIONS)
@click.option("--list", "as_list", is_flag=True, help="Print the list and run nothing.")
@click.option("--only", metavar="TEST", multiple=True, help="6.1, 6.1.3, api, api.verify ...; may be given again.")
@click.option("--edition", type=click.Choice(EDITIONS), help="Of the vendor's list.  [default: as the plant has it]")
@click.option("--strict", is_flag=True, help="Fail on what no source states, too.")
@click.option("--beyond", is_flag=True, help="Count what goes beyond the vendor's list.")
@click.option("--from", "again", type=_FILE, metavar="PACK", help="Run again what a pack holds, and tell what changed.")
@click.option(
    "--baseline",
    "baseline_file",
    type=_FILE,
    metavar="FILE",
    help="Failures that are accepted for a while.  [default: conform.baseline.toml, beside the profile]",
)
@click.option(
    "--attestations",
    "attestations_file",
    type=_FILE,
    metavar="FILE",
    help="What persons judged.  [default: conform.attestations.toml, beside the profile]",
)
@click.option("--all", "everything", is_flag=True, help="Tell every condition, not only what did not pass.")
@click.option("--report", type=_FILE, metavar="FOLDER", help="Write reports for people and programs there.")
@click.option("--pack", type=_FILE, metavar="FILE.zip", help="Write all evidence into one file.")
@click.option("--profile", type=_FILE, metavar="FILE", help="The same as --config.")
@click.option("--sample", is_flag=True, help="Start the sample CRM and run against it; no time passes for real.")
@flags(*_SETTINGS)
def command(
    as_list: bool,
    only: tuple[str, ...],
    edition: str | None,
    strict: bool,
    beyond: bool,
    again: Path | None,
    baseline_file: Path | None,
    attestations_file: Path | None,
    everything: bool,
    report: Path | None,
    pack: Path | None,
    profile: Path | None,
    sample: bool,
    config: Path | None,
    **given: object,
) -> int:
    """Run the vendor's conformance list against a CRM.

    The simulator listens at --host and --port meanwhile: the CRM has to call it there. The list takes about a minute,
    because one-time tokens have to expire; a CRM that takes its time from a test clock (crm.test_clock) is not waited
    for. Exit codes: 0 the CRM conforms, 1 it does not, 2 the list could not be run.

    \b
    Examples:
      mock-ctrader conform --sample
      mock-ctrader conform --profile crm.toml --report reports --pack evidence.zip
      mock-ctrader conform --only 6.1 --edition 2025
      mock-ctrader conform --from evidence.zip
      mock-ctrader conform attest 6.2.1 --by Ann --note "seen on two phones"
    """
    context = click.get_current_context()
    if context.invoked_subcommand:
        _none_before_the_command(context)
        return 0
    if sample and given["crm_url"]:
        raise click.UsageError("--sample starts a CRM: it does not go with --crm.")
    if profile and config:
        raise click.UsageError("--profile and --config are the same: give one.")
    if again and (only or edition or strict or beyond or sample):
        raise click.UsageError("--from runs what the pack says: it goes with no other choice of what is run.")
    import asyncio

    from mock_ctrader.cli.conform_pack import Wish, wish_of
    from mock_ctrader.cli.conforming import Conforming, known_beside, list_tests

    spoken, own = cast("EditionName | None", edition), profile or config
    if as_list:
        list_tests(only, spoken)
        return 0
    if again:
        wish = wish_of(again, own, given)
    else:
        chosen = settings(own, **given)
        wish = Wish(only=only, edition=spoken, strict=strict, beyond=beyond, sample=sample, settings=chosen)
    known = known_beside(wish, own, baseline_file, attestations_file)
    return asyncio.run(Conforming(wish, known, report, pack, everything=everything).run())


command.add_command(conform_attest.command)


def _none_before_the_command(context: click.Context) -> None:
    """Refuse what is meant for the run and would go unheard.

    Raises:
        click.UsageError: an option stands before the name of another command.
    """
    for name in context.params:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            what = f"options of the run do not go with '{context.invoked_subcommand}': give its own behind it."
            raise click.UsageError(what)
