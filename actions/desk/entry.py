"""What staff write down for a citizen: how they came, of what kind it is, and who may. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from actions.cases.kinds import CaseKind
from actions.people.roles import HANDLES_CASES, REVIEWS, Role, covers
from actions.ratings.rating import Grade, Way

LONGEST = 4000  # characters of what happened


class Source(StrEnum):
    """How the citizen came; routing knows it as the case's source, ratings as their way."""

    HOTLINE = "hotline"
    WALK_IN = "walk_in"
    DOOR_VISIT = "door_visit"

    @property
    def way(self) -> Way:
        return Way(self.value)


class EntryKind(StrEnum):
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    HELP = "help"
    QUESTION = "question"  # worked on as a request for help
    PRAISE = "praise"
    RATING = "rating"  # a grade for a service

    @property
    def case_kind(self) -> CaseKind:
        """What the case is about; a rating's is one only when the citizen was not satisfied."""
        if self is EntryKind.RATING:
            return CaseKind.UNSATISFIED
        return CaseKind.HELP if self is EntryKind.QUESTION else CaseKind(self.value)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing written down. `what` is in the citizen's words and may be empty for a rating.

    `unit_id` is the unit concerned, `unit_words` how it was named; `officer_id` or `badge` the officer
    whom it is about, where that is known; `phone` as written or empty; `news`: the citizen wants text
    messages about it; `attachments`: inbox ids of the writer's own photos.
    """

    source: Source
    kind: EntryKind
    what: str = ""
    unit_id: int | None = None
    unit_words: str = ""
    officer_id: int | None = None
    when: str = ""
    phone: str = ""
    news: bool = False
    grade: Grade | None = None
    badge: str = ""
    attachments: tuple[str, ...] = ()


_TAKES_CALLS = frozenset({Role.UNIT_LEAD}) | REVIEWS
_WRITES_DOWN = HANDLES_CASES | {Role.INSPECTOR}
_AT_THE_UNIT = frozenset({Role.OFFICER, Role.UNIT_LEAD})


def sources_of(roles: Collection[Role]) -> tuple[Source, ...]:
    """How citizens may come to somebody with these roles; empty: they write nothing down.

    An officer of a unit meets people at the counter and at the door; calls come to who leads a unit
    or works above.
    """
    if not _WRITES_DOWN & set(roles):
        return ()
    if _TAKES_CALLS & set(roles):
        return tuple(Source)
    return (Source.WALK_IN, Source.DOOR_VISIT)


def kinds_of(roles: Collection[Role]) -> tuple[EntryKind, ...]:
    """What somebody with these roles may write down; a grade only who works above the units."""
    graded = bool(REVIEWS & set(roles))
    return tuple(kind for kind in EntryKind if graded or kind is not EntryKind.RATING)


def may_grade(posts: Iterable[tuple[Role, str]], unit_path: str) -> bool:
    """Whether somebody with these posts (role, path) may write down a grade for the unit.

    Only from above, and never for a unit at which they work themselves.
    """
    held = list(posts)
    above = any(role in REVIEWS and covers(path, unit_path) for role, path in held)
    there = any(
        path == unit_path
        or (role in _AT_THE_UNIT and (covers(path, unit_path) or covers(unit_path, path)))
        for role, path in held
    )
    return above and not there


def reaches(posts: Iterable[tuple[Role, str]], unit_path: str) -> bool:
    """Whether the unit lies within the reach of one of the posts that write things down."""
    return any(role in _WRITES_DOWN and covers(path, unit_path) for role, path in posts)
