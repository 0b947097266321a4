"""The whole history of a case, as far as the person is to know it."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.buttons import button
from actions.conversation.cases import case_key, choose_among
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.timeline import history_lines
from actions.errors import Refusal

MOST_LINES = 30
_LONGEST = 200  # characters of what was said, in each line


class History(TurnAction):
    """Every line, the oldest first; of a long one the last."""

    called = "action_history"

    async def act(self, talk: Talk) -> list[Event]:
        number = await number_meant(talk, "history_case")
        if number is None:
            return []
        case = await services().cases.find(talk.turn, number)
        events = await services().cases.history(talk.turn, case.number)
        why = button(talk.wording("part_do_why"), "why_due", case=case.number)
        talk.say(
            "history",
            buttons=[why] if case.due_at is not None else [],
            number=case.number,
            count=len(events),
            lines=history_lines(talk, events[-MOST_LINES:], _LONGEST),
        )
        return talk.keep_in_hand(case.number)


async def number_meant(talk: Talk, intent: str) -> str | None:
    """The case that a question is about: named, in hand, or the only one; an own one too."""
    key = case_key(talk) or talk.slot("case_in_hand")
    if key:
        return str(key)
    try:
        listed = await services().cases.open_for_officer(talk.turn)
    except Refusal:
        listed = []
    cases = listed or await services().cases.mine(talk.turn)
    chosen = choose_among(talk, cases, intent, none="no_open_case")
    return chosen.number if chosen else None
