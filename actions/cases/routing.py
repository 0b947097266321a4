"""Where a case goes: the policy's first fitting line, and never to whom it is about. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actions.cases.kinds import CaseKind


@dataclass(frozen=True, slots=True)
class Place:
    """A unit on the line from the city down; `kind` as in units.csv."""

    unit_id: int
    code: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What routing looks at. `line` leads from the city down to the named unit, if one is named."""

    kind: CaseKind
    source: str
    words: str
    line: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the policy: every condition given must hold, one value of each is enough."""

    to: str
    kinds: tuple[CaseKind, ...] = ()
    sources: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Where it goes, and why: `named`, `policy`, `conflict` or `centre`."""

    unit_id: int
    why: str


LEVELS = {"city": 0, "county": 1, "station": 2}
STATION = 3  # depth of a station in the tree


def route(
    lines: Sequence[Line],
    matter: Matter,
    city: Place,
    by_code: Callable[[str], Place | None],
    subject_paths: Sequence[str] = (),
    above: Callable[[str], Place | None] = lambda _: None,
) -> Way:
    """The unit that gets the case.

    `by_code` finds a unit by its code; a line that names one that is not there is passed over.
    `subject_paths` are the units of the officer it is about: then the case goes to the level above
    their station, which `above(path)` finds, or to the city.
    """
    named = matter.line[-1] if matter.line else city
    found, why = named, "named" if matter.line else "centre"
    for line in lines:
        place = _place(line, matter, city, by_code) if _fits(line, matter) else None
        if place is not None:
            found, why = place, why if place == named else "policy"
            break
    lifted = above_subjects(found, subject_paths, city, above)
    return Way(found.unit_id, why) if lifted == found else Way(lifted.unit_id, "conflict")


def depth(path: str) -> int:
    """1 for the city, 2 for a county, 3 for a station."""
    return path.count("/") - 1


def _fits(line: Line, matter: Matter) -> bool:
    return (
        (not line.kinds or matter.kind in line.kinds)
        and (not line.sources or matter.source in line.sources)
        and (not line.words or any(word in matter.words for word in line.words))
        and (not line.units or any(place.code in line.units for place in matter.line))
    )


def _place(
    line: Line, matter: Matter, city: Place, by_code: Callable[[str], Place | None]
) -> Place | None:
    if line.to.startswith("code:"):
        return by_code(line.to.removeprefix("code:"))
    if line.to == "named":
        return matter.line[-1] if matter.line else None
    if line.to == "city":
        return city
    level = LEVELS[line.to]
    return matter.line[min(level, len(matter.line) - 1)] if matter.line else None


def above_subjects(
    found: Place, subjects: Sequence[str], city: Place, above: Callable[[str], Place | None]
) -> Place:
    """The nearest unit above every subject's station; for someone of a county, the city."""
    place = found
    while place != city and any(_too_near(place.path, subject) for subject in subjects):
        place = above(place.path) or city
    return place


def _too_near(path: str, subject: str) -> bool:
    """Whether who works at `path` sits with the subject: in their station, whichever desk, or in
    their county when the subject belongs to the county itself."""
    house = "/".join(subject.split("/")[: STATION + 1]).rstrip("/") + "/"
    if not (house.startswith(path) or path.startswith(house)):
        return False
    return depth(path) >= min(STATION, depth(subject))
