"""What follows from an answer, and what the citizen is told: thanks, a case, a number."""

from __future__ import annotations

import uuid

from sqlalchemy.ext.asyncio import AsyncEngine

from actions.cases.case import CaseDraft, Receipt
from actions.cases.kinds import CaseKind, Reason
from actions.cases.reasons import reason_in
from actions.cases.service import Cases
from actions.cases.states import Verb
from actions.duty.duty import Duty
from actions.errors import Refusal
from actions.invitations import wording
from actions.invitations.kinds import EventKind
from actions.invitations.open_ones import OpenOnes
from actions.invitations.replies import is_alarming
from actions.invitations.verdict import Came, Said, Verdict
from actions.notices.dates import say_date
from actions.notices.notices import Wording
from actions.org.org import Org
from actions.privacy.vault import Vault
from actions.ratings.rating import Grade
from actions.ratings.service import Ratings
from actions.store.engine import reading
from actions.turn import Turn


class Outcome:
    """Each step is done once because of the same message, however often it is asked for."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        org: Org,
        cases: Cases,
        ratings: Ratings,
        duty: Duty,
        open_ones: OpenOnes,
        say: Wording,
        scale: tuple[Grade, ...],
        aspects: tuple[str, ...],
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._org = org
        self._cases = cases
        self._ratings = ratings
        self._duty = duty
        self._open_ones = open_ones
        self._wording = say
        self._scale = scale
        self._aspects = aspects

    async def of(self, turn: Turn, verdict: Verdict) -> Said | None:
        """Opens the case or keeps the words, and says so; None: the dialogue has to see to it."""
        if verdict.came is Came.UNCLEAR:
            return self._once_more(verdict)
        parts = [self._say(verdict, f"invited_{verdict.came}")] if verdict.came in _TOLD else []
        if verdict.came is Came.REMARK:
            if not await self._keep_remark(turn, verdict):
                return None
            parts.append(self._say(verdict, "invited_words_kept"))
        elif verdict.opens_case:
            receipt = await self._cases.submit(turn, await self._draft(verdict))
            parts += self._receipt(verdict, receipt)
        elif verdict.came is Came.RATED:
            parts += await self._thanks(turn, verdict)
        if verdict.came is Came.RATED and self._aspects:
            parts.append(self._ask_marks(verdict))
        if verdict.words and is_alarming(verdict.words):
            await self._duty.alert(turn, "danger", verdict.words)
            parts.insert(0, self._say(verdict, "invited_danger"))
        return Said(("" if verdict.language == "zh" else " ").join(parts))

    # --- what is kept ---------------------------------------------------------------------------

    async def _draft(self, verdict: Verdict) -> CaseDraft:
        """The case: the citizen's words, where they were, and the number we asked."""
        row = verdict.row
        need = verdict.came is Came.NEED
        return CaseDraft(
            kind=CaseKind.HELP if need else CaseKind.UNSATISFIED,
            what=verdict.words,
            who=await self._org.unit_label(row.unit_id),
            unit_id=row.unit_id,
            officer_id=None if need else row.officer_id,
            phone=self._vault.open(row.phone_sealed) if row.phone_sealed else "",
            rating_id=verdict.rating,
            reason=None if need else reason_in(verdict.words) or Reason.OTHER,
        )

    async def _keep_remark(self, turn: Turn, verdict: Verdict) -> bool:
        """The words go to the case that grew out of the rating, else to the rating."""
        rating: uuid.UUID = verdict.row.rating_id
        async with reading(self._engine) as connection:
            number = await self._open_ones.case_number(connection, rating)
        try:
            if number is None:
                await self._ratings.comment(turn, rating, verdict.words)
            else:
                await self._cases.act(turn, number, Verb.ADD_FACTS, text=verdict.words)
        except Refusal:
            return False
        return True

    # --- what is said ---------------------------------------------------------------------------

    async def _thanks(self, turn: Turn, verdict: Verdict) -> list[str]:
        grade = self._say(verdict, f"grade_{verdict.grade}")
        parts = [self._say(verdict, "invited_thanks", grade=grade)]
        if verdict.words and verdict.rating is not None:
            await self._ratings.comment(turn, verdict.rating, verdict.words)
        elif verdict.person.channel == wording.SMS:
            parts.append(self._say(verdict, "invited_more_words"))
        return parts

    def _receipt(self, verdict: Verdict, receipt: Receipt) -> list[str]:
        key = "invited_need_kept" if verdict.came is Came.NEED else "invited_sorry"
        at = say_date(self._wording, receipt.answer_by, verdict.language, certain=receipt.certain)
        parts = [self._say(verdict, key, number=receipt.number, unit=receipt.unit_label)]
        if receipt.call_by is None:
            parts.append(self._say(verdict, "invited_answer_by", at=at))
        else:
            call_by = say_date(self._wording, receipt.call_by, verdict.language)
            parts.append(self._say(verdict, "invited_call_and_answer_by", call_by=call_by, at=at))
        parts.append(self._say(verdict, "invited_short_code", code=receipt.short_code))
        if not verdict.words and verdict.person.channel == wording.SMS and verdict.rating:
            parts.append(self._say(verdict, "invited_why"))
        return parts

    def _ask_marks(self, verdict: Verdict) -> str:
        names = [self._say(verdict, f"aspect_{aspect}") for aspect in self._aspects]
        listed = ("、" if verdict.language == "zh" else ", ").join(names)
        example = "54455"[: len(names)]
        return self._say(verdict, "invited_marks", aspects=listed, example=example)

    def _once_more(self, verdict: Verdict) -> Said:
        kind, channel = EventKind(verdict.row.kind), verdict.person.channel
        offers = wording.offers(
            self._wording, verdict.language, verdict.row.id, kind, self._scale, channel
        )
        return Said(self._say(verdict, "invited_unclear"), offers)

    def _say(self, verdict: Verdict, key: str, **params: str) -> str:
        return self._wording.say(key, verdict.language, **params)


_TOLD = frozenset({Came.ALREADY, Came.OVER, Came.OWN})
