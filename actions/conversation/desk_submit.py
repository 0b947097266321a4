"""Writing the entry down once the desk's form is full, and what is read aloud."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.desk_entry import FIELDS, entry_from
from actions.conversation.forms import remember
from actions.conversation.talk import Event, Talk, TurnAction
from actions.desk.service import Recorded
from actions.errors import Refusal
from actions.notices.dates import say_date


class SubmitDesk(TurnAction):
    """Writes the entry down once the form is full, and gives what is to be read aloud."""

    called = "action_submit_desk"

    async def act(self, talk: Talk) -> list[Event]:
        entry = entry_from(talk.slots)
        if entry is None:
            talk.say("nothing_open")
            return forget()
        try:
            recorded = await services().desk.record(talk.turn, entry)
        except Refusal as refusal:
            talk.refuse(refusal)
            return forget()
        tell(talk, recorded)
        return forget()


def forget() -> list[Event]:
    return remember({**dict.fromkeys(FIELDS), "lead_in": ""})


def tell(talk: Talk, recorded: Recorded) -> None:
    """Number and short code to read aloud, and what happens next."""
    receipt = recorded.receipt
    if receipt is None:
        grade = talk.term(f"grade_{recorded.grade}")
        talk.say("desk_rated", grade=grade, unit=recorded.unit_label)
        return
    wording = services().notices.wording
    at = say_date(wording, receipt.answer_by, talk.language, certain=receipt.certain)
    dates = talk.wording("part_desk_answer_by", at=at)
    if receipt.call_by is not None:
        call_by = talk.date(receipt.call_by)
        dates = talk.wording("part_desk_call_and_answer_by", call_by=call_by, at=at)
    key = "desk_recorded_withheld" if recorded.withheld else "desk_recorded"
    talk.say(
        key,
        number=receipt.number,
        unit=receipt.unit_label,
        code=recorded.short_code,
        dates=dates,
        texted=talk.wording("part_desk_texted") if recorded.texted else "",
    )
