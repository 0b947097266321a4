"""An installation to which the 12345 hotline hands cases over, and the people who work on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from actions import clock
from actions.bootstrap import Services
from actions.cases.case import CaseView
from actions.cases.states import Verb
from actions.feeds.case_feeds import CaseFeed, Tells
from actions.feeds.opening import Became
from actions.feeds.sources import Source
from actions.feeds.staging import Fields, Staged
from actions.invitations.wrongs import Wrong
from actions.store.tables import cases, fed_cases, feed_results
from tests.cast import Cast, Someone, gather_cast

URL = "http://127.0.0.1:9/results"
PHONE = "13900000000"


def record(**fields: object) -> dict[str, object]:
    """A complaint about Mingdeli station; `fields` changes it, None takes away."""
    given: dict[str, object] = {
        "number": "GD-1",
        "category": "服务态度",
        "words": "窗口民警态度很差",
        "unit": "YZ-QX-MDL",
        "phone": "139 0000 0000",
    }
    return {name: value for name, value in (given | fields).items() if value is not None}


@dataclass(slots=True)
class Office:
    services: Services
    cast: Cast
    feed: CaseFeed
    key: str
    secret: str

    @classmethod
    async def opened(cls, services: Services) -> Office:
        feeds = services.elsewhere.feeds
        keys = await feeds.add("hotline", Source.HOTLINE_12345, "12345", Tells.FEED, URL)
        cast = await gather_cast(services)
        return cls(services, cast, await feeds.named("hotline"), keys.key, keys.secret)

    async def changes(self, **fields: Any) -> None:
        """The feed is set anew: tells, mapping, webhook."""
        given = {"mapping": "12345", "tells": Tells.FEED, "webhook": URL} | fields
        feeds = self.services.elsewhere.feeds
        keys = await feeds.add("hotline", Source.HOTLINE_12345, **given)
        self.key, self.secret = keys.key, keys.secret
        self.feed = await feeds.named("hotline")

    async def stages(self, *given: Fields | Wrong, file: str = "") -> Staged:
        placed: Iterable[tuple[int, Fields | Wrong]] = enumerate(given)
        return await self.services.elsewhere.staging.take(self.feed, placed, file)

    async def takes(self, *given: Fields) -> list[Became]:
        """Hands the records over and has them opened; what became of those that waited."""
        staged = await self.stages(*given)
        waiting = staged.waiting.values()
        found = await self.services.elsewhere.openings.open(self.feed.id, waiting)
        return [found[each] for each in waiting]

    async def case(self, number: str = "GD-1") -> Row[Any]:
        """The case of the feed's number."""
        query = (
            select(cases)
            .join(fed_cases, fed_cases.c.case_id == cases.c.id)
            .where(fed_cases.c.number == number)
        )
        return (await self.rows(query))[0]

    async def filed(self, **fields: object) -> str:
        """Hands one record over; the number of its case."""
        given = record(**fields)
        await self.takes(given)
        return str((await self.case(str(given["number"]))).number)

    async def act(self, someone: Someone, number: str, verb: Verb, **given: Any) -> CaseView:
        return await self.services.cases.act(someone.turn(), number, verb, **given)

    async def results(self) -> list[dict[str, Any]]:
        """What was queued for the other side, in order."""
        query = select(feed_results).order_by(feed_results.c.created_at, feed_results.c.seq)
        opened = self.services.vault.open_json
        return [opened(row.body_sealed) for row in await self.rows(query)]

    async def rows(self, query: Any) -> list[Row[Any]]:
        async with self.services.engine.connect() as connection:
            return list((await connection.execute(query)).all())


def moment(text: str) -> str:
    """A Beijing moment of the frozen day, as the records write it."""
    return f"{clock.beijing(clock.now()):%Y-%m-%d} {text}"
