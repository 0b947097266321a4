"""Danger now, or someone about to hurt themselves: help first, the duty desk at once, no form."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.bootstrap import services
from actions.conversation.forms import LISTEN, REQUESTED, hold
from actions.conversation.talk import Event, Talk, TurnAction

NOT_WORTH_KEEPING = frozenset({"comment_form", "withdraw_form", "because_form"})


class Danger(TurnAction):
    """Tells what to do now and alerts the duty desk; an open form waits."""

    called = "action_danger"
    kind = "danger"

    async def act(self, talk: Talk) -> list[Event]:
        await services().duty.alert(talk.turn, self.kind, talk.text)
        talk.say(self.kind, emergency="110")
        told = SlotSet("alerted", self.kind)
        if (talk.tracker.active_loop or {}).get("name") in NOT_WORTH_KEEPING:
            return [told, ActiveLoop(None), SlotSet(REQUESTED, None), FollowupAction(LISTEN)]
        return [told, SlotSet("paused", "yes"), *hold(talk)]


class SelfHarm(Danger):
    called = "action_self_harm"
    kind = "self_harm"


def place_of(talk: Talk) -> str:
    """The place that was sent, as the duty desk can use it; empty when none was."""
    if talk.entity("media_kind") != "location":
        return ""
    where = f"{talk.entity('latitude')},{talk.entity('longitude')}"
    return f"📍 {where} {talk.entity('caption') or ''}".strip()


async def pass_on_place(talk: Talk) -> list[Event]:
    """Tells the duty desk where the person is."""
    await services().duty.alert(talk.turn, talk.slot("alerted"), place_of(talk))
    talk.say("place_passed_on")
    return hold(talk)
