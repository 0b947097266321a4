"""What a picture of codes shows, in a few words that are kept instead of the picture. Pure.

`codes:1:K7M3-X9PD,…`: the number of the first, then the codes of one sheet; a code alone has no
number: `codes:0:K7M3-X9PD`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched

PER_SHEET = 6  # codes in one picture: with more a messenger makes them too small to scan
_MARK = "codes:"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Codes in one picture; `first` is the number of the first, 0 for one that stands alone."""

    first: int
    scenes: tuple[str, ...]


def drawn(scenes: Sequence[str]) -> list[str]:
    """What the pictures of these codes show, a sheet each."""
    if len(scenes) == 1:
        return [f"{_MARK}0:{scenes[0]}"]
    sheets = enumerate(batched(scenes, PER_SHEET))
    return [f"{_MARK}{number * PER_SHEET + 1}:{','.join(sheet)}" for number, sheet in sheets]


def sheet_in(text: str) -> Sheet | None:
    """The sheet that the words of `drawn` name, or None for other words."""
    if not text.startswith(_MARK):
        return None
    first, _, scenes = text.removeprefix(_MARK).partition(":")
    return Sheet(int(first), tuple(scenes.split(",")))
