"""Making words fit a width: smaller, then in more lines. Pure; the width is measured outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

type Width = Callable[[str, float], float]  # of a text in a size, both in points

# A line may end after any Chinese character, at a space, or after a dot; never inside a word, and
# never so that the next one begins with a closing mark.
_PIECES = re.compile(r"[A-Za-z0-9./:_@'-]+[,;!?]*|\s+|.")
_NEVER_FIRST = "，。、；：？！）》”’·"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines, and the size in which each is narrow enough."""

    lines: tuple[str, ...]
    size: float


def fit(
    text: str, width: float, measure: Width, *, largest: float, smallest: float, lines: int = 2
) -> Fitted | None:
    """The largest size, in steps of half a point, that takes at most so many lines, or None.

    As long as it does not become much smaller (a quarter), one line is preferred.
    """
    best = _in_lines(text, width, measure, largest, smallest, lines)
    if best and len(best.lines) > 1:
        single = _in_lines(text, width, measure, best.size, 0.75 * best.size, 1)
        return single or best
    return best


def _in_lines(
    text: str, width: float, measure: Width, largest: float, smallest: float, lines: int
) -> Fitted | None:
    size = largest
    while size >= smallest:
        found = wrap(text, width, size, measure)
        if found and len(found) <= lines:
            return Fitted(tuple(found), size)
        size -= 0.5
    return None


def wrap(text: str, width: float, size: float, measure: Width) -> list[str] | None:
    """The text in lines of at most that width; None when a single word is wider."""
    done: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if measure((line + piece).strip(), size) <= width:
            line += piece
            continue
        if piece in _NEVER_FIRST and len(line) > 1:
            line, piece = line[:-1], line[-1] + piece
        if not line.strip() or measure(piece.strip(), size) > width:
            return None
        done.append(line.strip())
        line = piece
    return [*done, line.strip()] if line.strip() else done
