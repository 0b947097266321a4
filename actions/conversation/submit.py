"""The end of what was being written: submitted as a case, or dropped."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.bootstrap import services
from actions.cases.case import Receipt
from actions.cases.kinds import CaseKind
from actions.conversation.desk_entry import CHOSEN
from actions.conversation.desk_entry import MAY as DESK
from actions.conversation.draft import DRAFT, draft_from
from actions.conversation.forms import REQUESTED, remember
from actions.conversation.talk import Event, Talk, TurnAction
from actions.notices.dates import say_date


class SubmitCase(TurnAction):
    """Opens the case once the form is full, and gives the receipt."""

    called = "action_submit_case"

    async def act(self, talk: Talk) -> list[Event]:
        draft = draft_from(talk.slots)
        if draft is None:
            talk.say("nothing_open")
            return _forget()
        receipt = await services().cases.submit(talk.turn, draft)
        parts = [
            talk.wording(f"receipt_{draft.kind}", number=receipt.number, unit=receipt.unit_label)
        ]
        parts.append(_dates(talk, receipt))
        parts.append(talk.wording("part_short_code", code=receipt.short_code))
        talk.say("receipt", text_of_receipt="".join(parts))
        return _forget()


def _dates(talk: Talk, receipt: Receipt) -> str:
    """By when we call, if we do, and by when there is a result."""
    wording = services().notices.wording
    at = say_date(wording, receipt.answer_by, talk.language, certain=receipt.certain)
    if receipt.call_by is None:
        return talk.wording("part_answer_by", at=at)
    return talk.wording("part_call_and_answer_by", call_by=talk.date(receipt.call_by), at=at)


def _forget() -> list[Event]:
    return [*remember(dict.fromkeys((*DRAFT, *CHOSEN, DESK))), SlotSet("lead_in", "")]


class Cancel(TurnAction):
    """Drops what was being written; nothing is submitted."""

    called = "action_cancel"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot(DESK):
            talk.say("desk_cancelled")
        elif talk.slot("kind") == CaseKind.UNSATISFIED:
            talk.say("cancelled_after_rating")
        elif talk.slot("kind"):
            talk.say("cancelled")
        else:
            talk.say("nothing_to_cancel")
        return [
            ActiveLoop(None),
            SlotSet(REQUESTED, None),
            *_forget(),
            SlotSet("case_in_hand", None),
        ]
