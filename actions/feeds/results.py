"""What the other side is told of a case that it handed over: queued with the verb, in order.

Each result is a row and a job of the verb's own transaction; the worker sends it
(bot/webhooks/). It holds what the citizen is told: no name of the staff, no note among officers.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import procrastinate
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock, jobs
from actions.cases.states import Transition
from actions.feeds.happened import happened
from actions.feeds.sources import Source
from actions.notices.notices import Wording
from actions.privacy.vault import Vault
from actions.store.tables import case_feeds, fed_cases, feed_results, feeds

_PROMISES = frozenset({"accepted", "returned", "extended", "reopened"})
_SOURCES = frozenset(Source)


class Results:
    def __init__(self, vault: Vault, queue: procrastinate.App, wording: Wording) -> None:
        self._vault = vault
        self._queue = queue
        self._wording = wording

    async def note(
        self, connection: AsyncConnection, row: Any, step: Transition, given: dict[str, Any]
    ) -> None:
        """Queues what happened, if a feed handed the case over and wants to hear.

        `row` is the case after the verb, `given` what its notices may say.
        """
        what = happened(step)
        if what is None or row.source not in _SOURCES:
            return
        fed = await self._fed(connection, row.id)
        if fed is None or not fed.webhook or fed.stopped_at is not None:
            return
        body = self._body(fed, row, what, given)
        query = select(func.count()).where(feed_results.c.fed_id == fed.id)
        seq = int((await connection.execute(query)).scalar_one()) + 1  # the case is locked
        result = clock.new_id()
        statement = insert(feed_results).values(
            id=result,
            fed_id=fed.id,
            seq=seq,
            happened=what,
            body_sealed=self._vault.seal_json({"id": str(result), "seq": seq, **body}),
            created_at=clock.now(),
        )
        await connection.execute(statement)
        await jobs.defer(
            self._queue,
            connection,
            jobs.FEED_RESULT,
            lock=f"result:{fed.id.hex}",  # one record's results go out in order
            result_id=str(result),
        )

    @staticmethod
    async def _fed(connection: AsyncConnection, case_id: uuid.UUID) -> Any:
        """The record that the case grew out of; by ux_fed_cases_case_id."""
        query = (
            select(
                fed_cases.c.id,
                fed_cases.c.number,
                fed_cases.c.content_sealed,
                feeds.c.name,
                case_feeds.c.webhook,
                case_feeds.c.stopped_at,
            )
            .join(case_feeds, case_feeds.c.feed_id == fed_cases.c.feed_id)
            .join(feeds, feeds.c.id == fed_cases.c.feed_id)
            .where(fed_cases.c.case_id == case_id)
        )
        return (await connection.execute(query)).one_or_none()

    def _body(self, fed: Any, row: Any, what: str, given: dict[str, Any]) -> dict[str, Any]:
        language = self._vault.open_json(fed.content_sealed)["language"]
        grade = str(given["grade"]) if given.get("grade") else None
        return {
            "feed": fed.name,
            "number": fed.number,
            "case": row.number,
            "happened": what,
            "state": str(row.state),
            "at": iso(clock.now()),
            "text": self._text(row, what, given, language),
            "answer_by": iso(row.answer_by) if what in _PROMISES else None,
            "grade": grade,
            "closed_as": row.closed_as if row.closed_at is not None else None,
        }

    def _text(self, row: Any, what: str, given: dict[str, Any], language: str) -> str:
        """The sentence to pass on to the citizen."""
        say, key = self._wording.say, f"fed_{what}"
        text = str(given.get("answer") or given.get("text") or "")
        grade = say(f"grade_{given['grade']}", language) if given.get("grade") else ""
        if what == "closed" and (grade or text):
            key = "fed_closed_rated" if grade else "fed_closed_why"
        by = self._day(row.answer_by, language)
        return say(key, language, number=row.number, text=text, grade=grade, answer_by=by)

    def _day(self, moment: datetime, language: str) -> str:
        """Never "today": nobody knows when the other side passes it on."""
        local = clock.beijing(moment)
        return self._wording.say(
            "date_day",
            language,
            time=f"{local:%H:%M}",
            month=str(local.month),
            day=str(local.day),
            weekday=self._wording.say("weekdays", language).split()[local.weekday()],
        )


def iso(moment: datetime) -> str:
    """As other systems read it: UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
