"""Writing percentages. Pure."""

from __future__ import annotations


def share(value: float) -> str:
    """0.9812 → 98.1%."""
    return f"{value * 100:.1f}%"


def span(interval: tuple[float, float]) -> str:
    """(0.976, 0.985) → 97.6–98.5%."""
    low, high = interval
    return f"{low * 100:.1f}–{high * 100:.1f}%"
