"""A citizen asks for what we hold of them to be deleted."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.buttons import button
from actions.conversation.talk import Event, Talk, TurnAction
from actions.forgetting.service import Forgotten


class ForgetMe(TurnAction):
    """Says first what is deleted and what is not; deletes after a tap."""

    called = "action_forget_me"

    async def act(self, talk: Talk) -> list[Event]:
        forgetting = services().forgetting
        await forgetting.check(talk.turn)
        if talk.entity("sure") != "yes":
            yes = button(talk.wording("part_forget_yes"), "forget_me", sure="yes")
            no = button(talk.wording("part_forget_no"), "deny")
            talk.say("ask_forget", buttons=[yes, no])
            return []
        done = await forgetting.forget(talk.turn)
        talk.say("forgotten", kept=_kept(talk, done))
        return []


def _kept(talk: Talk, done: Forgotten) -> str:
    """What stays, a line each; empty where nothing does."""
    lines = []
    if done.open:
        lines.append(talk.wording("part_forget_open", count=str(done.open)))
    if done.closed and done.days is not None:
        days = str(done.days)
        lines.append(talk.wording("part_forget_closed", count=str(done.closed), days=days))
    elif done.closed:
        lines.append(talk.wording("part_forget_closed_kept", count=str(done.closed)))
    return "".join(f"\n{line}" for line in lines)
