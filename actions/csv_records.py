"""Records of a CSV text, each with the line it begins on. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")  # copied from web pages


class QuotesError(Exception):
    """Quotes stand wrong in the record that begins on `line`; nothing can be read behind it."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def records(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The trimmed cells of each record; white space is collapsed, blank lines are left out.

    A quoted field may run over several lines; its line breaks become spaces. Raises QuotesError.
    """
    reader = csv.reader(lines, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise QuotesError(begins) from None
        if cells is None:
            return
        trimmed = [" ".join(_INVISIBLE.sub("", cell).split()) for cell in cells]
        if any(trimmed):
            yield begins, trimmed
        begins = reader.line_num + 1
