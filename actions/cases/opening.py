"""Opening a case: where it goes, which clocks start, who is told, what it may repeat."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases import rows
from actions.cases.case import CaseDraft
from actions.cases.ledger import Ledger
from actions.cases.likeness import Likeness
from actions.cases.routing import Line, Matter, Way
from actions.cases.rows import CaseRow
from actions.cases.states import Verb
from actions.cases.ways import line_to, routed
from actions.cases.work import Work
from actions.org.org import Org
from actions.people.people import People, Person
from actions.policy.model import Policy
from actions.turn import Turn


class Opening:
    def __init__(
        self,
        policy: Policy,
        people: People,
        org: Org,
        ledger: Ledger,
        work: Work,
        likeness: Likeness,
    ) -> None:
        self._policy = policy
        self._people = people
        self._org = org
        self._ledger = ledger
        self._work = work
        self._likeness = likeness
        self._lines = [
            Line(
                to=str(entry.to),
                kinds=entry.when.kinds,
                sources=entry.when.sources,
                words=entry.when.words,
                units=entry.when.units,
            )
            for entry in policy.routing
        ]

    async def submit(
        self, connection: AsyncConnection, turn: Turn, person: Person, draft: CaseDraft
    ) -> CaseRow:
        """The case that this message opened: now, or before."""
        row = await self._ledger.submitted(connection, turn, draft)
        if row is not None:
            return row
        way = await self.way(connection, person, draft)
        draft = await self._placed(connection, draft, way)
        case_id = await self._ledger.open(
            connection,
            turn,
            person,
            draft,
            unit_id=way.unit_id,
            escrow=self._escrow(draft.officer_id),
            policy=self._policy.digest,
        )
        row = await rows.by_id(connection, case_id)
        await self._likeness.look(connection, row)
        row = await rows.by_id(connection, case_id)
        label = await self._org.unit_label(way.unit_id, connection)
        dispatched = await self._work.by_system(
            connection,
            row,
            Verb.DISPATCH,
            uuid.UUID(turn.inbox_id),
            {"unit_id": way.unit_id, "unit": label, "why": way.why},
        )
        return dispatched or row

    async def follow(self, connection: AsyncConnection, row: CaseRow, person: Person) -> None:
        """Lets whoever has the short code hear of the case too."""
        await self._ledger.follow(connection, row, person)

    async def way(self, connection: AsyncConnection, person: Person, draft: CaseDraft) -> Way:
        """Where the case goes: by the unit named, else the place told, and the policy's lines."""
        tree = await self._org.tree(connection)
        named = draft.unit_id
        if named is None:
            named = tree.index.best(draft.where) if draft.where else None
        if named is not None:
            await self._org.unit(named, connection)  # loaded a moment ago
            tree = await self._org.tree(connection)
        subjects = await self._people.paths_of(connection, draft.officer_id)
        matter = Matter(
            kind=draft.kind,
            source=draft.source or person.channel,
            words=f"{draft.what} {draft.where}",
            line=line_to(tree, named),
        )
        return routed(self._lines, matter, tree, subjects)

    async def _placed(self, connection: AsyncConnection, draft: CaseDraft, way: Way) -> CaseDraft:
        """Where the case goes elsewhere than to the unit named, that unit stays with the matter."""
        if draft.where or draft.unit_id in (None, way.unit_id):
            return draft
        return replace(draft, where=await self._org.unit_label(draft.unit_id, connection))

    def _escrow(self, subject_id: int | None) -> bool:
        rule = self._policy.identity.escrow
        return rule == "always" or (rule == "about_an_officer" and subject_id is not None)
