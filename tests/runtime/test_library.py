"""Scenarios by name and by file, and with what they begin with."""

from pathlib import Path

import pytest

from mock_ctrader.errors import ScenarioError
from mock_ctrader.runtime import library
from mock_ctrader.runtime.library import Bundle, Opening

HEAD = "scenario: mine\npurpose: It goes on.\nbegins with: {}\nsteps: [do: close]\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A file that begins with one in a folder, that begins with one beside it, that begins with a shipped one."""
    folder = tmp_path / "parts"
    folder.mkdir()
    (tmp_path / "mine.yaml").write_text(HEAD.format("parts/second.yaml"))
    (folder / "second.yaml").write_text(HEAD.format("first.yaml"))
    (folder / "first.yaml").write_text(HEAD.format("sign-up"))
    return tmp_path


def test_a_shipped_scenario_has_a_name() -> None:
    """What ships is found without a path."""
    assert library.find("deposit", {"amount": "20"}).variables["amount"] == "20"


def test_any_other_is_a_file(tmp_path: Path) -> None:
    """A file of one's own is named by its path."""
    path = tmp_path / "mine.yaml"
    path.write_text(library.read("sign-up")[1])
    assert library.find(str(path)).source == str(path)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are told as such."""
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ScenarioError, match="is not a text file in UTF-8"):
        library.read(str(path))


def test_an_opening_is_found_beside_the_file_that_names_it(files: Path) -> None:
    """Wherever the program runs, a file leads to those around it."""
    scenario = library.find(str(files / "mine.yaml"), {"trader.email": "ann@example.com"})
    sources = [step.source for step in scenario.steps]
    parts = files / "parts"
    assert sources[-4:] == ["sign-up.yaml", str(parts / "first.yaml"), str(parts / "second.yaml"), ""]
    assert scenario.actors["trader"].persona == {"email": "ann@example.com"}


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        ("sgin-up", "there is no scenario 'sgin-up'. Did you mean 'sign-up'? A file of your own is named with its"),
        ("none.yaml", "none.yaml: cannot be read: No such file or directory. Name an existing file."),
    ],
)
def test_an_opening_that_is_not_there_is_told(tmp_path: Path, opening: str, said: str) -> None:
    """The message stands at the line that names it."""
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD.format(opening))
    with pytest.raises(ScenarioError) as raised:
        library.find(str(path))
    assert str(raised.value).startswith(f"{path}, line 3: The scenario '{opening}' to begin with: ")
    assert said in str(raised.value)


def test_a_file_may_have_the_name_of_what_it_begins_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign-up.yaml that goes on where the shipped one ends is no circle."""
    monkeypatch.chdir(tmp_path)
    Path("sign-up.yaml").write_text(HEAD.format("sign-up"))
    assert library.find("sign-up.yaml").steps[-1].title == "close"


def test_a_bundle_is_loaded_without_its_files(files: Path) -> None:
    """What was put together here is the same scenario elsewhere."""
    name = str(files / "mine.yaml")
    expected = library.find(name, {"currency": "USD"})
    bundle = library.bundle(name)
    assert [opening.name for opening in bundle.openings] == ["parts/second.yaml", "first.yaml", "sign-up"]
    for file in files.rglob("*.yaml"):
        file.unlink()
    assert library.load_bundle(bundle, {"currency": "USD"}) == expected


def test_the_files_of_a_scenario_are_known(files: Path) -> None:
    """All that are read count, a faulty one too; what ships is no file of one's own."""
    parts = files / "parts"
    assert library.files(str(files / "mine.yaml")) == [files / "mine.yaml", parts / "second.yaml", parts / "first.yaml"]
    assert library.files("deposit") == []
    (parts / "second.yaml").write_text("begins with: first.yaml\n")
    assert library.files(str(files / "mine.yaml"))[:2] == [files / "mine.yaml", parts / "second.yaml"]


def test_a_bundle_need_not_hold_what_ships() -> None:
    """A text that was sent alone may begin with a shipped scenario, and with nothing else."""
    assert library.load_bundle(Bundle("mine.yaml", HEAD.format("sign-up"))) == library.load_bundle(
        Bundle("mine.yaml", HEAD.format("sign-up"), (Opening("sign-up", *library.read("sign-up")),))
    )
    sent = Bundle("mine.yaml", HEAD.format("/etc/hosts"), (Opening("other.yaml", "other.yaml", ""),))
    with pytest.raises(ScenarioError, match=r"line 3: .* it was not sent with the scenario"):
        library.load_bundle(sent)
