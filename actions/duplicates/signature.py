"""What is kept beside a sealed matter so that its like is found without opening any. Pure."""

from __future__ import annotations

from actions.duplicates.features import features
from actions.duplicates.sketch import agreement, sketch


def signature(text: str, key: bytes) -> tuple[int, ...]:
    """64 numbers that fit a BIGINT[], the same for the same text and key.

    Empty, and so like nothing, when the text is too short: fewer than six pairs of characters
    beside the courtesies. Only the first 2,000 characters count. Signatures of different keys are
    never alike. Raises ValueError without a key.
    """
    return sketch(features(text), key)


def likeness(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """How alike two matters are, 0 to 1, by signatures made with the same key."""
    return agreement(first, second)
