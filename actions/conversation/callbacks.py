"""The calls to be made, and how the month's spot checks were drawn."""

from __future__ import annotations

from typing import Any

from actions import clock
from actions.bootstrap import services
from actions.callbacks.drawn import DrawView
from actions.callbacks.service import TaskView
from actions.callbacks.tasks import CallKind
from actions.cases.intents import intent_of
from actions.cases.states import Verb
from actions.conversation.buttons import Button, button
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.log import Looked

MOST_LISTED = 6
GIST = 14  # characters


class ListCallbacks(TurnAction):
    """The calls this officer may make, those whose time has come in front."""

    called = "action_callbacks"

    async def act(self, talk: Talk) -> list[Event]:
        tasks = await services().callbacks.open_for(talk.turn)
        await services().queries.note(talk.turn, Looked.CALLBACKS)
        if not tasks:
            talk.say("no_callbacks")
            return []
        shown = tasks[:MOST_LISTED]
        talk.say(
            "callbacks",
            buttons=[_call(talk, task) for task in shown],
            count=len(tasks),
            lines="\n".join(_line(talk, task) for task in shown),
        )
        return []


def _line(talk: Talk, task: TaskView) -> str:
    return talk.wording(
        "part_callback_line",
        number=task.number,
        kind=talk.wording(f"part_call_{task.kind}"),
        phone=task.phone_masked or talk.wording("part_call_no_phone"),
        unit=task.unit_label,
        gist=task.gist[:GIST],
        when=_when(talk, task),
    )


def _when(talk: Talk, task: TaskView) -> str:
    """When to call: not before, or until when; and the how manieth try it is."""
    nth: dict[str, Any] = {"nth": task.attempts + 1, "most": task.attempts_at_most}
    if task.next_at > clock.now():
        return talk.wording("part_call_not_before", at=talk.date(task.next_at), **nth)
    if task.due_at is None:
        return talk.wording("part_call_now", **nth)
    return talk.wording("part_call_until", at=talk.date(task.due_at), **nth)


def _call(talk: Talk, task: TaskView) -> Button:
    verb = Verb.REVISIT if task.kind is CallKind.REVISIT else Verb.CALL_BACK
    label = f"{talk.wording(f'part_call_{task.kind}')} {task.number}"
    return button(label, intent_of(verb), case=task.number)


class ShowDraws(TurnAction):
    """The last draws with their seeds; drawn again, to see that the same cases come out."""

    called = "action_draws"

    async def act(self, talk: Talk) -> list[Event]:
        draws = await services().callbacks.latest_draws(talk.turn)
        if not draws:
            talk.say("no_draws")
            return []
        lines = "\n".join(_draw(talk, draw) for draw in draws[:MOST_LISTED])
        calls = button(talk.wording("part_callbacks_list"), "callbacks")
        talk.say("draws", buttons=[calls], lines=lines)
        return []


def _draw(talk: Talk, draw: DrawView) -> str:
    check = "part_draw_same" if draw.as_recorded else "part_draw_differs"
    return talk.wording(
        "part_draw_line",
        period=draw.period,
        unit=draw.unit_label,
        population=draw.population,
        chosen=draw.chosen,
        done=draw.done,
        unreachable=draw.unreachable,
        open=draw.open,
        seed=draw.seed,
        check=talk.wording(check),
    )
