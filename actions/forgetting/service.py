"""A citizen asks for what we hold of them to be deleted: what can be is, what must stay is said."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.audit.trail import note
from actions.errors import Refusal
from actions.invitations.open_ones import OpenOnes
from actions.people.people import People, Person
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import cases, contact_proofs, contacts
from actions.turn import Turn

# A person's own rows, by identity: a scan of what one person wrote, asked for rarely.
_MESSAGES = text("""
UPDATE inbox SET message_sealed = :nothing, answer_sealed = NULL
WHERE identity_id = :who AND done_at IS NOT NULL
""")
_NOTICES = text("""
UPDATE deliveries SET content_sealed = :nothing, revised_sealed = NULL
WHERE identity_id = :who AND state IN ('sent', 'failed', 'merged')
""")
_COMMENTS = text("""
UPDATE ratings SET comment_sealed = NULL WHERE identity_id = :who AND comment_sealed IS NOT NULL
""")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many messages, comments and linked numbers were deleted, and how many cases stay: `open`
    ones whole, `closed` ones until `days` after their closing (None: for ever).
    """

    messages: int
    comments: int
    numbers: int
    open: int
    closed: int
    days: int | None


class Forgetting:
    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        policy: Policy,
        open_ones: OpenOnes,
    ) -> None:
        self._engine = engine
        self._nothing = vault.seal_json({"text": "", "offers": []})
        self._people = people
        self._policy = policy
        self._open_ones = open_ones

    async def check(self, turn: Turn) -> None:
        """Refuses who cannot ask for it: officers, whose chat is their work, and where nobody can
        prove who they are.
        """
        async with reading(self._engine) as connection:
            self._check(await self._people.person(connection, turn.conversation))

    async def forget(self, turn: Turn) -> Forgotten:
        """Deletes the person's messages, comments and linked number, and asks them no more; grades
        stay, without words. Asked again: what has come since. Refuses as `check`.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            self._check(person)
            await self._open_ones.stop(connection, person)
            given = {"who": person.identity_id, "nothing": self._nothing}
            messages = (await connection.execute(_MESSAGES, given)).rowcount
            await connection.execute(_NOTICES, given)
            comments = await connection.execute(_COMMENTS, {"who": person.identity_id})
            numbers = await self._numbers(connection, person.identity_id)
            kept_open, kept_closed = await self._cases(connection, person.identity_id)
            lines = self._policy.retention
            done = Forgotten(
                messages,
                comments.rowcount,
                numbers,
                kept_open,
                kept_closed,
                lines.cases if lines else None,
            )
            await note(
                connection,
                "chat",
                "forgotten",
                str(person.identity_id),
                messages=done.messages,
                comments=done.comments,
                numbers=done.numbers,
            )
        return done

    @staticmethod
    def _check(person: Person) -> None:
        if person.officer is not None:
            raise Refusal("forget_officer")
        if not person.proven:
            raise Refusal("forget_not_here")

    @staticmethod
    async def _numbers(connection: AsyncConnection, identity: uuid.UUID) -> int:
        await connection.execute(
            delete(contact_proofs).where(contact_proofs.c.identity_id == identity)
        )
        gone = await connection.execute(delete(contacts).where(contacts.c.identity_id == identity))
        return gone.rowcount

    @staticmethod
    async def _cases(connection: AsyncConnection, identity: uuid.UUID) -> tuple[int, int]:
        """How many open and closed ones the person has; by ix_cases_identity_id_created_at."""
        query = select(
            func.count().filter(cases.c.closed_at.is_(None)),
            func.count().filter(cases.c.closed_at.is_not(None)),
        ).where(cases.c.identity_id == identity)
        row = (await connection.execute(query)).one()
        return int(row[0]), int(row[1])
