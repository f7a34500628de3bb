"""The wheel comes with a list of what it needs, in the form that auditors' tools read (CycloneDX 1.6)."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

NAME = "mock-ctrader.cdx.json"


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the wheel and the bill."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, root / ".ci" / "wheel.py", folder]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.fixture(scope="module")
def bill(built: Path) -> dict[str, Any]:
    """The bill of materials."""
    found: dict[str, Any] = json.loads((built / NAME).read_text())
    return found


def test_the_bill_has_what_the_standard_demands(bill: dict[str, Any]) -> None:
    """The required fields of the format are there, each of its kind, and every reference leads somewhere."""
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    parts = [bill["metadata"]["component"], *bill["components"]]
    for part in parts:
        assert part["type"] in ("application", "library")
        assert part["bom-ref"] == part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}"
        for licence in part.get("licenses", []):
            assert set(licence) in ({"expression"}, {"license"})
    for part in bill["components"]:
        assert part["scope"] in ("required", "excluded")
        assert part["hashes"]
        assert all(one["alg"] == "SHA-256" and re.fullmatch("[0-9a-f]{64}", one["content"]) for one in part["hashes"])
    refs = {part["bom-ref"] for part in parts}
    assert len(refs) == len(parts)
    assert {one["ref"] for one in bill["dependencies"]} == refs
    assert {ref for one in bill["dependencies"] for ref in one["dependsOn"]} <= refs


def test_the_bill_holds_all_that_is_needed(root: Path, bill: dict[str, Any]) -> None:
    """Every dependency of the project is in it as required, with a licence, and tools of the build are not."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    names = {re.match(r"[A-Za-z0-9-]+", one)[0].lower() for one in project["dependencies"]}  # type: ignore[index]
    held = {part["name"]: part for part in bill["components"]}
    assert names <= {name for name, part in held.items() if part["scope"] == "required"}
    assert all(held[name]["licenses"] for name in names)
    assert held["hatchling"]["scope"] == "excluded"
    (ours,) = (one for one in bill["dependencies"] if one["ref"].startswith("pkg:pypi/mock-ctrader@"))
    assert {ref.removeprefix("pkg:pypi/").partition("@")[0] for ref in ours["dependsOn"]} == names


def test_the_bill_tells_nothing_of_where_it_was_made(bill: dict[str, Any]) -> None:
    """No address of an index and no folder of a machine is in it."""
    text = json.dumps(bill)
    assert set(re.findall(r"\w+://[^/\"]*", text)) == {"http://cyclonedx.org"}
    assert str(Path.home()) not in text
    assert str(Path(__file__).parents[2]) not in text


def test_the_wheel_brings_its_bill(built: Path) -> None:
    """Within the wheel it is where PEP 770 has it, and in the record of its files."""
    (wheel,) = built.glob("*.whl")
    with ZipFile(wheel) as archive:
        (place,) = (name for name in archive.namelist() if name.endswith(NAME))
        assert re.fullmatch(rf"mock_ctrader-[^/]+\.dist-info/sboms/{NAME}", place)
        assert archive.read(place) == (built / NAME).read_bytes()
        record = next(name for name in archive.namelist() if name.endswith("/RECORD"))
        assert f"{place},sha256=" in archive.read(record).decode()
