"""What a feed may see of its own cases: what their citizens are told, nothing besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.cases.numbers import read_number
from actions.cases.readers import FEED
from actions.cases.service import Cases
from actions.feeds.case_feeds import CaseFeed
from actions.people.people import People
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import cases, fed_cases
from actions.turn import Turn


@dataclass(frozen=True, slots=True)
class FedView:
    """A record and its case. While it waits to be opened, `case` and all behind it are empty.

    `answer` is the result as the citizen was told it; `question` what the citizen is asked and has
    not answered. Moments aware, UTC.
    """

    number: str
    received_at: datetime
    case: str = ""
    code: str = ""
    state: str = "waiting"
    answer_by: datetime | None = None
    answer: str = ""
    question: str = ""
    grade: str | None = None
    closed_at: datetime | None = None
    closed_as: str | None = None


class Readings:
    def __init__(self, engine: AsyncEngine, vault: Vault, people: People, service: Cases) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._cases = service

    async def known_as(
        self, feed: CaseFeed, numbers: Iterable[str]
    ) -> Mapping[str, tuple[str, str]]:
        """Our number and the short code of these records, where they have their case."""
        query = _rows(feed).where(fed_cases.c.number.in_(list(numbers)))
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return {
            row.number: (row.case_number, self._vault.open(row.short_code_sealed))
            for row in rows
            if row.case_number is not None
        }

    async def one(self, feed: CaseFeed, number: str) -> FedView | None:
        """The record of that number, the feed's own or ours; None where the feed has none."""
        ours = read_number(number)
        named = fed_cases.c.number == number
        query = _rows(feed).where(or_(named, cases.c.number == ours) if ours else named)
        async with self._engine.begin() as connection:
            rows = (await connection.execute(query)).all()
            row: Row[Any] | None = next((r for r in rows if r.number == number), None)
            row = row or (rows[0] if rows else None)
            if row is None or row.case_id is None:
                return FedView(row.number, row.received_at) if row is not None else None
            person = await self._people.meet(connection, FEED, f"{feed.id}:{row.number}")
            turn = Turn(person.conversation, str(row.id))
            seen = await self._cases.seen_by_feed(connection, turn, row.case_id)
        return FedView(
            number=row.number,
            received_at=row.received_at,
            case=seen.number,
            code=self._vault.open(row.short_code_sealed),
            state=seen.state.value,
            answer_by=seen.answer_by,
            answer=seen.answer,
            question=seen.question,
            grade=seen.result_grade,
            closed_at=seen.closed_at,
            closed_as=row.closed_as,
        )


def _rows(feed: CaseFeed) -> Select[Any]:
    """By uq_fed_cases_feed_id_number, or the number of the case."""
    return (
        select(
            fed_cases.c.id,
            fed_cases.c.number,
            fed_cases.c.received_at,
            fed_cases.c.case_id,
            cases.c.number.label("case_number"),
            cases.c.short_code_sealed,
            cases.c.closed_as,
        )
        .outerjoin(cases, cases.c.id == fed_cases.c.case_id)
        .where(fed_cases.c.feed_id == feed.id)
    )
