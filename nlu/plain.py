"""Text as the understanding reads it: half-width, simplified, without a command's slash. Pure."""

from __future__ import annotations

import unicodedata

from opencc import OpenCC

_SIMPLIFIED = OpenCC("t2s")
_SLASHES = "/ \u3000"


def plain(text: str) -> str:
    """`　／ＳＴＡＴＳ　今天` → `STATS 今天`; 態度極差 → 态度极差.

    The leading slash goes: to Rasa it would make a person's words a command.
    """
    folded = _SIMPLIFIED.convert(unicodedata.normalize("NFKC", text))
    return " ".join(folded.split()).lstrip(_SLASHES)
