import json

from mock_ctrader.journal import recording
from mock_ctrader.load.merging import merged
from mock_ctrader.load.result import Kept


def entry(moment: int, journey: str, said: str) -> dict[str, object]:
    return {
        "number": 1,
        "plant": "sandbox",
        "direction": "crm-to-ctrader",
        "endpoint": "read_trader",
        "moment": moment,
        "step": {"journey": journey},
        "request": {"method": "GET", "url": f"/v2/traders?token={said}", "body": {"text": said}},
    }


def test_journeys_of_two_workers_become_one_recording():
    """Exchanges stand in the order of time under numbers of their own, and the recording can be read."""
    first = Kept(journey="one", entries=[entry(10, "one", "a"), entry(30, "one", "b")])
    second = Kept(journey="two", entries=[entry(20, "two", "c")])
    held = recording.of_journal(merged([first, second], "sandbox"), program="test")
    read = recording.from_lines(recording.to_lines(held).encode(), "memory")
    assert [(one.number, one.step.journey) for one in read.exchanges] == [(1, "one"), (2, "two"), (3, "one")]


def test_a_placeholder_stands_for_one_secret():
    """Each journey numbers its own: put together, two journeys' first tokens are two."""
    first = Kept(journey="one", entries=[entry(10, "one", "[webservToken-1]"), entry(11, "one", "[webservToken-1]")])
    second = Kept(journey="two", entries=[entry(20, "two", "[webservToken-1]")])
    text = json.dumps(merged([first, second], "sandbox"))
    assert text.count("[webservToken-1]") == 4
    assert text.count("[webservToken-2]") == 2
