"""Every question for figures is written down with who asked; its number gives the answer again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.charts.drawing import Drawing, from_plain
from actions.errors import Refusal
from actions.figures.question import Question, View
from actions.org.org import Org
from actions.people.people import People
from actions.people.roles import SEES_FIGURES, covers
from actions.privacy.vault import Vault
from actions.spelling import spell_code
from actions.store.engine import reading
from actions.store.tables import figure_queries
from actions.turn import Turn


class Looked(StrEnum):
    """What else a supervisor looks at: written down, and nothing that a further question leans on."""

    PROPOSALS = "proposals"
    RULES = "rules"  # the dry run
    COVERAGE = "coverage"
    INVITATIONS = "invitations"
    CASES = "cases"  # those behind a figure
    TOPIC_CASES = "topic_cases"
    CASE = "case"
    CALLBACKS = "callbacks"
    WALL = "wall"  # a link that opens one
    AGAIN = "again"  # an answer given earlier
    BULLETIN = "bulletin"  # the files of one


FOLLOWS = timedelta(minutes=30)  # so long a question may lean on the one before


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given: its words, buttons and chart as plain JSON; None: only noted."""

    number: str
    asked_at: datetime
    question: Question
    answer: Mapping[str, Any] | None


class QueryLog:
    def __init__(self, engine: AsyncEngine, vault: Vault, people: People, org: Org) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org

    def number(self) -> str:
        """A new number, to be said in the answer."""
        return clock.new_code()

    async def keep(
        self,
        turn: Turn,
        number: str,
        question: Question,
        *,
        unit_id: int | None,
        answer: Mapping[str, Any] | None,
    ) -> None:
        """Writes down what was asked and answered. The same turn again changes nothing."""
        sealed = self._vault.seal_json(dict(answer)) if answer is not None else None
        await self._write(turn, number, question.view or View.STATS, question, unit_id, sealed)

    async def note(
        self, turn: Turn, looked: Looked, about: str = "", *, unit_id: int | None = None
    ) -> None:
        """Writes down that somebody of those who see figures looked at this; `about` is a number or
        a name of ours, never words that somebody wrote. Nothing is written of anybody else.
        """
        officer = (await self._people.whoami(turn)).officer
        if officer is not None and officer.role in SEES_FIGURES:
            await self._write(turn, self.number(), looked, Question(unit=about), unit_id, None)

    async def _write(
        self,
        turn: Turn,
        number: str,
        view: View | Looked,
        question: Question,
        unit_id: int | None,
        answer_sealed: bytes | None,
    ) -> None:
        person = await self._people.whoami(turn)
        statement = insert(figure_queries).values(
            number=number,
            inbox_id=uuid.UUID(turn.inbox_id),
            identity_id=person.identity_id,
            officer_id=person.officer.id if person.officer else None,
            unit_id=unit_id,
            view=view,
            question=question.plain(),
            answer_sealed=answer_sealed,
            asked_at=clock.now(),
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement.on_conflict_do_nothing(index_elements=["inbox_id"]))

    async def of_turn(self, turn: Turn) -> Kept | None:
        """What this very turn was answered, when it is taken up a second time."""
        return await self._one(figure_queries.c.inbox_id == uuid.UUID(turn.inbox_id))

    async def before(self, turn: Turn) -> Question | None:
        """The question that the same person asked last, unless it is too long ago."""
        person = await self._people.whoami(turn)
        query = (
            select(figure_queries.c.question)
            .where(
                figure_queries.c.identity_id == person.identity_id,
                figure_queries.c.inbox_id != uuid.UUID(turn.inbox_id),
                figure_queries.c.asked_at >= clock.now() - FOLLOWS,
                figure_queries.c.view.in_(list(View)),
            )
            .order_by(figure_queries.c.asked_at.desc())
            .limit(1)
        )
        async with reading(self._engine) as connection:
            found = (await connection.execute(query)).scalar_one_or_none()
        return Question.from_plain(found) if found is not None else None

    async def again(self, turn: Turn, number: str) -> Kept:
        """The answer of that number, for whoever may see its unit's figures now. Refuses what there
        is not as what is not theirs.
        """
        officer = (await self._people.whoami(turn)).officer
        if officer is None or officer.role not in SEES_FIGURES:
            raise Refusal("not_allowed")
        known = figure_queries.c.number == spell_code(number)
        kept = await self._one(known)
        async with reading(self._engine) as connection:
            query = select(figure_queries.c.unit_id).where(known)
            unit_id = (await connection.execute(query)).scalar_one_or_none()
        theirs = unit_id is not None and covers(
            officer.unit_path, (await self._org.unit(unit_id)).path
        )
        if kept is None or kept.answer is None or not theirs:
            raise Refusal("query_unknown", number=number)
        return kept

    async def chart(self, number: str) -> Drawing | None:
        """The chart of an answer, for whoever draws it."""
        kept = await self._one(figure_queries.c.number == number)
        chart = kept.answer.get("chart") if kept and kept.answer else None
        return from_plain(chart) if chart else None

    async def _one(self, which: Any) -> Kept | None:
        async with reading(self._engine) as connection:
            row = (await connection.execute(select(figure_queries).where(which))).one_or_none()
        if row is None:
            return None
        sealed = row.answer_sealed
        answer = self._vault.open_json(sealed) if sealed is not None else None
        return Kept(row.number, row.asked_at, Question.from_plain(row.question), answer)
