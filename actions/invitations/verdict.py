"""What an answer came to, before anybody is told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from actions.notices.notices import Offer
from actions.people.people import Person
from actions.ratings.rating import Grade


class Came(StrEnum):
    RATED = "rated"
    ALREADY = "already"  # the event has its rating
    OVER = "over"  # too late to count
    OWN = "own"  # of the officer's own service
    NEED = "need"  # an enterprise's words
    REMARK = "remark"  # words after the answer
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`row` is the invitation with its event and rating; `words` are the citizen's own."""

    came: Came
    person: Person
    row: Row[Any]
    language: str
    grade: Grade | None = None
    words: str = ""
    rating: uuid.UUID | None = None

    @property
    def opens_case(self) -> bool:
        """Whether somebody has to work on it: not satisfied, also where it does not count any
        more; but not a second time, where a case grew out of the rating.
        """
        if self.came is Came.NEED:
            return True
        bad = self.grade is Grade.UNSATISFIED
        if self.came is Came.ALREADY:
            return bad and self.row.grade != Grade.UNSATISFIED
        return bad and self.came in (Came.RATED, Came.OVER)


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to the turn: words, and what can be tapped."""

    text: str
    offers: Sequence[Offer] = ()
