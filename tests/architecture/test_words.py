import re
import shutil
import subprocess

import pytest

PLACES = re.compile(r"(?<![\w.~])/(?:home|Users|root|work|workspace)/\w|[A-Z]:\\Users\\")
"""Folders of somebody's machine."""
REGISTRIES = re.compile(r"https?://|^\s*(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host)\b", re.MULTILINE)
"""Where packages come from: whoever installs them decides that."""


@pytest.fixture(scope="module")
def tracked(root):
    """The text of every file that git keeps, by its path; what was deleted or is no text is left out."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        pytest.skip("there is no git here, or this is no checkout")
    listed = subprocess.run([git, "-C", str(root), "ls-files", "-z"], capture_output=True, check=True, timeout=30)
    paths = [root / name for name in listed.stdout.decode().split("\0") if name]
    return {str(path.relative_to(root)): path.read_text("utf-8", errors="replace") for path in paths if path.is_file()}


def test_no_file_names_a_folder_of_somebodys_machine(tracked):
    """What is kept works wherever it is checked out."""
    found = {path: match[0] for path, text in tracked.items() if (match := PLACES.search(text))}
    assert found == {}


def test_no_requirement_says_where_packages_come_from(tracked):
    """Requirement files name versions and hashes, and no address."""
    files = {path: text for path, text in tracked.items() if re.search(r"(requirements|constraints)[\w-]*\.txt$", path)}
    assert files
    assert {path: match[0] for path, text in files.items() if (match := REGISTRIES.search(text))} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see /home" + "/ann/x", True),
        ("'/Users" + "/ann'", True),
        ("C:" + "\\Users\\ann", True),
        ("https://crm.example.com/home/page", False),
        ("~/.cache", False),
    ],
)
def test_a_folder_of_a_machine_is_recognised(text, found):
    """The search itself is not blind, and takes no web address for a folder."""
    assert bool(PLACES.search(text)) is found
