"""Why something is due when it is: the reckoning of a clock, step by step."""

from __future__ import annotations

from actions.bootstrap import services
from actions.cases.clocks import TIMERS, ClockView
from actions.conversation.buttons import button
from actions.conversation.history import number_meant
from actions.conversation.talk import Event, Talk, TurnAction
from actions.deadlines.explain import explain


class Why(TurnAction):
    """为什么是周二到期: the clock that is asked for, else the one that runs out first."""

    called = "action_why"

    async def act(self, talk: Talk) -> list[Event]:
        key = await number_meant(talk, "why_due")
        if key is None:
            return []
        number = (await services().cases.find(talk.turn, key)).number
        found = await services().cases.clocks(talk.turn, number)
        running = [c for c in found if c.stopped_at is None and c.clock not in TIMERS]
        if not running:
            talk.say("why_nothing_runs", number=number)
            return talk.keep_in_hand(number)
        running.sort(key=lambda c: (c.due_at is None, c.due_at or c.running.started))
        asked = talk.entity("clock")
        shown = next((c for c in running if c.clock == asked), running[0])
        others = [
            button(talk.wording(f"part_clock_{c.clock}"), "why_due", case=number, clock=c.clock)
            for c in running
            if c is not shown
        ]
        talk.say("why_due", buttons=others, number=number, **_told(talk, shown))
        return talk.keep_in_hand(number)


def _told(talk: Talk, shown: ClockView) -> dict[str, str]:
    due = shown.running.due(services().calendar)
    mark = "" if due.certain else talk.term("uncertain_mark")
    at = f"{talk.date(due.at)}{mark}" if due.at else talk.wording("part_stands_still")
    return {
        "what": talk.wording(f"part_clock_{shown.clock}"),
        "at": at,
        "steps": explain(due, services().notices.wording.say, talk.language),
    }
