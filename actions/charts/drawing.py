"""What a picture of figures shows: labels and numbers, and nothing that needs drawing to be known.

A drawing is kept with the query that it belongs to, as JSON, and drawn when it goes out; the same
drawing is the same picture, byte for byte. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

type Language = Literal["zh", "en"]

HOURS, WEEKDAYS = 24, 7


@dataclass(frozen=True, slots=True)
class Point:
    """A day, week or month. Shares are 0 to 1; `low` and `high` are the ends of the 95 % interval.

    `share` None: nobody rated (`n` 0), or too few to be shown (`n` None). A gap is never a zero.
    """

    label: str
    share: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Points in their order, of all ratings or of one way; every line has the same labels."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Satisfaction over time. `before`: the period before, faint, its points under the same places
    whatever their own labels say; as many as there are.
    """

    title: str
    subtitle: str
    footer: str
    lines: tuple[Line, ...]
    before: Line | None = None
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Dot:
    """A unit of a ranking: may stand anywhere from `rank` to `to`."""

    label: str
    share: float
    low: float
    high: float
    n: int
    rank: int
    to: int


@dataclass(frozen=True, slots=True)
class TooFew:
    """A unit that is not ranked; `n` None: so few that even their number is not shown."""

    label: str
    n: int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """Units beside each other, in the order in which they are to be listed."""

    title: str
    subtitle: str
    footer: str
    dots: tuple[Dot, ...]
    too_few: tuple[TooFew, ...] = ()
    minimum: int = 30
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Heat:
    """How much came at which hour: `counts[weekday][hour]`, Monday first. 0: nothing came; None:
    fewer than `smallest`, not shown.
    """

    title: str
    subtitle: str
    footer: str
    counts: tuple[tuple[int | None, ...], ...]
    smallest: int = 5
    language: Language = "zh"


type Drawing = Trend | Ranked | Heat

_KINDS: dict[str, type[Trend] | type[Ranked] | type[Heat]] = {
    "trend": Trend,
    "ranked": Ranked,
    "heat": Heat,
}


def heat(
    counts: Sequence[Sequence[int]],
    *,
    title: str,
    subtitle: str,
    footer: str,
    smallest: int = 5,
    language: Language = "zh",
) -> Heat:
    """The drawing of exact counts, with those left out that are too small to be shown.

    Raises ValueError when they are not 7 days of 24 hours.
    """
    if len(counts) != WEEKDAYS or any(len(day) != HOURS for day in counts):
        raise ValueError(f"counts are of {WEEKDAYS} days of {HOURS} hours")
    shown = tuple(tuple(None if 0 < n < smallest else n for n in day) for day in counts)
    return Heat(title, subtitle, footer, shown, smallest, language)


def plain(drawing: Drawing) -> dict[str, Any]:
    """As JSON has it; `from_plain` reads it."""
    kind = next(kind for kind, each in _KINDS.items() if isinstance(drawing, each))
    return {"kind": kind, **asdict(drawing)}


def from_plain(given: Mapping[str, Any]) -> Drawing:
    """The drawing that `plain` wrote, also after a round through JSON. Raises KeyError for a kind
    that there is not, TypeError for fields that there are not.
    """
    fields = {name: value for name, value in given.items() if name != "kind"}
    match _KINDS[given["kind"]]:
        case kind if kind is Trend:
            fields["lines"] = tuple(_line(line) for line in given["lines"])
            fields["before"] = _line(given["before"]) if given["before"] else None
            return Trend(**fields)
        case kind if kind is Ranked:
            fields["dots"] = tuple(Dot(**dot) for dot in given["dots"])
            fields["too_few"] = tuple(TooFew(**each) for each in given["too_few"])
            return Ranked(**fields)
        case _:
            fields["counts"] = tuple(tuple(day) for day in given["counts"])
            return Heat(**fields)


def _line(given: Mapping[str, Any]) -> Line:
    return Line(given["label"], tuple(Point(**point) for point in given["points"]))
