"""An officer asks for one-time codes to show to citizens."""

from __future__ import annotations

from datetime import timedelta

from actions.bootstrap import services
from actions.codes.sheets import PER_SHEET, drawn
from actions.conversation.buttons import Button, button
from actions.conversation.talk import Event, Talk, TurnAction
from actions.invitations.one_time import Handed

_LANGUAGES = ("zh", "en")


class Invite(TurnAction):
    """Hands out what was asked for: one code with its picture, or a pack for the day."""

    called = "action_invite"

    async def act(self, talk: Talk) -> list[Event]:
        line = talk.entity("line")
        if line in _LANGUAGES:
            talk.say("invite_line", line=talk.wording("part_invite_line", language=str(line)))
            return []
        words = str(talk.entity("words") or "") if talk.text else str(talk.entity("invited") or "")
        handed = await services().invitations.one_time.ask(
            talk.turn, words, _unit(talk.entity("unit_id"))
        )
        if handed.offers:
            self._ask_where(talk, handed, words)
        elif len(handed.scenes) == 1:
            self._hand_one(talk, handed, words)
        else:
            self._hand_pack(talk, handed)
        return []

    @staticmethod
    def _ask_where(talk: Talk, handed: Handed, words: str) -> None:
        places = [
            button(place.label, "invite", unit_id=place.unit_id, invited=words)
            for place in handed.offers
        ]
        talk.say("invite_where", buttons=places)

    @staticmethod
    def _hand_one(talk: Talk, handed: Handed, words: str) -> None:
        """An event has one rating: for it there is no other code to be had by a button."""
        repeat = "" if handed.event else words
        again = button(
            talk.wording("part_invite_again"), "invite", unit_id=handed.unit_id, invited=repeat
        )
        (scene,) = handed.scenes
        talk.say(
            "invited_one",
            buttons=[again, _other_language(talk)],
            drawn=drawn(handed.scenes)[0],
            label=handed.label,
            about=_about(talk, handed),
            code=scene,
            until=_until(talk, handed),
            line=talk.wording("part_invite_line"),
        )

    @staticmethod
    def _hand_pack(talk: Talk, handed: Handed) -> None:
        """The list, then the codes in pictures small enough for a screen."""
        count = len(handed.scenes)
        codes = "\n".join(f"{n}. {scene}" for n, scene in enumerate(handed.scenes, 1))
        talk.say(
            "invited_pack",
            label=handed.label,
            about=_about(talk, handed),
            count=count,
            codes=codes,
            until=_until(talk, handed),
            line=talk.wording("part_invite_line"),
        )
        for number, sheet in enumerate(drawn(handed.scenes)):
            first = number * PER_SHEET + 1
            last = min(first + PER_SHEET - 1, count)
            buttons = [_other_language(talk)] if last == count else []
            talk.say("invited_sheet", buttons=buttons, drawn=sheet, first=first, last=last)


def _about(talk: Talk, handed: Handed) -> str:
    """Which service it is for, as far as the officer said."""
    kind = talk.wording(f"part_invited_{handed.kind}") if handed.kind else ""
    event = talk.wording("part_invited_event", number=handed.event) if handed.event else ""
    return f"{kind}{event}"


def _until(talk: Talk, handed: Handed) -> str:
    """The last minute in which the codes are good: 今天 23:59, never 明天 00:00."""
    return talk.date(handed.expires_at - timedelta(minutes=1)) if handed.expires_at else ""


def _other_language(talk: Talk) -> Button:
    other = "zh" if talk.language == "en" else "en"
    return button(talk.wording(f"part_invite_said_{other}"), "invite", line=other)


def _unit(value: object) -> int | None:
    return int(str(value)) if value is not None else None
