"""Help that tells what belongs together: options under headings."""

from collections.abc import Mapping
from typing import Any

import click


class SectionedCommand(click.Command):
    """A command with many options, listed under headings; those that are under none come last."""

    def __init__(self, *arguments: Any, sections: Mapping[str, tuple[str, ...]], **given: Any) -> None:
        """Take what a command takes, and the long names of the options under each heading."""
        super().__init__(*arguments, **given)
        self.sections = sections

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section."""
        _write(self, self.sections, ctx, formatter)


class SectionedGroup(click.Group):
    """The same for a command that does something by itself, and has others below it."""

    def __init__(self, *arguments: Any, sections: Mapping[str, tuple[str, ...]], **given: Any) -> None:
        """Take what a group takes, and the long names of the options under each heading."""
        super().__init__(*arguments, **{**given, "invoke_without_command": True})
        self.sections = sections

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section, and the commands."""
        _write(self, self.sections, ctx, formatter)
        self.format_commands(ctx, formatter)


def _write(
    command: click.Command, sections: Mapping[str, tuple[str, ...]], ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    records = {
        parameter.opts[0]: record
        for parameter in command.get_params(ctx)
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)) is not None
    }
    headed = {name for names in sections.values() for name in names}
    rest = tuple(name for name in records if name not in headed)
    for heading, names in {**sections, "Options": rest}.items():
        with formatter.section(heading):
            formatter.write_dl([records[name] for name in names])
