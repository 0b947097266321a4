"""The printed table: aligned columns, also where Chinese stands in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

NONE = "–"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines; the first column to the left, the others to the right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + _gap(cell, width) if number == 0 else _gap(cell, width) + cell
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def number(value: float | None, digits: int = 1) -> str:
    """A number for a cell; a dash for none, or for what could not be measured."""
    return NONE if value is None or value != value else f"{value:,.{digits}f}"


def _gap(cell: str, width: int) -> str:
    return " " * (width - _width(cell))


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in cell)
