"""What becomes of an answer: a rating, a case, marks, a wish not to be asked again.

All of it without Rasa, so that a grade counts while Rasa is down. What is no answer to an
invitation is given back (None) and goes to the dialogue.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.invitations.kinds import EventKind, InvitationState
from actions.invitations.open_ones import OpenOnes, is_over
from actions.invitations.outcome import Outcome
from actions.invitations.replies import Meaning, Reply, is_afterword, read_marks, read_reply
from actions.invitations.verdict import Came, Said, Verdict
from actions.invitations.wording import SMS
from actions.notices.notices import Wording
from actions.people.people import People, Person
from actions.ratings.rating import Grade
from actions.ratings.service import Ratings
from actions.store.tables import invitations
from actions.turn import Turn

AFTERWORDS = timedelta(hours=2)  # a remark by SMS belongs to the answer before it
MARKS = timedelta(days=1)  # marks may follow the grade


class Asked(StrEnum):
    """What this conversation was offered last."""

    NOTHING = "nothing"
    INVITATION = "invitation"
    ELSE = "else"


class Answers:
    def __init__(
        self,
        engine: AsyncEngine,
        people: People,
        ratings: Ratings,
        open_ones: OpenOnes,
        outcome: Outcome,
        say: Wording,
        scale: tuple[Grade, ...],
        aspects: tuple[str, ...],
    ) -> None:
        """`aspects` are asked after the grade; () for none."""
        self._engine = engine
        self._people = people
        self._ratings = ratings
        self._open_ones = open_ones
        self._outcome = outcome
        self._wording = say
        self._scale = scale
        self._aspects = aspects

    async def take(self, turn: Turn, channel: str, text: str, asked: Asked) -> Said | None:
        """Answers a text that answers an invitation; None when it is something else.

        By SMS any text may, unless something else was asked since. In a chat only what follows the
        invitation does, or what names its code, or marks after a grade.
        """
        reply = read_reply(text, self._scale)
        marks = read_marks(text, len(self._aspects)) if self._aspects else None
        ours = asked is Asked.INVITATION or (channel == SMS and asked is Asked.NOTHING)
        if not (ours or marks or (reply is not None and reply.code)):
            return None
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            if reply is not None and reply.meaning in (Meaning.STOP, Meaning.RESUME):
                return await self._stop(connection, person, reply.meaning)
            row = await self._find(connection, turn, person, reply, ours=ours)
            if row is None:
                return None
            if marks and _just_answered(row, MARKS) and row.aspects is None:
                return await self._keep_marks(connection, person, row, marks)
            if not ours and (reply is None or not reply.code):
                return None
            verdict = await self._judge(connection, turn, person, row, reply, text)
        return await self._outcome.of(turn, verdict) if verdict is not None else None

    async def tapped(self, turn: Turn, entities: dict[str, Any]) -> Said | None:
        """Answers a tap on one of an invitation's choices; None when it is not this person's."""
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            invitation = uuid.UUID(str(entities["invitation"]))
            row = await self._open_ones.by_id(connection, person, invitation)
            if row is None:
                return None
            if "stop" in entities:
                return await self._stop(connection, person, Meaning.STOP)
            grade = Grade(entities["grade"])
            verdict = await self._graded(connection, turn, person, row, grade, "")
        return await self._outcome.of(turn, verdict)

    # --- which one, and what it comes to ---------------------------------------------------------

    async def _find(
        self,
        connection: AsyncConnection,
        turn: Turn,
        person: Person,
        reply: Reply | None,
        *,
        ours: bool,
    ) -> Row[Any] | None:
        """By the code in the text; a code that is none counts for nothing."""
        if reply is not None and reply.code:
            row = await self._open_ones.by_code(connection, reply.code)
            if row is not None or reply.meaning is Meaning.CODE or not ours:
                return row
        return await self._open_ones.latest(connection, person, uuid.UUID(turn.inbox_id))

    async def _judge(
        self,
        connection: AsyncConnection,
        turn: Turn,
        person: Person,
        row: Row[Any],
        reply: Reply | None,
        text: str,
    ) -> Verdict | None:
        """What the text comes to; the rating and the invitation's state are written."""
        waits = row.state != InvitationState.ANSWERED or str(row.answered_by) == turn.inbox_id
        if row.kind == EventKind.ENTERPRISE:
            words = reply.comment if reply is not None and reply.meaning is Meaning.CODE else text
            return await self._need(connection, turn, person, row, words) if waits else None
        if reply is None:
            return _remark(turn, person, row, text)
        if reply.meaning is Meaning.GRADE and reply.grade is not None:
            return await self._graded(connection, turn, person, row, reply.grade, reply.comment)
        if reply.meaning is Meaning.CODE and reply.comment:
            return None  # words in which a code happens to stand
        return Verdict(Came.UNCLEAR, person, row, language_of(person, row)) if waits else None

    async def _graded(
        self,
        connection: AsyncConnection,
        turn: Turn,
        person: Person,
        row: Row[Any],
        grade: Grade,
        words: str,
    ) -> Verdict:
        """Writes the rating, if the event has none and its time is not over."""

        def came(how: Came, rating: uuid.UUID | None = None) -> Verdict:
            return Verdict(how, person, row, language_of(person, row), grade, words, rating)

        if row.rating_id is None and is_over(row, clock.now()):
            return came(Came.OVER)
        try:
            rating = await self._ratings.rate_event(
                connection,
                turn,
                person,
                grade,
                event_id=row.event_id,
                unit_id=row.unit_id,
                officer_id=row.officer_id,
            )
        except Refusal:
            return came(Came.OWN)
        if rating is None:
            return came(Came.ALREADY)
        await _close(connection, turn, row)
        return came(Came.RATED, rating)

    @staticmethod
    async def _need(
        connection: AsyncConnection, turn: Turn, person: Person, row: Row[Any], words: str
    ) -> Verdict | None:
        """An enterprise's own words become a request for help, also when its time is over."""
        if not is_afterword(words):
            return None
        await _close(connection, turn, row)
        return Verdict(Came.NEED, person, row, language_of(person, row), None, words)

    # --- small steps -----------------------------------------------------------------------------

    async def _stop(self, connection: AsyncConnection, person: Person, meaning: Meaning) -> Said:
        if meaning is Meaning.STOP:
            await self._open_ones.stop(connection, person)
            return Said(self._wording.say("invited_stopped", person.language))
        await self._open_ones.resume(connection, person)
        return Said(self._wording.say("invited_resumed", person.language))

    async def _keep_marks(
        self, connection: AsyncConnection, person: Person, row: Row[Any], marks: list[int]
    ) -> Said:
        given = dict(zip(self._aspects, marks, strict=True))
        statement = update(invitations).where(invitations.c.id == row.id).values(aspects=given)
        await connection.execute(statement)
        return Said(self._wording.say("invited_marks_kept", language_of(person, row)))


def language_of(person: Person, row: Row[Any]) -> str:
    """By SMS nobody has chosen a language; the feed may have said."""
    return str(row.event_language) if person.channel == SMS else person.language


def _remark(turn: Turn, person: Person, row: Row[Any], text: str) -> Verdict | None:
    """A remark by SMS soon after the answer goes with it, once."""
    if person.channel != SMS or row.rating_id is None or not is_afterword(text):
        return None
    if not _just_answered(row, AFTERWORDS) or row.comment_sealed is not None:
        return None
    language = language_of(person, row)
    return Verdict(Came.REMARK, person, row, language, Grade(row.grade), text, row.rating_id)


def _just_answered(row: Row[Any], within: timedelta) -> bool:
    return row.answered_at is not None and row.answered_at > clock.now() - within


async def _close(connection: AsyncConnection, turn: Turn, row: Row[Any]) -> None:
    await connection.execute(
        update(invitations)
        .where(invitations.c.id == row.id)
        .values(
            state=InvitationState.ANSWERED,
            answered_at=clock.now(),
            answered_by=uuid.UUID(turn.inbox_id),
            remind_at=None,
        )
    )
