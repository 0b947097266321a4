"""The calls that are to be made for a case, always in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.callbacks.attempts import first_attempt, next_attempt
from actions.people.people import OfficerView
from actions.people.roles import HANDLES_CASES, Role
from actions.privacy.vault import Vault
from actions.store.tables import callback_tasks, case_events


class CallKind(StrEnum):
    FIRST = "first"  # for a case: what was wrong, what the citizen wishes
    REVISIT = "revisit"  # after the answer: is it so
    SPOT_CHECK = "spot_check"  # drawn at random


INDEPENDENT = frozenset({CallKind.REVISIT, CallKind.SPOT_CHECK})  # never by who did the work


@dataclass(frozen=True, slots=True)
class Attempted:
    """What a call led to: `state` of its task, and when to try again (aware, UTC) if open."""

    task_id: uuid.UUID
    kind: CallKind
    state: str
    attempts: int
    next_at: datetime | None


def asked_of(officer: OfficerView, path: str) -> set[str]:
    """Whose calls this officer makes for a case at `path`: the values of a task's `role`."""
    roles = {role for role in Role if officer.holds({role}, path)}
    return {str(role) for role in roles} | ({"unit"} if roles & HANDLES_CASES else set())


class CallTasks:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def add(
        self,
        connection: AsyncConnection,
        case_id: uuid.UUID,
        kind: CallKind,
        role: str,
        *,
        attempts: int,
        calls: tuple[time, time] | None = None,
        due_at: datetime | None = None,
    ) -> None:
        """Opens a task unless one of its kind is open for the case.

        `role` is unit, sub_centre, centre or inspector. The first call is for now; where calling
        hours are given (Beijing time) and it is outside them, for their next beginning.
        """
        if await self._open(connection, case_id, {kind}) is not None:
            return
        now = clock.now()
        await connection.execute(
            insert(callback_tasks).values(
                id=clock.new_id(),
                kind=kind,
                case_id=case_id,
                role=role,
                attempts_at_most=attempts,
                next_at=first_attempt(now, calls) if calls else now,
                due_at=due_at,
                created_at=now,
            )
        )

    async def attempt(
        self,
        connection: AsyncConnection,
        row: Any,
        officer: OfficerView | None,
        *,
        reached: bool,
        form: dict[str, Any],
        aspects: dict[str, int] | None,
        calls: tuple[time, time],
        kind: CallKind | None = None,
    ) -> Attempted | None:
        """Records a call for the task that it was; None when it was none of the open ones.

        `row` is the case. Without a `kind` the task is the oldest that is asked of this officer; a
        re-visit that reached the citizen comes with its grade and its kind. No officer: a machine
        called, for a task of this kind. Not reached: the task
        stays open for another part of the day until its last attempt; a call before that part has
        begun does not count as another attempt.
        """
        task = await self._which(connection, row, officer, kind, reached=reached)
        if task is None:
            return None
        now = clock.now()
        if not reached and now < task.next_at:
            return Attempted(task.id, CallKind(task.kind), "open", task.attempts, task.next_at)
        attempts = task.attempts + 1
        last = not reached and attempts >= task.attempts_at_most
        state = "done" if reached else "unreachable" if last else "open"
        tried = [*await self._tried(connection, row.id, task.created_at), now]
        again = next_attempt(tried, now, calls) if state == "open" else None
        await connection.execute(
            update(callback_tasks)
            .where(callback_tasks.c.id == task.id)
            .values(
                attempts=attempts,
                state=state,
                next_at=again or task.next_at,
                form_sealed=self._vault.seal_json(form) if form else task.form_sealed,
                aspects=aspects or task.aspects or null(),
                done_by=None if state == "open" or officer is None else officer.id,
                done_at=None if state == "open" else now,
            )
        )
        return Attempted(task.id, CallKind(task.kind), state, attempts, again)

    async def drop(self, connection: AsyncConnection, case_id: uuid.UUID, *kinds: CallKind) -> None:
        """Ends the open tasks of these kinds without a call."""
        await connection.execute(
            update(callback_tasks)
            .where(
                callback_tasks.c.case_id == case_id,
                callback_tasks.c.state == "open",
                callback_tasks.c.kind.in_(kinds),
            )
            .values(state="dropped", done_at=clock.now())
        )

    async def made(self, connection: AsyncConnection, case_id: uuid.UUID) -> bool:
        """Whether the citizen has been called for this case: the first call was made or tried as
        often as asked, or somebody else who works on it has reached them."""
        query = select(callback_tasks.c.state).where(
            callback_tasks.c.case_id == case_id, callback_tasks.c.kind == CallKind.FIRST
        )
        states = (await connection.execute(query)).scalars().all()
        if all(state != "open" for state in states):
            return True
        called = select(case_events.c.detail_sealed).where(
            case_events.c.case_id == case_id, case_events.c.verb == "call_back"
        )
        sealed = (await connection.execute(called)).scalars().all()
        return any(self._vault.open_json(each).get("reached") == "yes" for each in sealed if each)

    async def _which(
        self,
        connection: AsyncConnection,
        row: Any,
        officer: OfficerView | None,
        kind: CallKind | None,
        *,
        reached: bool,
    ) -> Any:
        """The open task that a call of this officer is for."""
        if kind is not None:
            return await self._open(connection, row.id, {kind})
        if officer is None:
            return None
        kinds = set(CallKind) - ({CallKind.REVISIT} if reached else set())
        if officer.id in (row.accepted_by, row.answered_by):
            kinds -= INDEPENDENT
        return await self._open(connection, row.id, kinds, asked_of(officer, row.path))

    @staticmethod
    async def _open(
        connection: AsyncConnection,
        case_id: uuid.UUID,
        kinds: Collection[CallKind],
        roles: Collection[str] | None = None,
    ) -> Any:
        query = (
            select(callback_tasks)
            .where(
                callback_tasks.c.case_id == case_id,
                callback_tasks.c.state == "open",
                callback_tasks.c.kind.in_(kinds),
            )
            .order_by(callback_tasks.c.created_at)
            .limit(1)
        )
        if roles is not None:
            query = query.where(callback_tasks.c.role.in_(roles))
        return (await connection.execute(query)).one_or_none()

    @staticmethod
    async def _tried(
        connection: AsyncConnection, case_id: uuid.UUID, since: datetime
    ) -> list[datetime]:
        """When the citizen was called since the task was opened (aware, UTC)."""
        query = select(case_events.c.at).where(
            case_events.c.case_id == case_id,
            case_events.c.verb == "call_back",
            case_events.c.at >= since,
        )
        return list((await connection.execute(query)).scalars())
