"""A CSV file of what a feed reports, read line by line: UTF-8 with or without a BOM, or GB18030."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from actions.csv_records import QuotesError, records
from actions.errors import ConfigurationError
from actions.invitations.event import FIELDS, REQUIRED
from actions.invitations.wrongs import EventMistakes, Placed, Wrong

ENCODINGS = ("utf-8-sig", "gb18030")
_BLOCK = 1 << 20  # characters looked at at once while the encoding is found out
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")

type Given = tuple[int, dict[str, object] | Wrong]


def read_events(
    path: Path, fields: Collection[str] = tuple(FIELDS), required: Collection[str] = REQUIRED
) -> Iterator[Given]:
    """Each record with the line it begins on, or what is wrong with that line; blank ones are
    left out. The whole file is never in memory. `fields` are the columns it may have, of which it
    must have the `required`.

    Raises ConfigurationError when there is no such file, EventMistakes when it is no such table.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        lines = _records(stream)
        number, header = next(lines, (0, None))
        if header is None or isinstance(header, Wrong):
            raise _mistake(path, number or 1, header or Wrong("", "empty_file"))
        names = [cell.lower() for cell in header]
        _check_header(path, number, names, fields, required)
        for number, cells in lines:
            if isinstance(cells, Wrong):
                yield number, cells
            elif len(cells) != len(names):
                counts = {"found": str(len(cells)), "wanted": str(len(names))}
                yield number, Wrong("", "fields", counts)
            else:
                yield number, dict(zip(names, cells, strict=True))


def _encoding(path: Path) -> str:
    """The first encoding that the whole file can be read in."""
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as stream:
                while block := stream.read(_BLOCK):
                    if _BINARY.search(block):
                        raise _mistake(path, 1, Wrong("", "encoding"))
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read ({error.strerror}).") from error
        return encoding
    raise _mistake(path, 1, Wrong("", "encoding"))


def _records(stream: IO[str]) -> Iterator[tuple[int, list[str] | Wrong]]:
    """Each record with the line it begins on, and what ends them before the end of the file."""
    try:
        yield from records(stream)
    except QuotesError as error:
        yield error.line, Wrong("", "quotes")


def _check_header(
    path: Path,
    number: int,
    names: list[str],
    fields: Collection[str],
    required: Collection[str],
) -> None:
    odd = [name or "(empty)" for name in names if name not in fields or names.count(name) > 1]
    lacking = [name for name in required if name not in names]
    if odd or lacking:
        told = {"names": ", ".join(dict.fromkeys(odd or lacking)), "wanted": ", ".join(fields)}
        raise _mistake(path, number, Wrong("", "columns", told))


def _mistake(path: Path, number: int, wrong: Wrong) -> EventMistakes:
    return EventMistakes([Placed(number, wrong)], path.name)
