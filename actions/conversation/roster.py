"""Leave and duty: an officer says that they are away, or asks who is on duty."""

from __future__ import annotations

from actions import clock
from actions.bootstrap import services
from actions.conversation.buttons import button
from actions.conversation.talk import Event, Talk, TurnAction
from actions.people.leave import said_leave


class TakeLeave(TurnAction):
    """Away for the days named: nobody writes to them, the colleagues are told instead."""

    called = "action_take_leave"

    async def act(self, talk: Talk) -> list[Event]:
        days = said_leave(talk.text, clock.now())
        if days is None:
            talk.say("leave_how_long")
            return []
        await services().roster.take_leave(talk.turn, *days)
        back = button(talk.wording("part_come_back"), "come_back")
        talk.say("leave_taken", buttons=[back], first=talk.date(days[0]), until=talk.date(days[1]))
        return []


class ComeBack(TurnAction):
    called = "action_come_back"

    async def act(self, talk: Talk) -> list[Event]:
        was_away = await services().roster.come_back(talk.turn)
        talk.say("leave_ended" if was_away else "leave_none")
        return []


class OnDuty(TurnAction):
    """Who is on duty in the own unit and below it."""

    called = "action_on_duty"

    async def act(self, talk: Talk) -> list[Event]:
        found = await services().roster.on_duty(talk.turn)
        if not found:
            talk.say("duty_nobody")
            return []
        lines = "\n".join(
            talk.wording(
                "part_duty_line", unit=one.unit_label, who=one.called, until=talk.date(one.until_at)
            )
            for one in found
        )
        talk.say("duty", lines=lines)
        return []
