"""Writing percentages. Pure."""

from __future__ import annotations

from actions.reports.intervals import percent


def share(value: float) -> str:
    """0.9812 → 98.1%, rounded as all shares are (actions/reports/intervals.py)."""
    return percent(value)
