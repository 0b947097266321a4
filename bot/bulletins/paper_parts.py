"""What stands on paper, piece by piece: sentences, tables and pictures as reportlab lays them out."""

from __future__ import annotations

import io
from collections.abc import Iterable
from html import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import CondPageBreak, Flowable, Image, Paragraph, Spacer, TableStyle
from reportlab.platypus import Table as PdfTable

from actions.reports.intervals import percent, percent_range
from bot.bulletins.paper_style import BLUE, PALE, RULE, WIDE, drawable
from bot.bulletins.tables import Cell, Share, Table

_TALLEST = 205 * mm  # of a picture
_ROOM = 55 * mm  # that a table needs on a page to begin there
_ALWAYS = "0123456789%.,–:/-□ ()"

type Part = str | Table | bytes | tuple[str, str]  # a sentence, a table, a PNG, or (style, words)


def flowables(part: Part, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    """What reportlab sets for this part."""
    match part:
        case str(words):
            return [_paragraph(words, styles["text"])]
        case bytes(png):
            return [_image(png), Spacer(1, 4 * mm)]
        case Table():
            heading = _paragraph(part.name, styles["heading"])
            return [
                CondPageBreak(_ROOM),
                heading,
                _table(part, styles),
                Spacer(1, 4 * mm),
            ]
        case (style, words):
            return [_paragraph(words, styles[style])]


def _table(table: Table, styles: dict[str, ParagraphStyle]) -> PdfTable:
    """The columns share the width as in Excel; what is too long for its cell wraps."""
    total = sum(table.wide)
    words = [
        any(isinstance(row[i], str) for row in table.rows) or not any(row[i] for row in table.rows)
        for i in range(len(table.header))
    ]
    heads = zip(table.header, words, strict=True)
    rows = [
        [_paragraph(each, styles["header" if left else "header_right"]) for each, left in heads]
    ]
    for cells in table.rows:
        rows.append(
            [
                _paragraph(shown(cell), styles["cell" if isinstance(cell, str) else "number"])
                for cell in cells
            ]
        )
    made = PdfTable(rows, [WIDE * wide / total for wide in table.wide], repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), BLUE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [None, PALE]),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ]
        )
    )
    return made


def shown(cell: Cell) -> str:
    """A cell's value as people read it."""
    match cell:
        case None:
            return ""
        case Share(value, "low"):
            return f"{percent_range(value, value).partition('–')[0]}%"
        case Share(value, "high"):
            return percent_range(value, value).partition("–")[2]
        case Share(value):
            return percent(value)
        case bool() | str():
            return str(cell)
        case int():
            return f"{cell:,}"
        case float():
            return f"{cell:.2f}"
        case _:
            return cell.isoformat()


def _image(png: bytes) -> Image:
    """Large enough to be read, small enough to stand on the page with its text."""
    width, height = ImageReader(io.BytesIO(png)).getSize()
    wide = min(WIDE * 0.6, _TALLEST * width / height)
    return Image(io.BytesIO(png), wide, wide * height / width)


def _paragraph(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(drawable(words)), style)


def words_of(parts: Iterable[Part]) -> list[str]:
    """Everything that will be written, for the font that is made of it."""
    found = [_ALWAYS]
    for part in parts:
        match part:
            case str(words) | (_, words):
                found.append(drawable(words))
            case Table():
                cells = [shown(cell) for row in part.rows for cell in row]
                found += map(drawable, (part.name, *part.header, *cells))
            case _:
                pass
    return found
