import json

import pytest

from bench.runners import written


@pytest.mark.parametrize(("journey", "calls"), [("by API", 3), ("by page", 4), ("sign-up", 6)])
def test_a_journey_is_written_for_tavern(journey: str, calls: int) -> None:
    """Every call of a journey is a stage that tells what is to be answered."""
    test = json.loads(json.dumps(written(journey, "http://127.0.0.1:1")))
    assert len(test["stages"]) == calls
    assert all(stage["response"]["status_code"] in (200, 303) for stage in test["stages"])
    assert len(test["marks"][0]["parametrize"]["vals"]) > 1
