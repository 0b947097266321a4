"""Calls that a recorded voice makes: which are due, and what became of them.

None is made without a task that the case's life has opened and a policy that names its kind. What
the citizen answers is recorded as a person's call would be; who asks for a person, or says nothing,
is left to people.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.callbacks.questionnaire import Questionnaire, questionnaire, read_keys
from actions.callbacks.tasks import CallKind
from actions.cases import rows
from actions.cases.states import Verb
from actions.cases.work import Work
from actions.notices.notices import Wording
from actions.org.org import Org
from actions.phones import text_number
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.store.tables import callback_tasks, cases, voice_calls

AT_ONCE = 20  # calls taken up in one round
MAINLAND = "+86"


@dataclass(frozen=True, slots=True)
class Due:
    """A call to place: our id, the number in its kept form, what to ask."""

    id: uuid.UUID
    phone: str
    asks: Questionnaire


class Voice:
    """`hotline` is told as the way to a person."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        org: Org,
        policy: Policy,
        work: Work,
        wording: Wording,
        hotline: str,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._org = org
        self._policy = policy
        self._work = work
        self._wording = wording
        self._hotline = hotline

    async def due(self) -> list[Due]:
        """Takes up the calls whose time has come, within the calling hours; each attempt once.

        Not to a landline, where an extension may answer, and not where whoever calls may not see
        the number.
        """
        calls = self._policy.hours.hours.calls
        if (
            self._policy.voice is None
            or not calls[0] <= clock.beijing(clock.now()).time() < calls[1]
        ):
            return []
        query = (
            select(callback_tasks, cases.c.phone_sealed, cases.c.escrow)
            .join(cases, cases.c.id == callback_tasks.c.case_id)
            .where(
                callback_tasks.c.state == "open",
                callback_tasks.c.kind.in_(self._policy.voice.calls),
                callback_tasks.c.next_at <= clock.now(),
                cases.c.phone_sealed.is_not(None),
                ~select(voice_calls.c.id)
                .where(
                    voice_calls.c.task_id == callback_tasks.c.id,
                    (voice_calls.c.attempt == callback_tasks.c.attempts)
                    | (voice_calls.c.outcome == "human"),
                )
                .exists(),
            )
            .order_by(callback_tasks.c.next_at)
            .limit(AT_ONCE)
        )
        async with self._engine.begin() as connection:
            asks = await self._asks(connection)
            found = (await connection.execute(query)).all()
            taken = [await self._take(connection, task, asks) for task in found]
        return [each for each in taken if each is not None]

    async def placed(self, call: uuid.UUID, vendor_id: str | None) -> None:
        """The vendor's id of the call; None: it could not be placed, and is left to people."""
        values = {"state": "placed" if vendor_id else "failed", "vendor_id": vendor_id}
        theirs = (voice_calls.c.id == call) & (voice_calls.c.state == "placing")
        async with self._engine.begin() as connection:
            await connection.execute(update(voice_calls).where(theirs).values(**values))

    async def report(self, call: uuid.UUID, *, answered: bool, keys: str = "") -> bool:
        """What became of a call. Told again: nothing more is done. False for an unknown call."""
        async with self._engine.begin() as connection:
            query = select(voice_calls).where(voice_calls.c.id == call).with_for_update()
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return False
            if row.state == "reported":
                return True
            outcome = await self._record(connection, row, keys if answered else None)
            values = {"state": "reported", "outcome": outcome, "reported_at": clock.now()}
            await connection.execute(
                update(voice_calls).where(voice_calls.c.id == call).values(**values)
            )
        return True

    # --- the steps --------------------------------------------------------------------------------

    async def _asks(self, connection: AsyncConnection) -> Questionnaire:
        tree = await self._org.tree(connection)
        bureau = next((u.label for u in tree.units.values() if u.parent_id is None), "")
        scale = [str(grade) for grade in self._policy.scale]
        return questionnaire(self._wording.say, "zh", scale, bureau, self._hotline)

    async def _take(
        self, connection: AsyncConnection, task: Any, asks: Questionnaire
    ) -> Due | None:
        """The call, noted as taken up; None, and noted as people's, where no voice may call."""
        phone = self._vault.open(task.phone_sealed)
        hidden = task.escrow and not self._policy.identity.callers_see_phone
        number = text_number(phone)
        fits = not hidden and number is not None and number.startswith(MAINLAND)
        new = clock.new_id()
        statement = insert(voice_calls).values(
            id=new,
            task_id=task.id,
            attempt=task.attempts,
            state="placing" if fits else "failed",
            outcome=None if fits else "human",
            created_at=clock.now(),
        )
        done = await connection.execute(
            statement.on_conflict_do_nothing(index_elements=["task_id", "attempt"])
        )
        return Due(new, phone, asks) if fits and done.rowcount else None

    async def _record(self, connection: AsyncConnection, call: Any, keys: str | None) -> str:
        """Does to the case what a person's call would; `keys` None: nobody picked up."""
        query = select(callback_tasks).where(callback_tasks.c.id == call.task_id)
        task = (await connection.execute(query)).one()
        answers = {str(key): str(grade) for key, grade in enumerate(self._policy.scale, 1)}
        pressed = read_keys(keys or "", answers)
        if keys is not None and not pressed.grade:
            return "human"
        if task.state != "open":
            return "late"
        row = await rows.by_id(connection, task.case_id, lock=True)
        given = {"call_kind": task.kind, "way": "voice"}
        verb = Verb.CALL_BACK
        if keys is None:
            given |= {"reached": "no"}
        elif task.kind == CallKind.REVISIT:
            verb, given = Verb.REVISIT, {**given, "grade": pressed.grade}
        else:
            given |= {"reached": "yes", "grade": pressed.grade}
        done = await self._work.by_system(connection, row, verb, call.id, given)
        return "late" if done is None else pressed.grade or "unreached"
