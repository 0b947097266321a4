"""What to say in a callback, a re-visit or a spot check."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.buttons import button
from actions.conversation.cases import case_key
from actions.conversation.talk import Event, Talk, TurnAction

MOST_OFFERED = 5


class ShowCallScript(TurnAction):
    """The script of one call; which one is asked where there are several."""

    called = "action_call_script"

    async def act(self, talk: Talk) -> list[Event]:
        key = case_key(talk)
        if key is None:
            tasks = await services().callbacks.open_for(talk.turn)
            numbers = list(dict.fromkeys(task.number for task in tasks))[:MOST_OFFERED]
            if len(numbers) != 1:
                buttons = [button(number, "call_script", case=number) for number in numbers]
                talk.say("call_script_which" if numbers else "no_callbacks", buttons=buttons)
                return []
            key = numbers[0]
        wired = services()
        script = await wired.callbacks.call_script(
            talk.turn, str(key), wired.notices.wording.say, talk.language, wired.settings.hotline
        )
        kind = talk.wording(f"part_call_{script.kind}")
        talk.say("call_script", number=script.number, kind=kind, lines="\n".join(script.lines))
        return talk.keep_in_hand(script.number)
