"""The random share: lots that anybody can draw again from the month's recorded seed. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime

from actions.clock import BEIJING

_DIGITS = 12  # hexadecimal digits of the lot that are looked at: 48 bits, exact in a float


def period_of(moment: datetime) -> str:
    """The Beijing month of an aware moment: "2026-11". Its seed draws the event's lot."""
    return f"{moment.astimezone(BEIJING):%Y-%m}"


def lot(seed: str, feed: str, number: str) -> str:
    """The SHA-256 of "seed:feed:number" in hexadecimal digits, as `sha256sum` gives it."""
    return hashlib.sha256(f"{seed}:{feed}:{number}".encode()).hexdigest()


def drawn(share: float, seed: str, feed: str, number: str) -> bool:
    """Whether the event belongs to the share (0 to 1): its lot, read as a fraction, lies below.

    A greater share from the same seed holds all of a smaller one, and no event moves another.
    """
    return int(lot(seed, feed, number)[:_DIGITS], 16) < share * float(16**_DIGITS)
