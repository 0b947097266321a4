"""The wall screen: a link that opens one, those that hang, and their end."""

from __future__ import annotations

from datetime import timedelta

from actions import clock
from actions.bootstrap import services
from actions.conversation.buttons import Button, button
from actions.conversation.talk import Event, Talk, TurnAction
from actions.errors import Refusal
from actions.figures.log import Looked
from actions.people.sessions import WALL_LIFE
from actions.wall.asking import read_wish
from actions.wall.screens import Hanging

LIT = timedelta(minutes=3)  # since the last sign of a screen that hangs and works


class WallScreen(TurnAction):
    """Opens, lists or ends the wall screens of whoever sees figures."""

    called = "action_wall"

    async def act(self, talk: Talk) -> list[Event]:
        wish = read_wish(str(talk.entity("words") or talk.text))
        match wish.what:
            case "off":
                ended = await services().screens.off(talk.turn, wish.number)
                talk.say("wall_off" if ended else "wall_none", count=str(ended))
            case "list":
                await _list(talk)
            case _:
                await _open(talk, wish.unit)
        return []


async def _open(talk: Talk, unit_words: str) -> None:
    address = services().settings.public_url.rstrip("/")
    hanging = await services().screens.hanging(talk.turn)  # refuses who may not
    if not address:
        raise Refusal("wall_no_address")
    token, unit = await services().screens.link(talk.turn, unit_words)
    await services().queries.note(talk.turn, Looked.WALL, unit.label, unit_id=unit.id)
    talk.say(
        "wall_link",
        buttons=[_button(talk, "wall_show", "list")] if hanging else [],
        unit=unit.label,
        address=f"{address}/login/{token}?to=wall",
        days=str(WALL_LIFE.days),
        others=talk.wording("part_wall_others", count=str(len(hanging))) if hanging else "",
    )


async def _list(talk: Talk) -> None:
    hanging = await services().screens.hanging(talk.turn)
    if not hanging:
        talk.say("wall_none")
        return
    lines = [
        talk.wording(
            "part_wall_line",
            number=str(number),
            unit=each.unit_label,
            since=talk.date(each.since),
            seen=_seen(talk, each),
        )
        for number, each in enumerate(hanging, 1)
    ]
    buttons = [_button(talk, "wall_end", "off")]
    talk.say("wall_list", buttons=buttons, lines="\n".join(lines))


def _seen(talk: Talk, screen: Hanging) -> str:
    if screen.seen_at is None:
        return talk.wording("part_wall_never")
    if clock.now() - screen.seen_at <= LIT:
        return talk.wording("part_wall_lit")
    return talk.wording("part_wall_dark", at=talk.date(screen.seen_at))


def _button(talk: Talk, label: str, words: str) -> Button:
    return button(talk.wording(f"part_{label}"), "wall", words=words)
