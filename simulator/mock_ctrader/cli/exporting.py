"""The journal that ``mock-ctrader journal export`` writes: of a file, a folder of ``serve --data``, or a simulator."""

from pathlib import Path

import msgspec

from mock_ctrader.cli.recording import read
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.cli.venue import find, venue
from mock_ctrader.errors import StartError
from mock_ctrader.journal import recording
from mock_ctrader.journal.recording import Recording
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.stored_journal import stored_journal
from mock_ctrader.runtime.versions import PROGRAM


async def exported(
    chosen: Settings, *, plant: str | None, file: Path | None, folder: Path | None, server: str | None
) -> Recording:
    """Return a journal: that of a recording or of a folder if one is given, else that of a running simulator.

    Raises:
        MockCTraderError: it cannot be read, or no simulator is running.
    """
    if file is not None:
        return read(file)
    if plant is not None:
        chosen = msgspec.structs.replace(chosen, plant=plant)
    if folder is not None:
        return recording.of_journal(stored_journal(folder, chosen.plant), program=PROGRAM, source=str(folder))
    if find(server, chosen) is None:
        cure = "Start one with 'mock-ctrader serve', or name it with --server URL."
        raise StartError("no simulator is running: there is no journal to export.", cure=cure)
    async with venue(server, chosen, Terminal()) as place:
        return recording.of_journal(await place.journal(), program=PROGRAM)
