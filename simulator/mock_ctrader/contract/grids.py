"""Position grids: CSV with a header row, or a JSON array for callers that accept nothing else (contract, section 6)."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import msgspec

JSON = "application/json"
_json = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows that are alike, and their columns from left to right, by the names of the wire."""

    columns: Sequence[str]
    rows: Sequence[msgspec.Struct]


def columns_of(model: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the columns of a model's rows in the order of its fields."""
    return tuple(field.encode_name for field in msgspec.structs.fields(model))


def wants_json(accept: str | None) -> bool:
    """Tell whether a caller gets the array: ``Accept`` is exactly JSON; a list of kinds gets CSV as real ones do."""
    return (accept or "").strip().lower() == JSON


def to_json(grid: Grid) -> bytes:
    """Write a grid as a JSON array of objects, the keys of each in the order of the columns."""
    return _json.encode([_row(grid, row) for row in grid.rows])


def to_csv(grid: Grid) -> bytes:
    """Write a grid as CSV: a header row even where nothing follows it, CRLF at every line's end."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(grid.columns)
    lines.writerows([_text(value) for value in _row(grid, row).values()] for row in grid.rows)
    return written.getvalue().encode()


def _row(grid: Grid, row: msgspec.Struct) -> dict[str, object]:
    names = _names(type(row))
    return {column: getattr(row, names[column]) for column in grid.columns}


@cache
def _names(model: type[msgspec.Struct]) -> Mapping[str, str]:
    """Return the field of each column; asked once for each of a grid's rows."""
    return {field.encode_name: field.name for field in msgspec.structs.fields(model)}


def _text(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)
