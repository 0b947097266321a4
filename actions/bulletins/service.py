"""Bulletins as people ask for them and read them. Rights are decided here, by the officer's posts."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.bulletins import copies, rows
from actions.bulletins.content import Bulletin, NotSent
from actions.bulletins.copies import Copy
from actions.bulletins.drawings import picture_of
from actions.bulletins.gathering import Gathering, Subject
from actions.bulletins.kinds import BulletinKind, Span, kind_of
from actions.bulletins.rows import Head
from actions.charts.drawing import Drawing
from actions.errors import Refusal
from actions.figures.compared import counted_until, period_of
from actions.notices.notices import Wording
from actions.org.org import Org, Unit
from actions.people.people import OfficerView, People
from actions.people.roles import SEES_FIGURES
from actions.privacy.vault import Vault
from actions.reports.periods import Period
from actions.store.engine import reading
from actions.turn import Turn

LOOKED_BACK = timedelta(days=7)  # for bulletins that did not reach whom they were for


class Bulletins:
    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        org: Org,
        wording: Wording,
        gathering: Gathering,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._wording = wording
        self._gathering = gathering

    async def asked_of(self, turn: Turn, period: Period, unit: Unit) -> Bulletin:
        """The bulletin about this period, while it runs up to yesterday, and unit. The same message
        asked twice gets the same one.

        Refuses whose post sees no figures there.
        """
        officer = await self._officer(turn)
        if not officer.holds(SEES_FIGURES, unit.path):
            raise Refusal("not_yours", text=unit.label)
        inbox_id = uuid.UUID(turn.inbox_id)
        async with self._engine.begin() as connection:
            again = await rows.asked_before(connection, self._vault, inbox_id)
            if again is not None:
                return again
            seq, number = await rows.next_number(connection)
        bulletin = await self._gathering.gather(_subject(number, unit, period))
        async with self._engine.begin() as connection:
            await rows.keep(
                connection,
                self._vault,
                bulletin,
                seq,
                kind=BulletinKind.ASKED,
                asked_by=officer.id,
                inbox_id=inbox_id,
            )
        return bulletin

    async def mine(self, turn: Turn, number: str) -> Bulletin:
        """The bulletin of that number. Refuses one that there is not or that is not theirs to
        read, in the same words.
        """
        bulletin = await self.read(await self._officer(turn), number)
        if bulletin is None:
            raise Refusal("bulletin_none", number=number)
        return bulletin

    async def read(self, officer: OfficerView, number: str) -> Bulletin | None:
        """The same for an officer in the browser; None instead of a refusal."""
        async with reading(self._engine) as connection:
            return await rows.by_number(connection, self._vault, number, officer)

    async def any(self, number: str) -> Bulletin | None:
        """The bulletin of that number, for the administrator at the machine."""
        async with reading(self._engine) as connection:
            return await rows.by_number(connection, self._vault, number)

    async def listed(self, officer: OfficerView) -> list[Head]:
        """The latest that the officer may read, the newest first."""
        async with reading(self._engine) as connection:
            return await rows.latest_for(connection, officer)

    async def drawing(self, reference: str) -> Drawing | None:
        """The picture that goes with the text; `reference` is a number and a language, as
        `reference_of` writes it. None when there is no such bulletin.
        """
        number, _, language = reference.partition(":")
        async with reading(self._engine) as connection:
            bulletin = await rows.by_number(connection, self._vault, number)
        if bulletin is None:
            return None
        return picture_of(bulletin, self._wording.say, "en" if language == "en" else "zh")

    async def not_sent(self, unit_id: int) -> NotSent:
        """What of the bulletins about the unit and all below it lately reached nobody."""
        path = (await self._org.unit(unit_id)).path
        async with reading(self._engine) as connection:
            return await copies.not_sent(connection, path, clock.now() - LOOKED_BACK)

    async def copies(self, back: timedelta) -> list[Copy]:
        """What became of every copy made so lately."""
        async with reading(self._engine) as connection:
            return await copies.listed(connection, clock.now() - back)

    async def _officer(self, turn: Turn) -> OfficerView:
        officer = (await self._people.whoami(turn)).officer
        if officer is None or officer.role not in SEES_FIGURES:
            raise Refusal("not_allowed")
        return officer


def _subject(number: str, unit: Unit, period: Period) -> Subject:
    """What is to come is not compared with what has been, and today's ratings come in with tomorrow:
    of a period that runs the days up to yesterday, and named as those.
    """
    whole, until = Span.of(period), counted_until(period, clock.now())
    if until >= period.end:
        return Subject(number, kind_of(whole), unit, whole, period.label, period.label_en)
    span = Span(whole.first, clock.beijing(until).date())
    gone = period_of(span.first, span.end)
    return Subject(number, BulletinKind.ASKED, unit, span, gone.label, gone.label_en, whole)
