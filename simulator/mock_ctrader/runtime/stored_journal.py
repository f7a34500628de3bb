"""The whole journal of a plant that is kept on disk, as a document, secrets masked."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.format import Document, document
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.runtime import store_reading
from mock_ctrader.runtime.ledger import Made, Restored, entry_of
from mock_ctrader.runtime.making import Maker
from mock_ctrader.runtime.recovery import Beside, Telling, Then
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.store_schema import readable


def stored_journal(folder: Path, plant: str, known: Iterable[tuple[str, str]] = ()) -> Document:
    """Read all exchanges of a plant's last life; ``known`` are secrets, kinds and values, beside those found there.

    Raises:
        StoreError: the folder cannot be read, or has no such plant.
    """
    then = Then()
    telling = Telling(Maker(Settings(), then, lambda _: None, ""), then)
    with readable(folder) as connection:
        connection.execute("BEGIN")  # what is written meanwhile is not seen
        life = store_reading.life_of(connection, plant)
        entries: list[Entry] = []
        for _, records in store_reading.pages(connection, life.number):
            for record in records:
                if isinstance(record, Made | Restored):
                    telling.tell(record)  # its managers' passwords are secrets
                entry = entry_of(record)
                entries += [] if entry is None else [entry]
        besides = [one.beside for one in store_reading.checkpoints(connection, life.number) if one.beside]
    secrets = telling.world.journal.secrets
    kept = [secret for one in besides for secret in msgspec.msgpack.decode(one, type=Beside).secrets]
    _learn(secrets, [*known, *kept])
    for entry in entries:
        secrets.learn_from(entry.direction, entry.endpoint, entry.request, entry.response, entry.facts)
    return document(sorted(entries, key=lambda entry: entry.number), secrets, plant=plant)


def _learn(secrets: Secrets, known: Iterable[tuple[str, str]]) -> None:
    for kind, value in known:
        secrets.learn(kind, value)
