"""One-time codes: what an officer asks for, how many they may have, how long one holds. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from actions.clock import BEIJING
from actions.deadlines.hours import Pair, at
from actions.invitations.kinds import EventKind
from actions.numerals import number

FEW = 5  # below this nobody is told how many of their codes were used

_KINDS: tuple[tuple[EventKind, re.Pattern[str]], ...] = (
    (EventKind.VISIT, re.compile(r"上门|走访|入户|进门|door|visit")),
    (EventKind.COUNTER, re.compile(r"窗口|大厅|counter|window|hall")),
    (EventKind.POLICE_CALL, re.compile(r"警情|出警|接处警|接警|报警|calls?\b")),
    (EventKind.CASE, re.compile(r"案件|办案|案子|cases?\b")),
)
_COUNT = re.compile(
    r"(?<![0-9a-z-])([0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:张|个|份|枚|codes?\b)"
)
_NUMBER = re.compile(r"(?=[a-z0-9_./-]*[0-9])[a-z0-9][a-z0-9_./-]*", re.IGNORECASE)
_BARE_COUNT = re.compile(r"[0-9]{1,3}|[一二两三四五六七八九十]{1,3}")
_LONGEST = 64  # characters of a feed's own number


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy's lines on one-time codes. `shifts` are hours of the day in Beijing."""

    valid: timedelta
    grace: timedelta
    per_hour: int
    per_day: int
    pack: int
    shifts: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer asks for. `event` is a feed's own number, "" for none; `count` above 1: ahead."""

    kind: EventKind | None = None
    event: str = ""
    count: int = 1


def said_wish(words: str) -> Wish:
    """What stands behind the command: 上门, 窗口, 警情 20261120-0017, 10, 十张.

    A number behind a kind of service is the event's; alone and short it is how many are wanted.
    """
    said = unicodedata.normalize("NFKC", words).strip()
    low = said.lower()
    kind = next((kind for kind, pattern in _KINDS if pattern.search(low)), None)
    counted = _COUNT.search(low)
    if counted is not None:
        return Wish(kind, "", number(counted[1]) or 1)
    if _BARE_COUNT.fullmatch(low):
        return Wish(None, "", number(low) or 1)
    found = _NUMBER.search(said)
    return Wish(kind, found[0][:_LONGEST] if found else "")


def until(terms: Terms, now: datetime, *, ahead: bool) -> tuple[datetime, datetime]:
    """Until when a code made now is shown as valid, and until when a grade is taken (UTC).

    What is fetched ahead holds to the end of the day in Beijing, and never shorter than the others.
    """
    expires = now + terms.valid
    if ahead:
        tomorrow = now.astimezone(BEIJING).date() + timedelta(days=1)
        expires = max(expires, at(tomorrow, time(0)))
    return expires, expires + terms.grace


def day_of(now: datetime) -> datetime:
    """When the day began in Beijing (UTC)."""
    return at(now.astimezone(BEIJING).date(), time(0)).astimezone(UTC)


def left_today(terms: Terms, asked_today: int) -> int:
    """How many the officer may still have today."""
    return max(0, terms.per_day - asked_today)


def next_in_hour(terms: Terms, asked: list[datetime], now: datetime) -> datetime | None:
    """When the next one may be had; None: now. `asked` are the moments of single codes."""
    last = sorted(moment for moment in asked if moment > now - timedelta(hours=1))
    if len(last) < terms.per_hour:
        return None
    return last[len(last) - terms.per_hour] + timedelta(hours=1)
