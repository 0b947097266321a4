"""The notice by which a case reaches its officers: all that is needed to act, nothing more."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.case import gist
from actions.cases.routing import STATION, depth
from actions.cases.rows import CaseRow
from actions.notices.dates import say_date
from actions.notices.notices import Wording
from actions.org.org import Org
from actions.phones import mask
from actions.privacy.vault import Vault


class Card:
    def __init__(self, wording: Wording, vault: Vault, org: Org) -> None:
        self._wording = wording
        self._vault = vault
        self._org = org

    async def text(
        self, connection: AsyncConnection, row: CaseRow, language: str, headline: str
    ) -> str:
        """The card; `headline` says why it comes now (new, transferred, reopened)."""
        due = row.due_at or row.answer_by
        return self._wording.say(
            "case_card",
            language,
            headline=headline,
            number=row.number,
            kind=self._wording.say(f"kind_{row.kind}", language),
            unit=await self._org.unit_label(row.unit_id, connection),
            gist=self.gist(row, language),
            details=self._details(row, language),
            due=say_date(self._wording, due, language, certain=row.certain),
        )

    def gist(self, row: CaseRow, language: str) -> str:
        """The citizen's words; where there are none, the reason that was tapped."""
        what = gist(self._vault.open_json(row.matter_sealed)["what"], 120)
        return what or (self._wording.say(f"reason_{row.reason}", language) if row.reason else "—")

    def _details(self, row: CaseRow, language: str) -> str:
        say = self._wording.say
        lines = []
        where = self._vault.open_json(row.matter_sealed)["where"]
        if where and depth(row.path) < STATION:  # whoever sends it on needs the place
            lines.append(say("case_where", language, where=where))
        if row.reason:
            lines.append(say("case_reason", language, reason=say(f"reason_{row.reason}", language)))
        lines.append(self._contact(row, language))
        if row.links_proposed:
            lines.append(say("case_links", language, count=str(row.links_proposed)))
        return "".join(f"{line}\n" for line in lines)

    def _contact(self, row: CaseRow, language: str) -> str:
        say = self._wording.say
        if row.escrow:
            return say("case_escrow", language)
        if row.anonymous:
            return say("case_anonymous", language)
        if row.phone_sealed is None:
            return say("case_no_phone", language)
        return say("case_phone", language, phone=mask(self._vault.open(row.phone_sealed)))
