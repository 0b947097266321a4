"""Drawing lots that anybody can draw again. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def draw(ids: Sequence[str], n: int, seed: str) -> list[str]:
    """The first `n` of `ids` by lot, each once, in the order in which they were drawn.

    The lots are the SHA-256 of "seed:id" in hexadecimal digits, the smallest first: whoever knows
    the seed can draw again with any tool, in whatever order the ids come. More lots from the same
    seed begin with the same ones, and an id that is left out moves no other.
    """
    lots = sorted({(_lot(seed, each), each) for each in ids})
    return [each for _, each in lots[:n]]


def _lot(seed: str, each: str) -> str:
    return hashlib.sha256(f"{seed}:{each}".encode()).hexdigest()
