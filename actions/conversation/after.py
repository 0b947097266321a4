"""What comes after the work: a visit confirmed, a case reopened, and questions asked much later."""

from __future__ import annotations

from typing import Any

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import Verb
from actions.conversation.buttons import button
from actions.conversation.cases import case_key
from actions.conversation.forms import open_form, remember
from actions.conversation.own_cases import able_to, choose, one_of_mine
from actions.conversation.promise import promised, watched_by
from actions.conversation.sentence import PHOTOS, TAKEN_FOR, AfterwordStep, SentenceStep
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.verbatim import words_behind
from actions.conversation.waiting import ONLY_A_PHOTO, confirm_visit
from actions.conversation.work import work_on

ENOUGH = 8  # characters of a guessed sentence that may tell what is still wrong


class ReopenCase(TurnAction):
    """Reopens a closed case with what is still wrong; asks for it, or whether it is meant so."""

    called = "action_reopen_case"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("reopening") and talk.slot("case_in_hand"):
            return await self._reopen(talk, talk.slot("case_in_hand"), talk.slot("reopening"))
        words, sure = await _still_wrong(talk)
        case = await self._which(talk, words)
        if case is None:
            return []
        if words and sure:
            return await self._reopen(talk, case.number, words)
        if Verb.REOPEN not in case.may:
            await services().cases.act(talk.turn, case.number, Verb.REOPEN)  # refuses, saying why
        slots = {"case_in_hand": case.number, "reopening": None, "draft": words, PHOTOS: None}
        _ask(talk, {"number": case.number, "gist": case.gist, "words": words, "lead_in": ""})
        return [*remember(slots), *open_form(talk, "reopen_form", "reopening", ask=False)]

    @staticmethod
    async def _which(talk: Talk, words: str) -> CaseView | None:
        again = await services().cases.touched(talk.turn, Verb.REOPEN)
        if case_key(talk) or again is not None:
            return again or await one_of_mine(talk, Verb.REOPEN)
        found = await able_to(talk, Verb.REOPEN)
        if found:
            return choose(talk, found, Verb.REOPEN, none="none_to_reopen", words=words or None)
        new = button(talk.wording("part_complain"), "complain", what=words or None)
        talk.say("none_to_reopen", buttons=[new])
        return None

    async def _reopen(self, talk: Talk, number: str, words: str) -> list[Event]:
        photos = talk.slot(PHOTOS) or []
        case = await services().cases.act(
            talk.turn, number, Verb.REOPEN, text=words or ONLY_A_PHOTO, attachments=photos
        )
        talk.say(
            "reopened", number=case.number, unit=case.unit_label, answer_by=promised(talk, case)
        )
        return remember({"reopening": None, "draft": None, PHOTOS: None, "case_in_hand": None})


async def _still_wrong(talk: Talk) -> tuple[str, bool]:
    """What the message says is still wrong, and whether that was said for this case beyond doubt."""
    if not talk.text:
        return str(talk.entity("words") or ""), True
    whole = await talk.whole_text()
    if talk.confidence == 1 or case_key(talk):
        return words_behind(whole), True
    return (whole if len(whole) >= ENOUGH else ""), False


def _ask(talk: Talk, known: dict[str, Any]) -> None:
    if not known["words"]:
        talk.say("question_reopening", **known)
        return
    yes = button(talk.wording("part_reopen_yes"), "confirm")
    no = button(talk.wording("part_reopen_no"), "deny")
    talk.say("question_reopening_sure", buttons=[yes, no], **known)


class ReopenStep(SentenceStep):
    """What is still wrong; a yes takes the words that were said already, a no leaves it closed."""

    form = "reopen_form"
    slot = "reopening"
    question = "question_reopening"
    leaves_on = frozenset({"cancel", "deny", "skip"})

    def given(self, talk: Talk) -> str:
        if talk.slot("draft") and talk.intent in {"confirm", "affirm"}:
            return str(talk.slot("draft"))
        return super().given(talk)

    async def come_back(self, talk: Talk, asked: str, lead: str = "part_again") -> list[Event]:
        case = await services().cases.find(talk.turn, str(talk.slot("case_in_hand")))
        words, lead_in = talk.slot("draft") or "", talk.wording(lead)
        _ask(talk, {"number": case.number, "gist": case.gist, "words": words, "lead_in": lead_in})
        return remember({"reopening": None})


class ConfirmVisit(TurnAction):
    """The citizen says that the record of a visit is right; an officer gives the citizen's code."""

    called = "action_confirm_visit"

    async def act(self, talk: Talk) -> list[Event]:
        key, person = case_key(talk), await services().people.whoami(talk.turn)
        if person.officer is not None:
            mine = {case.number for case in await able_to(talk, Verb.CONFIRM_VISIT)}
            if key not in mine:
                return await work_on(talk, Verb.CONFIRM_VISIT)
        case = await one_of_mine(talk, Verb.CONFIRM_VISIT, none="no_visit")
        if case is not None:
            await confirm_visit(talk, case.number)
        return []


class ConfirmSolved(TurnAction):
    """Asked some time after closing whether it stayed solved; a no may reopen the case."""

    called = "action_confirm_solved"

    async def act(self, talk: Talk) -> list[Event]:
        solved = "no" if talk.entity("solved") == "no" else "yes"
        case = await services().cases.act(
            talk.turn, str(case_key(talk)), Verb.CONFIRM_SOLVED, solved=solved
        )
        may_reopen = solved == "no" and Verb.REOPEN in case.may
        again = button(talk.wording("part_do_reopen"), "reopen_case", case=case.number)
        key = "solved_no_reopen" if may_reopen else f"solved_{solved}"
        talk.say(key, buttons=[again] if may_reopen else [], number=case.number)
        return []


class ReportTreatment(TurnAction):
    """Asked later how they have been treated; a bad word is passed on before any detail is asked."""

    called = "action_report_treatment"

    async def act(self, talk: Talk) -> list[Event]:
        by = watched_by(talk)
        if talk.slot("treatment") and talk.slot("case_in_hand"):
            number, words = talk.slot("case_in_hand"), talk.slot("treatment")
            await self._report(talk, number, "badly", words)
            talk.say("treatment_kept", by=by)
            return remember({"treatment": None, "case_in_hand": None})
        number = str(case_key(talk))
        if talk.entity("treated") != "badly":
            await self._report(talk, number, "fairly")
            talk.say("treated_fairly")
            return []
        await self._report(talk, number, "badly", talk.wording("part_treated_badly", "zh"))
        talk.say("question_treatment", by=by)
        slots = {"case_in_hand": number, "treatment": None}
        return [*remember(slots), *open_form(talk, "treatment_form", "treatment", ask=False)]

    @staticmethod
    async def _report(talk: Talk, number: str, treated: str, words: str = "") -> None:
        await services().cases.act(
            talk.turn, number, Verb.REPORT_TREATMENT, treated=treated, text=words
        )


class TreatmentStep(AfterwordStep):
    """A sentence on it, if they like."""

    form = "treatment_form"
    slot = "treatment"
    about = TAKEN_FOR | {"ask_question", "urge", "my_cases", "reply_officer", "add_facts"}
