"""What breaks when: drawn from a seed, so that a campaign can be played again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is done to a target."""

    KILL = "kill -9"
    PAUSE = "pause"  # SIGSTOP, then SIGCONT
    FULL = "full"  # Redis takes nothing more
    LOCK = "lock"  # somebody holds a table of PostgreSQL
    PLATFORM = "platform"  # a platform's calls fail in one way


PARTS = ("gateway", "nlu", "actions", "worker", "redis", "postgres")
TABLES = ("inbox", "ratings", "cases", "deliveries", "identities", "procrastinate_jobs")
PLATFORMS = ("wechat", "telegram", "wecom", "sms")
# How a platform's calls fail. `late` and `cut`: what was asked is done, and we do not hear of it.
WAYS = ("500", "429", "hang", "close", "late", "cut", "40001")


@dataclass(frozen=True, slots=True)
class Fault:
    """`after` seconds from the beginning; it lasts `seconds` (a killed part is away that long).

    `way`: how a platform fails, else empty.
    """

    after: float
    kind: Kind
    target: str
    seconds: float
    way: str = ""

    @property
    def name(self) -> str:
        """As the table shows it."""
        return f"{self.target} {self.way or self.kind.value}"


@dataclass(frozen=True, slots=True)
class Measures:
    """In seconds: how long a pause is, how long other faults last, how long all is well between.

    `together`: the share of faults that begin while the one before still lasts.
    """

    pause: float = 10.0
    least: float = 1.0
    most: float = 8.0
    quiet: tuple[float, float] = (1.0, 11.0)
    together: float = 0.2


def schedule(seed: int, seconds: float, measures: Measures | None = None) -> list[Fault]:
    """The faults of that seed within so many seconds, in their order.

    All of them come before any comes again, in an order of the seed's own.
    """
    measures = measures or Measures()
    chance = random.Random(seed)
    found: list[Fault] = []
    deck: list[tuple[Kind, str, str]] = []
    at = chance.uniform(1.0, 3.0)
    while at < seconds:
        if not deck:
            deck = _deck()
            chance.shuffle(deck)
        kind, target, way = deck.pop()
        lasts = _lasts(kind, chance, measures)
        found.append(Fault(round(at, 2), kind, target, round(lasts, 2), way))
        overlap = chance.random() < measures.together
        at += lasts * chance.random() if overlap else lasts + chance.uniform(*measures.quiet)
    return found


def _deck() -> list[tuple[Kind, str, str]]:
    """Every fault once, kills and pauses twice: they are few and the hardest. 40001 is known to
    WeChat and WeCom only.
    """
    deck = [(kind, part, "") for kind in (Kind.KILL, Kind.PAUSE) for part in PARTS] * 2
    deck += [(Kind.FULL, "redis", "")]
    deck += [(Kind.LOCK, table, "") for table in TABLES]
    deck += [
        (Kind.PLATFORM, platform, way)
        for platform in PLATFORMS
        for way in WAYS
        if way != "40001" or platform in ("wechat", "wecom")
    ]
    return deck


def _lasts(kind: Kind, chance: random.Random, measures: Measures) -> float:
    if kind is Kind.PAUSE:
        return measures.pause
    if kind is Kind.KILL:
        return chance.uniform(0.0, measures.most / 2)
    return chance.uniform(measures.least, measures.most)
