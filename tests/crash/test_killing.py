"""That a kill at any moment loses nothing that was answered: the short form of `make crash-test`."""

from pathlib import Path

import pytest

from crash.killing import campaign


@pytest.mark.slow
async def test_a_kill_under_load_loses_no_answer(tmp_path: Path) -> None:
    """What was answered is there, no number is given twice, and the state is the one that the records lead to."""
    found = await campaign(tmp_path, 8, seed=3, lives=4)
    assert found.is_well, str(found)
    assert found.kills == 8
    assert found.answered > 50
    assert found.rebuilt > found.kills
