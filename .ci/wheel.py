"""Builds the wheel, with its bill of materials (CycloneDX 1.6) beside it and within it (PEP 770).

    python .ci/wheel.py FOLDER

The bill lists what the wheel needs to run, as pinned in ``requirements-run.txt``: version, hashes, licence as its own
metadata has it, and who needs whom. What is pinned for building alone is marked as excluded.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PINNED = ROOT / ".ci" / "requirements-run.txt"
NAME = "mock-ctrader.cdx.json"
OURS = "mock-ctrader"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)((?:.*\\\n)(?: +--hash=.*\n)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LONGEST = 100
"""Characters of a licence's name; some packages have the whole text in its place."""


def pins() -> Iterator[tuple[str, str, list[str]]]:
    """Read the pinned packages: name, version, hashes of its files."""
    for name, version, rest in _PIN.findall(PINNED.read_text()):
        yield canonicalize_name(name), version, _HASH.findall(rest)


def installed(name: str) -> Distribution | None:
    """Return a package's metadata; packages for other systems are not here."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def needs(name: str) -> list[str]:
    """Return what a package needs on any system, its extras left out."""
    found = installed(name)
    return plain(found.requires or [] if found else [])


def plain(lines: Iterable[str]) -> list[str]:
    """Return the names in lists of requirements, without those of extras."""
    wanted = [Requirement(line) for line in lines]
    return sorted({canonicalize_name(one.name) for one in wanted if "extra" not in str(one.marker or "")})


def licences(name: str) -> list[dict[str, Any]]:
    """Return a package's licence: an SPDX expression, or the words that its metadata has."""
    found = installed(name)
    if found is None:
        return []
    said = found.metadata
    if expression := said.get("License-Expression"):
        return [{"expression": expression}]
    classified = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or [] if one.startswith("License ::")]
    written = (said.get("License") or "").strip()
    words = [written] if written and "\n" not in written and len(written) <= _LONGEST else classified
    return [{"license": {"name": word}} for word in words]


def component(name: str, version: str, hashes: list[str], *, is_needed: bool) -> dict[str, Any]:
    """Describe one package; the hashes are those of all files of its release."""
    url = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": url,
        "name": name,
        "version": version,
        "scope": "required" if is_needed else "excluded",
        "purl": url,
        "hashes": [{"alg": "SHA-256", "content": one} for one in sorted(set(hashes))],
        **({"licenses": found} if (found := licences(name)) else {}),
    }


def needed(direct: list[str]) -> set[str]:
    """Return all that the wheel needs to run, and what that needs."""
    found: set[str] = set()
    waiting = list(direct)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs(name)
    return found


def bill(version: str, direct: list[str]) -> dict[str, Any]:
    """Return the bill of materials of a version of ours that needs these; the same pins make the same bill."""
    held, ours = needed(direct), f"pkg:pypi/{OURS}@{version}"
    pinned = sorted(pins())
    components = [component(*pin, is_needed=pin[0] in held) for pin in pinned]
    refs = {one["name"]: one["bom-ref"] for one in components}
    graph = [(ours, direct), *((refs[name], needs(name)) for name, _, _ in pinned)]
    own = {"type": "application", "bom-ref": ours, "name": OURS, "version": version, "purl": ours}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, ours + PINNED.read_text())}",
        "version": 1,
        "metadata": {"component": {**own, "licenses": [{"expression": "MIT"}]}},
        "components": components,
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(refs[name] for name in wanted if name in refs)} for ref, wanted in graph
        ],
    }


def build(folder: Path) -> Path:
    """Write the bill and the wheel into a folder; return the wheel."""
    builder = WheelBuilder(str(ROOT))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME
    direct = plain(builder.metadata.core.dependencies)
    file.write_text(json.dumps(bill(builder.metadata.version, direct), indent=1) + "\n")
    builder.config.target_config["sbom-files"] = [str(file.resolve())]
    (wheel,) = builder.build(directory=str(folder), versions=["standard"])
    return Path(wheel)


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))  # noqa: T201
