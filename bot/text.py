"""Text as it goes out: cleaned of what no platform can carry, split where a reader would pause."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

CHOOSE = "请选择："  # said where a message has choices but no words

# Everything XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets), and the C1 controls.
_UNCARRIABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# From the best place to cut to the worst; the cut is behind the match.
_BORDERS = (
    re.compile(r"\n\s*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"(?:[。！？!?；;…]+|\.(?=\s))[”’」』）)\]\"']*\s*"),  # a closing quote stays
    re.compile(r"[，、,：:]\s*|\s+"),
)
_ZERO_WIDTH_JOINER = "\u200d"


def clean(text: str) -> str:
    """`text` with line ends as \\n and without control characters and lone surrogates."""
    return _UNCARRIABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def utf8_size(text: str) -> int:
    """Bytes in UTF-8: how WeChat counts."""
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_size(text: str) -> int:
    """UTF-16 code units: how Telegram counts."""
    return len(text) + sum(1 for c in text if c > "\uffff")


def split(text: str, limit: int, size: Callable[[str], int] = utf8_size) -> list[str]:
    """Pieces of at most `limit` by `size` that joined give `text` again; none is empty.

    Cuts behind a paragraph, a line, a sentence, a comma or a space, whichever comes first in this
    order within the second half of a piece, else between two characters. `size` must add up over
    characters. Raises ValueError when `limit` is below 4, which one character may need.
    """
    if limit < 4:
        raise ValueError(f"a piece of at most {limit} cannot hold every character")
    return list(_pieces(text, limit, size))


def shorten(text: str, length: int) -> str:
    """`text` on one line, at most `length` characters, with … where something was left out."""
    line = " ".join(clean(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _pieces(text: str, limit: int, size: Callable[[str], int]) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = _reach(text, start, limit, size)
        if end < len(text):
            end = _border(text, start, end)
        yield text[start:end]
        start = end


def _reach(text: str, start: int, limit: int, size: Callable[[str], int]) -> int:
    """The farthest end at which text[start:end] is still within the limit."""
    room, end = limit, start
    while end < len(text):
        room -= size(text[end])
        if room < 0:
            break
        end += 1
    return end


def _border(text: str, start: int, end: int) -> int:
    middle = start + (end - start) // 2
    for border in _BORDERS:
        ends = [m.end() for m in border.finditer(text, middle, end)]
        if ends and ends[-1] > start:
            return ends[-1]
    return _between_characters(text, start, end)


def _between_characters(text: str, start: int, end: int) -> int:
    """The last place up to `end` that does not tear an accent or a joined emoji off its base."""
    for place in range(end, max(start, end - 32), -1):
        if not _extends(text[place]) and text[place - 1] != _ZERO_WIDTH_JOINER:
            return place
    return end


def _extends(character: str) -> bool:
    return (
        character == _ZERO_WIDTH_JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or unicodedata.category(character) in ("Mn", "Me", "Mc")
    )
