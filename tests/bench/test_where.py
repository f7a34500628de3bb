import cProfile
import json
import random
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import tables, where
from bench.where import LAYERS, REST, layers_of, report
from mock_ctrader.chance import Chance
from mock_ctrader.wire import Request


def _entry(path: str, taken: float, *built_in: float) -> SimpleNamespace:
    code = compile("", path, "exec")
    called = [SimpleNamespace(code="<built-in>", inlinetime=one, calls=None) for one in built_in]
    return SimpleNamespace(code=code, inlinetime=taken, calls=[*called, SimpleNamespace(code=code, inlinetime=9.0)])


def test_time_is_told_by_layers() -> None:
    """What Python has built in counts for who calls it, and once; other people's code for what it is used for."""
    found = layers_of(
        [
            _entry("/x/mock_ctrader/journal/redaction.py", 1.0, 0.5, 0.5),
            _entry("/x/mock_ctrader/runtime/recording.py", 1.0),
            _entry("/x/mock_ctrader/runtime/journey.py", 2.0),
            _entry("/lib/faker/providers/person/__init__.py", 1.0),
            _entry("/lib/journal/of_another_package.py", 2.0),
            SimpleNamespace(code="<built-in>", inlinetime=1.0, calls=None),
        ]
    )
    journal, runtime = (next(name for name in LAYERS if name.startswith(word)) for word in ("journal", "runtime"))
    assert {name: share for name, share in found.items() if share} == pytest.approx(
        {"persona": 12.5, journal: 37.5, runtime: 25.0, REST: 25.0}
    )


def test_a_real_profile_can_be_told() -> None:
    """The profiler's own entries have what is read of them."""
    profile = cProfile.Profile()
    profile.enable()
    Chance(random.Random(1).random()).token()
    profile.disable()
    found = layers_of(profile.getstats())
    assert sum(found.values()) == pytest.approx(100)
    assert found["persona"] > 0


def test_every_room_of_a_journey_is_in_a_layer() -> None:
    """What a layer is known by is there: a room that is renamed would be counted among the rest."""
    package = Path(where.Journey.play.__code__.co_filename).parents[1]
    for parts in LAYERS.values():
        for part in parts:
            assert part.startswith("/") or (package.parent / part).exists() or (package / part).exists(), part


async def test_a_journey_without_http_is_given_its_answers() -> None:
    """Each call has its own, and no token comes twice."""
    way = where.CannedWays(7).way(has_cookies=False)
    said = [
        json.loads((await way.send(Request("POST", path), within=1.0)).body)
        for path in ("/api/session", "/oauth2/crmApiToken", "/oauth2/onetime/authorize", "/oauth2/authorize")
    ]
    assert [sorted(one) for one in said] == [["token"], ["crmApiToken"], ["accessToken", "userId"], ["userId"]]
    assert said[0]["token"][3:] != said[2]["accessToken"][3:]


def test_what_was_measured_becomes_two_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The layers stand in the order of their shares; what is in neither part is told."""
    monkeypatch.setattr(tables, "RESULTS", tmp_path)
    taken = {
        where.WHOLE: [400.0, 500.0],
        where.WITHOUT: [250.0, 280.0],
        where.ALONE: [60.0, 70.0],
        where.HAND: [260.0] * 2,
    }
    report(taken, {"persona": [10.0, 12.0], REST: [90.0, 88.0]})
    told = (tmp_path / "where.md").read_text()
    assert "| ... neither without HTTP nor in HTTP alone | 120 (90-150) |" in told
    assert told.index(REST) < told.index("| persona | 11 (10-12) |")
    assert json.loads((tmp_path / "where.json").read_text())["figures"] == taken
    assert "microseconds a journey" in capsys.readouterr().out
