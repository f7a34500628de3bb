"""What the READMEs show is run, and what they must tell is there."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click

from mock_ctrader.cli import COMMANDS, commands
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.overriding import CallOverride
from mock_ctrader.plant.options import Options
from mock_ctrader.runtime.description import ManagerEntry, PlantDescription
from mock_ctrader.runtime.settings import load, names
from support import CRM_CONFTEST

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SIMULATOR = (ROOT / "simulator" / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def without_times(text: str) -> list[str]:
    """Return the lines of a timeline without what differs from run to run."""
    text = re.sub(r"^ +\+\d+ ", "+0 ", text, flags=re.MULTILINE)
    return [line.rstrip() for line in re.sub(r" +\d+ ms", " 0 ms", text).splitlines()]


def test_the_picture_is_what_the_demo_prints() -> None:
    """The terminal picture is a part of the demo's real output, times aside."""
    result = subprocess.run(
        [sys.executable, "-m", "mock_ctrader", "demo", "--seed", "7"],
        env={"COLUMNS": "100", "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=250,
        check=True,
    )
    shown, printed = without_times(blocks(README, "text")[0]), without_times(result.stdout)
    start = printed.index(shown[0])
    journey = shown[: shown.index("")]
    assert printed[start : start + len(journey)] == journey
    assert printed[-3:] == shown[-3:]


def test_the_pytest_examples_run(tmp_path: Path) -> None:
    """The examples pass as they stand, in a suite that knows nothing but the plugin and its own CRM."""
    (tmp_path / "conftest.py").write_text(CRM_CONFTEST)
    examples = blocks(README, "python")
    assert examples
    (tmp_path / "test_examples.py").write_text("\n\n".join(examples))
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-o", "asyncio_default_fixture_loop_scope=function"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_commands_shown_exist() -> None:
    """Every `mock-ctrader ...` in the READMEs is a command with the flags shown."""
    context = click.Context(commands)
    shown = re.findall(r"mock-ctrader ([a-z-]+)((?: [^\s`|#]+)*)", README + SIMULATOR)
    assert {name for name, _ in shown} <= set(COMMANDS)
    for name, rest in shown:
        command = commands.get_command(context, name)
        assert command is not None
        first = rest.split()[0] if rest else ""
        if isinstance(command, click.Group) and first in command.commands:
            command = command.commands[first]
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known | {"--help"}, (name, rest)


def test_every_command_is_in_the_reference() -> None:
    """Whoever adds a command tells what it is for."""
    for name in COMMANDS:
        assert f"mock-ctrader {name}" in SIMULATOR


def test_every_setting_has_a_heading() -> None:
    """Whoever adds a setting tells what it is for; a heading without a setting is gone."""
    assert re.findall(r"^### `(.+)`$", SIMULATOR, re.MULTILINE) == list(names())


def test_every_key_of_a_plant_is_in_the_reference() -> None:
    """What can be said of a plant, and the options of one."""
    keys = [field.name for kind in (PlantDescription, Options, ManagerEntry, CallOverride) for field in fields(kind)]
    assert [key for key in keys if f"`{key}`" not in SIMULATOR] == []


def test_the_settings_shown_can_be_read(tmp_path: Path) -> None:
    """The example file is a file that works."""
    for number, block in enumerate(blocks(SIMULATOR, "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(block, encoding="utf-8")
        load(file=file, environment={})


def test_every_call_is_named_in_the_reference() -> None:
    """What is served and what is called can be read up."""
    assert [name for name in ENDPOINTS if f"`{name}`" not in SIMULATOR] == []


def test_the_readme_counts_the_journeys_that_ship() -> None:
    """A face that lags behind its product is not believed."""
    shipped = [file.stem for file in (ROOT / "scenarios" / "mock_ctrader_scenarios").glob("*.yaml")]
    faults = sum(name.startswith("fault-") for name in shipped)
    assert f"{len(shipped)} ship, " in README
    assert f"{faults} of them show what goes wrong" in " ".join(README.split())
