"""From the bytes of a CSV file to its records, each with the line it begins on."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from actions.csv_records import QuotesError, records
from actions.org.csv_mistakes import Mistake

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class Line:
    """One record: where it begins, and its fields by column name, trimmed."""

    file: str
    number: int
    fields: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields[column]


@dataclass(slots=True)
class Report:
    mistakes: list[Mistake] = field(default_factory=list)

    def file(self, file: str, why: str, number: int = 1, **params: str) -> None:
        self.mistakes.append(Mistake(file, number, "", why, params))

    def at(self, line: Line, column: str, why: str, **params: str) -> None:
        params.setdefault("value", line[column])
        self.mistakes.append(Mistake(line.file, line.number, column, why, params))

    def whole(self, file: str) -> bool:
        """Whether every line of the file could be read, so that what is not found is not there."""
        return not any(found.file == file and not found.column for found in self.mistakes)


def read_lines(file: str, raw: bytes | None, columns: list[str], report: Report) -> Iterator[Line]:
    """The records of a file that have the right columns; the others are reported."""
    if raw is None:
        report.file(file, "no_file", 0)
        return
    text = _text(raw)
    if text is None:
        report.file(file, "not_text")
        return
    header: list[str] | None = None
    for number, cells in _records(file, text, report):
        if header is None:
            header = [cell.lower() for cell in cells]
            if not _right_header(file, number, header, columns, report):
                return
        elif len(cells) != len(header):
            counts = {"found": str(len(cells)), "wanted": str(len(header))}
            report.file(file, "fields", number, **counts)
        else:
            yield Line(file, number, dict(zip(header, cells, strict=True)))
    if header is None and not any(mistake.file == file for mistake in report.mistakes):
        report.file(file, "empty_file")


def _text(raw: bytes) -> str | None:
    """The file as text, or None when it is something else (a workbook, a picture)."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _records(file: str, text: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on, as far as the file can be read."""
    try:
        yield from records(io.StringIO(text, newline=""))
    except QuotesError as error:
        report.file(file, "quotes", error.line)


def _right_header(
    file: str, number: int, header: list[str], columns: list[str], report: Report
) -> bool:
    wrong = {
        "columns_missing": [name for name in columns if name not in header],
        "columns_unknown": [name or "(empty)" for name in header if name not in columns],
        "columns_twice": sorted({name for name in header if header.count(name) > 1}),
    }
    for why, names in wrong.items():
        if names:
            report.file(file, why, number, names=", ".join(names), wanted=",".join(columns))
    return not any(wrong.values())
