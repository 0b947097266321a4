"""The feeds: each day's events in a CSV file, and at a month's end the whole month once more."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from actions.bootstrap import Services
from actions.invitations.csv_events import read_events
from actions.invitations.feeds import Feed
from actions.invitations.intake import Outcome
from bench.replaying.plan import FEEDS, Event, Plan

KINDS_OF = {
    "jingqing": ["police_call"],
    "anjian": ["case"],
    "chuangkou": ["counter"],
    "zonghe": ["visit", "enterprise"],
}
HEADER = ("number", "kind", "unit", "phone", "finished_at", "flags", "matter", "birth_year")


class Feeding:
    """`new` and `known` are how many events the intake called so."""

    def __init__(self, services: Services, plan: Plan, folder: Path) -> None:
        self._services = services
        self._plan = plan
        self._folder = folder
        self._feeds: dict[str, Feed] = {}
        self.rows = self.new = self.known = self.expected_known = 0

    async def open(self) -> None:
        """Gives each feed its key."""
        feeds = self._services.invitations.feeds
        for name, kinds in KINDS_OF.items():
            await feeds.add(name, kinds)
            self._feeds[name] = await feeds.named(name)

    async def day(self, today: date) -> None:
        """Imports what was finished yesterday; on the first of a month last month again."""
        yesterday = today - timedelta(days=1)
        for name, feed in self._feeds.items():
            rows = [
                _row(name, yesterday, n, event)
                for n, event in enumerate(self._plan.events.get(yesterday, []))
                if _feed_of(event) == name
            ]
            month = self._folder / f"{name}-{yesterday:%Y-%m}.csv"
            if rows:
                await self._take(feed, _written(self._folder / f"{name}.csv", rows, "w"))
                _written(month, rows, "a")
            if today.day == 1 and month.exists():
                before = self.rows
                await self._take(feed, month)
                self.expected_known += self.rows - before
                month.unlink()

    async def _take(self, feed: Feed, path: Path) -> None:
        taken = await self._services.invitations.intake.take(feed, read_events(path), path.name)
        self.rows += sum(taken.counts.values())
        self.new += taken.counts[Outcome.NEW]
        self.known += taken.counts[Outcome.KNOWN]


def _feed_of(event: Event) -> str:
    return FEEDS.get(event.kind, "zonghe")


def _row(feed: str, day: date, n: int, event: Event) -> tuple[str, ...]:
    number, at = f"{feed}-{day:%Y%m%d}-{n:05d}", f"{event.at:%Y-%m-%d %H:%M}"
    phone = _spelled(event.phone, n)
    return (number, event.kind, event.unit, phone, at, event.flags, event.matter, event.born)


def _spelled(phone: str, n: int) -> str:
    """A mobile number as one of the systems writes it."""
    if len(phone) != 11 or not phone.isdecimal():
        return phone
    groups = (phone[:3], phone[3:7], phone[7:])
    return (phone, " ".join(groups), "-".join(groups), f"+86 {phone}")[n % 4]


def _written(path: Path, rows: Sequence[Sequence[str]], mode: str) -> Path:
    fresh = mode == "w" or not path.exists()
    with path.open(mode, encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(HEADER)
        writer.writerows(rows)
    return path
