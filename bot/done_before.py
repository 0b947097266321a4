"""What a message did before its turn broke off is told, even when its dialogue has been forgotten.

A turn's effect is in PostgreSQL before Redis holds the dialogue. If Redis is lost in between, the
same message is worked again without the buttons and the questions that it answered: then the reply
fits nothing, and the person would send it all once more.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.store.engine import reading
from actions.store.tables import case_events, cases, ratings
from bot.message import Outgoing


class DoneBefore:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def untold(self, message: uuid.UUID, language: str, said: str) -> list[Outgoing]:
        """A sentence for each thing that this message has done and that `said` does not tell of."""
        events = (
            select(case_events.c.verb, cases.c.number)
            .join(cases, cases.c.id == case_events.c.case_id)
            .where(case_events.c.inbox_id == message, case_events.c.identity_id.is_not(None))
            .order_by(case_events.c.id)
        )
        grades = select(ratings.c.grade).where(ratings.c.inbox_id == message)
        async with reading(self._services.engine) as connection:
            done = (await connection.execute(events)).all()
            graded = (await connection.execute(grades)).scalars().all()
        told = [
            self._done(row.verb, row.number, language) for row in done if row.number not in said
        ]
        if not self._tells_of_a_grade(said, language):
            told += [self._graded(grade, language) for grade in graded]
        return [Outgoing(text) for text in told]

    def _done(self, verb: str, number: str, language: str) -> str:
        key = "done_before_submit" if verb == Verb.SUBMIT else "done_before"
        return self._say(key, language, number=number)

    def _graded(self, grade: str, language: str) -> str:
        words = self._say(f"grade_{grade}", language)
        return self._say("done_before_graded", language, grade=words)

    def _tells_of_a_grade(self, said: str, language: str) -> bool:
        marks = self._say("done_before_marks", language).split()
        return any(mark in said.lower() for mark in marks)

    def _say(self, key: str, language: str, **params: str) -> str:
        return self._services.notices.wording.say(key, language, **params)


def words_of(messages: Sequence[Outgoing]) -> str:
    """All that is said, for `untold`."""
    return "\n".join(message.text for message in messages)
