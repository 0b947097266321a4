"""What a rating is made of."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    UNSATISFIED = "unsatisfied"


class Way(StrEnum):
    """How the rating came about; ways are counted apart, never pooled."""

    SCAN = "scan"  # the citizen scanned a code
    TYPED = "typed"  # the citizen named the unit
    INVITED = "invited"  # we asked after a service that a feed reported
    HOTLINE = "hotline"  # told to staff on the telephone, who wrote it down
    WALK_IN = "walk_in"  # told to staff face to face
    DOOR_VISIT = "door_visit"  # told to staff at the citizen's door
    INVITED_BY_OFFICER = "invited_by_officer"  # the officer asked, with a one-time code


@dataclass(frozen=True, slots=True)
class RatingView:
    id: uuid.UUID
    label: str  # of what was rated
