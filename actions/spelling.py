"""Numbers and codes as people type them, brought to one spelling. Pure."""

from __future__ import annotations

import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_LOOK_ALIKE = str.maketrans("OIL", "011")


def tidy(text: str) -> str:
    """Full-width made half-width, spaces gone, every dash a hyphen, capitals."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).translate(_DASHES).upper()


def spell_code(text: str) -> str:
    """A code of `clock.new_code` as it was made: no hyphens, O read as 0, I and L as 1."""
    return tidy(text).replace("-", "").translate(_LOOK_ALIKE)
