"""What is counted, and by what. Pure.

| measure | a day of | channel | way |
|---|---|---|---|
| satisfied, basically, unsatisfied | the rating | of the rating | of the rating |
| opened | the case's submission | | its kind |
| closed | the case's end | | how it ended |
"""

from __future__ import annotations

from enum import StrEnum


class Measure(StrEnum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    UNSATISFIED = "unsatisfied"
    OPENED = "opened"
    CLOSED = "closed"


GRADES = (Measure.SATISFIED, Measure.BASICALLY, Measure.UNSATISFIED)
