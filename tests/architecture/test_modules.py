import ast
import json
import re
import subprocess
import sys

import pytest

FIRST_ROW = ("errors", "wire", "timing", "chance", "refusal", "matching")
PURE = (
    *FIRST_ROW,
    "contract",
    "plant",
    "faults",
    "scenario",
    "journal",
    "backend",
    "platform",
    "conformance",
    "load",
    "storm",
    "reports",
)
"""From below to above: none of them imports one that follows."""
EDGES = {
    *("asyncio", "socket", "ssl", "select", "threading", "subprocess", "multiprocessing", "sqlite3", "http"),
    *("aiohttp", "click", "structlog", "jinja2", "argon2", "faker", "pytest"),
}
"""What decides nothing: loops, sockets, threads, files, and the libraries of the edge."""
OUTSIDE = {"msgspec", "lxml", "yaml", "rich"}
"""Libraries that pure rooms may use, though not the first row and the plant; the wire's values are msgspec's."""

IMPORT_EACH_ALONE = """
import importlib, json, sys
sys.path[:], modules, proven = json.loads(sys.argv[1])
ours = ("mock_ctrader", "pytest_mock_ctrader", "mock_ctrader_scenarios")
failed = {}
for module in proven:
    importlib.import_module(module)
for module in modules:
    for name in [name for name in sys.modules if name.partition(".")[0] in ours and name not in proven]:
        del sys.modules[name]
    try:
        importlib.import_module(module)
    except Exception as error:
        failed[module] = repr(error)
print(json.dumps([failed, sorted({name.partition(".")[0] for name in sys.modules})]))
"""
MAX_LINES = 400
IN_LOCUST = tuple(
    f"mock_ctrader.{name}"
    for name in (
        "runtime.load_greenlets",
        "runtime.load_users",
        "runtime.load_watch",
        "runtime.locustfile",
        "transports.locust_way",
    )
)
"""Modules of a process that Locust made gevent's before anything else; see the tests of ``mock-ctrader load``."""


def room_of(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.fixture(scope="session")
def imported():
    """Import modules one by one in a fresh interpreter, each without any of ours before it save those proven."""

    def imported(modules, proven=()):
        # Without site nothing is loaded beforehand: neither by editable installs nor by a coverage measurement.
        command = [sys.executable, "-S", "-c", IMPORT_EACH_ALONE, json.dumps([sys.path, modules, proven])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return imported


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_imports_alone_and_brings_in_no_edge(imported, modules, room):
    """Whatever it imports in turn, no loop, socket, thread or library of the edge comes in; nor with those below."""
    own = [name for name in modules if room_of(name) == room]
    below = () if room in (*FIRST_ROW, "plant") else PURE[: PURE.index(room)]
    failed, loaded = imported(own, [name for name in modules if name == "mock_ctrader" or room_of(name) in below])
    assert own
    assert failed == {}
    assert set(loaded) & EDGES == set()
    if room in (*FIRST_ROW, "plant"):
        assert set(loaded) & OUTSIDE == ({"msgspec"} if room == "wire" else set())


EDGE_ROOMS = ("runtime", "screens", "transports", "testing", "cli", "sample_crm")


@pytest.mark.slow
@pytest.mark.parametrize("room", [*EDGE_ROOMS, ""])
def test_every_other_module_imports_alone(imported, modules, room):
    """No module works only because another was imported before it; those of pure rooms import none of the others."""
    rooms = {name: room_of(name) if room_of(name) in EDGE_ROOMS else "" for name in modules}
    own = [name for name in modules if rooms[name] == room and room_of(name) not in PURE and name not in IN_LOCUST]
    pure = [name for name in modules if name == "mock_ctrader" or room_of(name) in PURE]
    failed, _ = imported([name for name in own if not name.endswith("__main__")], pure)
    assert own
    assert failed == {}


def test_only_a_process_of_locust_imports_it(modules):
    """Locust makes sockets and threads gevent's when it is imported: whoever imports it does so for the process."""
    found = re.compile(r"^\s*(?:import|from) (?:locust|gevent|geventhttpclient)\b", re.MULTILINE)
    by_others = re.compile(rf"^\s*(?:import|from) (?:{'|'.join(map(re.escape, IN_LOCUST))})\b", re.MULTILINE)
    texts = {name: path.read_text("utf-8") for name, path in modules.items() if name not in IN_LOCUST}
    assert [name for name, text in texts.items() if found.search(text) or by_others.search(text)] == []


def test_a_long_module_says_why(modules):
    """Above 400 lines a module gives a reason, or is cut in two."""
    silent = [
        name
        for name, path in modules.items()
        if len(lines := path.read_text("utf-8").splitlines()) > MAX_LINES
        and not any(line.startswith(f"# Above {MAX_LINES} lines because ") for line in lines)
    ]
    assert silent == []


def test_every_test_says_in_one_sentence_what_it_shows(root):
    """A test without a sentence, or with two, is hard to believe when it fails."""
    wordy = []
    for path in sorted((root / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                sentence = " ".join((ast.get_docstring(node) or "").split())
                if not re.fullmatch(r"[A-Z0-9`'\"/].*[.?!]", sentence) or re.search(r"[.?!] [A-Z]", sentence):
                    wordy.append(f"{path.relative_to(root)}:{node.lineno} {node.name}")
    assert wordy == []


def test_every_package_is_typed(packages):
    """Those who import us are type-checked against our annotations."""
    assert [name for name, folder in packages.items() if not (folder / "py.typed").is_file()] == []
