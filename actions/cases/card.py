"""The notice by which a case reaches its officers: all that is needed to act, nothing more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.case import gist
from actions.cases.routing import STATION, depth
from actions.cases.rows import CaseRow
from actions.cases.states import Clock
from actions.notices.dates import say_date
from actions.notices.notices import Wording
from actions.org.org import Org
from actions.phones import mask
from actions.privacy.masking import mask_text
from actions.privacy.vault import Vault
from actions.store.tables import deadlines


class Card:
    def __init__(self, wording: Wording, vault: Vault, org: Org) -> None:
        self._wording = wording
        self._vault = vault
        self._org = org

    async def text(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        language: str,
        headline: str,
        seen: datetime,
    ) -> str:
        """The card; `headline` says why it comes now (new, transferred, reopened), `seen` (aware)
        when it will be read."""
        return self._wording.say(
            "case_card",
            language,
            headline=headline,
            number=row.number,
            kind=self._wording.say(f"kind_{row.kind}", language),
            unit=await self._org.unit_label(row.unit_id, connection),
            gist=self.gist(row, language),
            details=self._details(row, language),
            accept_by=await self._accept_by(connection, row, language, seen),
            answer_by=say_date(
                self._wording, row.answer_by, language, certain=row.certain, seen=seen
            ),
        )

    async def _accept_by(
        self, connection: AsyncConnection, row: CaseRow, language: str, seen: datetime
    ) -> str:
        """Until when somebody is to take it; empty where the policy leaves that open."""
        query = select(deadlines.c.due_at).where(
            deadlines.c.case_id == row.id,
            deadlines.c.clock == Clock.ACCEPT,
            deadlines.c.stopped_at.is_(None),
        )
        due = (await connection.execute(query)).scalar_one_or_none()
        if due is None:
            return ""
        return self._wording.say(
            "case_accept_by", language, at=say_date(self._wording, due, language, seen=seen)
        )

    def gist(self, row: CaseRow, language: str) -> str:
        """The citizen's words, masked: many get a card, one takes the case. Where there are none,
        the reason that was tapped.
        """
        what = gist(mask_text(self._vault.open_json(row.matter_sealed)["what"], doors=False), 120)
        return what or (self._wording.say(f"reason_{row.reason}", language) if row.reason else "—")

    def _details(self, row: CaseRow, language: str) -> str:
        say = self._wording.say
        matter = self._vault.open_json(row.matter_sealed)
        lines = self._from(row, matter.get("fed") or {}, language)
        where = matter["where"]
        if where and depth(row.path) < STATION:  # whoever sends it on needs the place
            lines.append(say("case_where", language, where=where))
        if row.reason:
            lines.append(say("case_reason", language, reason=say(f"reason_{row.reason}", language)))
        lines.append(self._contact(row, language, matter.get("fed") or {}))
        if row.links_proposed:
            lines.append(say("case_links", language, count=str(row.links_proposed)))
        return "".join(f"{line}\n" for line in lines)

    def _from(self, row: CaseRow, fed: dict[str, Any], language: str) -> list[str]:
        """Where a case came from, if another system handed it over, and what that says of it."""
        say = self._wording.say
        if not fed:
            return []
        source = say(f"source_{row.source}", language)
        lines = [say("case_source", language, source=source, number=fed["number"])]
        if not fed["known"]:
            lines.append(say("case_category_unknown", language, category=fed["category"]))
        elif fed["category"]:
            lines.append(say("case_category", language, category=fed["category"]))
        if fed["urgent"]:
            lines.append(say("case_urgent", language))
        if fed["do_not_contact"]:
            lines.append(say("case_do_not_contact", language))
        return lines

    def _contact(self, row: CaseRow, language: str, fed: dict[str, Any]) -> str:
        say = self._wording.say
        if row.escrow:
            return say("case_escrow", language)
        if row.anonymous:
            return say("case_anonymous", language)
        name = f"{fed['name']} " if fed.get("name") else ""
        if row.phone_sealed is None:
            return say("case_no_phone_fed" if fed else "case_no_phone", language)
        phone = mask(self._vault.open(row.phone_sealed))
        return say("case_phone", language, phone=f"{name}{phone}")
