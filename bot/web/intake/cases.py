"""POST /api/cases and GET /api/cases/{number}: cases from elsewhere, and how they stand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web

from actions.errors import ConfigurationError
from actions.feeds.case_feeds import CaseFeed
from actions.feeds.opening import Became
from actions.feeds.reading import FedView
from actions.feeds.record import YES_OR_NO
from actions.feeds.results import iso
from actions.feeds.service import FromElsewhere
from actions.feeds.staging import Fields, Staged
from actions.invitations.wrongs import EventMistakes, Wrong
from bot.web.intake.keys import Keys
from bot.web.intake.limits import WINDOW
from bot.web.intake.reading import as_problem, problem, read_batch, read_body

PATIENCE = 10.0  # seconds in which cases are opened while the feed waits; the worker does the rest

log = structlog.get_logger()


class CasesIntake:
    def __init__(self, elsewhere: FromElsewhere, keys: Keys) -> None:
        self._elsewhere = elsewhere
        self._keys = keys

    async def file(self, request: web.Request) -> web.Response:
        """Takes a batch in, all of it or nothing, and opens its cases."""
        feed = await self._feed(request)
        items = read_batch(await read_body(request), "cases")
        try:
            staged = await self._elsewhere.staging.take(feed, _given(items))
        except EventMistakes as mistakes:
            raise as_problem(mistakes, "cases") from mistakes
        became = await self._open(feed, staged)
        counts = {each: sum(b is each for b in became.values()) for each in Became}
        log.info("cases from elsewhere", feed=feed.name, **{str(k): n for k, n in counts.items()})
        known = await self._elsewhere.readings.known_as(feed, staged.numbers)
        told = [_line(n, b, known.get(n), staged.unreadable) for n, b in became.items()]
        return web.json_response({**counts, "cases": told})

    async def read(self, request: web.Request) -> web.Response:
        """How one of the feed's own cases stands."""
        feed = await self._feed(request)
        number = request.match_info["number"]
        seen = None
        if "\x00" not in number:
            seen = await self._elsewhere.readings.one(feed, number)
        if seen is None:
            raise problem(404, "Of you there is no case of that number.")
        return web.json_response(_seen(seen))

    async def _feed(self, request: web.Request) -> CaseFeed:
        """Whose key it is, if that feed hands over cases. Raises Problem."""
        feed = await self._elsewhere.feeds.by_id((await self._keys.feed(request)).id)
        if feed is None:
            raise problem(403, "This key is for service events: send them to /api/events.")
        try:
            self._elsewhere.feeds.mapping(feed)
        except ConfigurationError as error:
            log.error("a mapping is broken", feed=feed.name, why=str(error))
            wait = {"Retry-After": str(WINDOW)}
            raise problem(503, "Not ready; send it again.", **wait) from error
        return feed

    async def _open(self, feed: CaseFeed, staged: Staged) -> dict[str, Became]:
        """What became of each number, in the order they came."""
        until = time.monotonic() + PATIENCE
        found = await self._elsewhere.openings.open(
            feed.id, staged.waiting.values(), enough=lambda: time.monotonic() > until
        )
        became = {}
        for number in staged.numbers:
            record = staged.waiting.get(number)
            known = Became.KNOWN if record is None else Became.WAITING
            became[number] = found.get(record, known) if record is not None else known
        return became


def _given(items: list[Any]) -> Iterator[tuple[int, Fields | Wrong]]:
    """Each item with its place, as the staging takes them."""
    for place, item in enumerate(items):
        if not isinstance(item, dict):
            yield place, Wrong("", "not_object")
            continue
        loose = [
            Wrong(name, "not_truth")
            for name in YES_OR_NO
            if not isinstance(item.get(name), bool | None)
        ]
        if item.get("language") == "":
            loose.append(Wrong("language", "unknown_kind", {"known": "zh, en"}))
        for wrong in loose:
            yield place, wrong
        if not loose:
            yield place, item


def _line(
    number: str, became: Became, known: tuple[str, str] | None, unreadable: list[str]
) -> dict[str, str]:
    line = {"number": number, "state": became.value}
    if known is not None:
        line |= {"case": known[0], "code": known[1]}
    if became is Became.KEPT:
        line["note"] = "case_over"
    elif number in unreadable:
        line["note"] = "phone_unreadable"
    return line


def _seen(seen: FedView) -> dict[str, Any]:
    return {
        "number": seen.number,
        "received_at": iso(seen.received_at),
        "case": seen.case or None,
        "code": seen.code or None,
        "state": seen.state,
        "answer_by": _moment(seen.answer_by),
        "answer": seen.answer or None,
        "question": seen.question or None,
        "grade": seen.grade,
        "closed_at": _moment(seen.closed_at),
        "closed_as": seen.closed_as,
    }


def _moment(moment: datetime | None) -> str | None:
    return iso(moment) if moment is not None else None
