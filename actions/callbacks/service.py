"""The calls a person may make now, what to ask, and the draws behind the spot checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.callbacks.drawn import Drawn, DrawView
from actions.callbacks.draws import Draws
from actions.callbacks.script import Callers as ScriptCallers
from actions.callbacks.script import CallScript, Say, script_of
from actions.callbacks.tasks import INDEPENDENT, CallKind, asked_of
from actions.cases import rows, standing
from actions.cases.case import gist
from actions.cases.rows import CaseRow
from actions.cases.states import Actor
from actions.errors import Refusal
from actions.org.org import Org
from actions.people.people import OfficerView, People, Person
from actions.people.roles import Role
from actions.phones import mask
from actions.policy.model import Policy
from actions.privacy.masking import mask_text
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import callback_tasks, cases, units
from actions.turn import Turn

MOST = 100  # tasks read for one person's list
_AT_THE_UNIT = frozenset({Role.OFFICER, Role.UNIT_LEAD})

_tasks = callback_tasks.alias("tasks")  # the cases' own query looks into callback_tasks too


@dataclass(frozen=True, slots=True)
class TaskView:
    """A call to be made. `phone_masked` is empty where none was left or who calls may not see it;
    `next_at`, before which it is not to be made, and `due_at` are aware, UTC."""

    kind: CallKind
    number: str
    unit_label: str
    gist: str
    phone_masked: str
    attempts: int
    attempts_at_most: int
    next_at: datetime
    due_at: datetime | None


class Callbacks:
    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        org: Org,
        policy: Policy,
        draws: Draws,
        drawn: Drawn,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._policy = policy
        self._draws = draws
        self._drawn = drawn

    async def open_for(self, turn: Turn) -> list[TaskView]:
        """The calls this officer may make: those whose time has come first, due first.

        Never a re-visit or spot check by who did the work, nor a case whose officer one is or
        leads. Refuses citizens.
        """
        async with reading(self._engine) as connection:
            officer = (await self._people.person(connection, turn.conversation)).officer
            if officer is None:
                raise Refusal("officers_only")
            found = (await connection.execute(_open_tasks(officer))).all()
            return [
                await self._view(connection, row)
                for row in found
                if _may_call(row, CallKind(row.task_kind), officer)
            ]

    async def script(self, turn: Turn, number: str) -> list[str]:
        """What to ask in the call that is to be made for the case: keys of the policy's form.

        A spot check asks for the result and, where the policy wants it, the aspects; a re-visit for
        the result. Empty where nothing is prescribed. Refuses whoever has nothing to do with it.
        """
        async with reading(self._engine) as connection:
            person = await self._people.person(connection, turn.conversation)
            row = await self._theirs(connection, person, number)
            return self._questions(await self._kind_to_call(connection, row, person.officer))

    async def call_script(
        self, turn: Turn, number: str, say: Say, language: str, hotline: str
    ) -> CallScript:
        """What to say in that call, in this language, for whoever may make it. Refuses others."""
        async with reading(self._engine) as connection:
            person = await self._people.person(connection, turn.conversation)
            row = await self._theirs(connection, person, number)
            kind = await self._kind_to_call(connection, row, person.officer)
            city = await self._org.unit_label(int(row.path.strip("/").split("/")[0]), connection)
        return script_of(
            say,
            language,
            str(kind or CallKind.FIRST),
            row.number,
            self._questions(kind),
            ScriptCallers(city, hotline),
            self._policy.scale,
            self._policy.aspects,
        )

    async def draw_month(self, now: datetime) -> int:
        """Draws the spot checks of the month before `now` (aware), once; how many draws it made."""
        return await self._draws.draw_month(now)

    async def latest_draws(self, turn: Turn) -> list[DrawView]:
        """The last month's draws within one's reach; for those who review."""
        return await self._drawn.latest((await self._people.whoami(turn)).officer)

    # --- what is read ---------------------------------------------------------------------------

    async def _view(self, connection: AsyncConnection, row: Any) -> TaskView:
        locked = row.escrow and not self._policy.identity.callers_see_phone
        shown = row.phone_sealed is not None and not locked
        return TaskView(
            kind=CallKind(row.task_kind),
            number=row.number,
            unit_label=await self._org.unit_label(row.unit_id, connection),
            gist=gist(mask_text(self._vault.open_json(row.matter_sealed)["what"], doors=False)),
            phone_masked=mask(self._vault.open(row.phone_sealed)) if shown else "",
            attempts=row.task_attempts,
            attempts_at_most=row.attempts_at_most,
            next_at=row.next_at,
            due_at=row.task_due_at,
        )

    async def _theirs(self, connection: AsyncConnection, person: Person, number: str) -> CaseRow:
        row = await rows.by_number(connection, number)
        who = await standing.actors(connection, row, person, self._policy) if row else set()
        if row is None or not who - {Actor.CITIZEN}:
            raise Refusal("case_not_found")
        return row

    @staticmethod
    async def _kind_to_call(
        connection: AsyncConnection, row: CaseRow, officer: OfficerView | None
    ) -> CallKind | None:
        """Of which kind the call is that this officer would make now; None: of their own accord."""
        query = (
            select(_tasks.c.kind, _tasks.c.role)
            .where(_tasks.c.case_id == row.id, _tasks.c.state == "open")
            .order_by(_tasks.c.created_at)
        )
        for task in (await connection.execute(query)).all():
            kind = CallKind(task.kind)
            if officer is None or not _may_call(row, kind, officer):
                continue
            if task.role in asked_of(officer, row.path):
                return kind
        return None

    def _questions(self, kind: CallKind | None) -> list[str]:
        callback, spot_checks = self._policy.callback, self._policy.spot_checks
        if kind is CallKind.SPOT_CHECK:
            scored = spot_checks is not None and spot_checks.aspects and self._policy.aspects
            return ["result", "aspects"] if scored else ["result"]
        if kind is CallKind.REVISIT:
            return ["result"]
        return list(callback.form) if callback is not None else []


def _open_tasks(officer: OfficerView) -> Select[Any]:
    """Open tasks asked of this officer, with their cases; by ix_callback_tasks_open."""
    return (
        rows.base_query()
        .join(_tasks, _tasks.c.case_id == cases.c.id)
        .add_columns(
            _tasks.c.kind.label("task_kind"),
            _tasks.c.attempts.label("task_attempts"),
            _tasks.c.due_at.label("task_due_at"),
            _tasks.c.attempts_at_most,
            _tasks.c.next_at,
        )
        .where(_tasks.c.state == "open", or_(false(), *_asked(officer)))
        .order_by(
            (_tasks.c.next_at <= clock.now()).desc(),
            _tasks.c.due_at.asc().nulls_last(),
            _tasks.c.next_at,
            _tasks.c.id,
        )
        .limit(MOST)
    )


def _asked(officer: OfficerView) -> Sequence[ColumnElement[bool]]:
    """Per post what is asked of it; a unit's call is its holder's, or anybody's while none is."""
    found: list[ColumnElement[bool]] = [
        (_tasks.c.role == "unit") & (cases.c.accepted_by == officer.id)
    ]
    for post in officer.posts:
        below = units.c.path.startswith(post.path, autoescape=True)
        if post.role in _AT_THE_UNIT:
            free = and_(_tasks.c.role == "unit", cases.c.accepted_by.is_(None))
            found.append(and_(free, below))
        else:
            found.append(and_(_tasks.c.role == str(post.role), below))
    return found


def _may_call(row: CaseRow, kind: CallKind, officer: OfficerView) -> bool:
    if standing.barred(row, officer):
        return False
    return kind not in INDEPENDENT or officer.id not in (row.accepted_by, row.answered_by)
