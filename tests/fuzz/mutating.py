"""Inputs that are nearly right: kept ones, with a piece taken out, doubled, swapped or put in."""

from pathlib import Path
from random import Random

CORPUS = Path(__file__).parent / "corpus"
PIECES = (
    *(b"\x00", b"\xff", b"\xed\xa0\x80", b"\r\n", b"\\", b'"', b"'", b"{", b"[", b"]", b"}", b"<", b">", b"&", b"%"),
    *(b"null", b"true", b"-1", b"0", b"1e999", b"NaN", b"9" * 30, b"9" * 5000, b"[" * 100, b"{" * 100, b'{"a":' * 100),
    *(
        b"\\ud800",
        b"\\u0000",
        b"<!DOCTYPE a [",
        b"&#0;",
        b"%00",
        b"%",
        b"../",
        b"${",
        b"&a ",
        b"*a",
        b"!!",
        b": ",
        b"- ",
    ),
    *(b"Infinity", b"0x1", b"2026-13-45T99:99:99Z", b"9999999999999999999-01-01T00:00:00Z", "\u2028\ufeff".encode()),
)
MOST = 60_000
"""Bytes: what is longer is slow, and finds no more."""


def kept(target: str) -> list[tuple[str, bytes]]:
    """Return the inputs that are kept for a target, with their names."""
    return [(file.name, file.read_bytes()) for file in sorted((CORPUS / target).iterdir())]


def mutated(seeds: list[bytes], chance: Random) -> bytes:
    """Change one of the inputs, a little or a lot."""
    data = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        data = _changed(data, seeds, chance)[:MOST]
    return data


def _changed(data: bytes, seeds: list[bytes], chance: Random) -> bytes:
    start = chance.randint(0, len(data))
    end = min(len(data), start + chance.choice((0, 1, 2, 4, 8, 16, 64)))
    piece = data[start:end]
    match chance.randrange(6):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:end] + piece * chance.choice((1, 2, 50)) + data[end:]
        case 2:
            return data[:start] + chance.choice(PIECES) + data[end:]
        case 3:
            return data[:start] + bytes(chance.randrange(256) for _ in piece) + data[end:]
        case 4:
            other = chance.choice(seeds)
            place = chance.randint(0, len(other))
            return data[:start] + other[place : place + chance.choice((8, 64, 512))] + data[end:]
        case _:
            return data[:start]
