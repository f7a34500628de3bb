"""The names that the package has for others: type checkers are told where they stand, and Python finds them there."""

import ast
import subprocess
import sys
from importlib import import_module
from inspect import getsource

import pytest

import mock_ctrader.scenario as package


def told() -> dict[str, str]:
    """Return the names that type checkers are told of, each with its module."""
    (block,) = (
        node
        for node in ast.parse(getsource(package)).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    froms = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    assert len(froms) == len(block.body)
    return {alias.name: str(node.module) for node in froms for alias in node.names}


def test_every_name_is_told_and_found() -> None:
    """Nothing is offered that a checker does not know, nor the other way round; both mean the same thing."""
    assert sorted(told()) == sorted(package.__all__)
    for name, home in told().items():
        assert getattr(package, name) is getattr(import_module(home), name)


@pytest.mark.parametrize("name", ["nothing", "vocabulary_", "Observations"])
def test_what_is_not_offered_is_not_there(name: str) -> None:
    """As with any module."""
    with pytest.raises(AttributeError, match=f"module 'mock_ctrader.scenario' has no attribute '{name}'"):
        getattr(package, name)


def test_the_words_come_without_the_reading_of_files() -> None:
    """Who needs the words of scenario files, or what a step is, loads no YAML."""
    code = "import sys; from mock_ctrader.scenario import PLATFORMS, Scenario, seconds_of; print('yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"
