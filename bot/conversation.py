"""One turn: from what a person sent to what they are answered."""

from __future__ import annotations

from datetime import timedelta

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from actions import clock
from actions.bootstrap import Services
from actions.invitations.answers import Asked
from actions.invitations.verdict import Said
from actions.invitations.wording import INTENT as INVITED
from actions.store.engine import reading
from actions.turn import Turn
from bot.alone import Alone, Counted
from bot.choices import Choices, Intent
from bot.done_before import DoneBefore, words_of
from bot.drawings import drawings
from bot.inbox import Claimed
from bot.message import Incoming, Kind, Outgoing
from bot.nlu import Nlu, Reply
from bot.typed_codes import TypedCodes

LATE = timedelta(seconds=5)  # what has waited longer gets no passive answer any more
MENU = {
    "rate": "rate",
    "complain": "complain",
    "mine": "my_cases",
    "help": "help",
    "hotline": "hand_over",
}


class Conversation:
    """Decides what Rasa is asked, and renders what it replies."""

    def __init__(
        self, services: Services, nlu: Nlu, choices: Choices, public_url: str = ""
    ) -> None:
        self._services = services
        self._nlu = nlu
        self._choices = choices
        self._codes = TypedCodes(services.org, public_url)
        self._drawings = drawings(services, public_url)
        self._alone = Alone(services, choices)
        self._done_before = DoneBefore(services)

    async def turn(self, claimed: Claimed) -> list[Outgoing]:
        """The answer to one message. Raises TurnFailedError; the turn may then be tried again."""
        said = await self._said(claimed.conversation, claimed.incoming)
        if claimed.attempts == 1:
            return await self._in_short(claimed, said) or await self._answer(claimed, said)
        answer = [] if said is None else await self._answer(claimed, said)
        untold = await self._done_before.untold(claimed.id, claimed.language, words_of(answer))
        return [*untold, *answer] or await self._answer(claimed, said)

    async def _in_short(self, claimed: Claimed, said: str | Intent | None) -> list[Outgoing]:
        """The grades for a scan that has waited too long, without asking Rasa; empty: no such.

        When thousands scan at once the last of them would else wait longer than WeChat takes an
        answer to a scan at all.
        """
        late = clock.now() - claimed.received_at > LATE
        if claimed.incoming.kind is not Kind.SCAN or not late:
            return []
        counted = await self._alone.answer(_turn(claimed), claimed.language, said)
        return [counted.message] if counted else []

    async def _answer(self, claimed: Claimed, said: str | Intent | None) -> list[Outgoing]:
        language = claimed.language
        if said is None:
            return [Outgoing(self._services.notices.wording.say("choice_gone", language))]
        answered = await self._invited(claimed, said)
        if answered is not None:
            return answered
        metadata = {"channel": claimed.incoming.channel, "language": language}
        replies = await self._nlu.turn(claimed.conversation, str(claimed.id), said, metadata)
        return await self._render(claimed.conversation, replies, language)

    async def alone(self, claimed: Claimed) -> Counted | None:
        """What counts of a message whose turn has failed; None when all of it has to wait."""
        try:
            said = await self._said(claimed.conversation, claimed.incoming)
        except (RedisError, SQLAlchemyError, OSError):
            return None
        return await self._alone.answer(_turn(claimed), claimed.language, said)

    async def _said(self, conversation: str, incoming: Incoming) -> str | Intent | None:
        """Words, or the intent behind a tap or an event; None for a choice that is gone."""
        match incoming.kind:
            case Kind.CHOICE:
                return await self._tapped(conversation, incoming)
            case Kind.SCAN:
                return Intent("scan", {"scene": incoming.scene})
            case Kind.FOLLOW:
                return Intent("start", {})
            case Kind.MENU:
                return Intent(MENU.get(incoming.token, "help"), {})
            case Kind.MEDIA:
                return _attach(incoming)
            case _:
                return await self._words(conversation, incoming.text)

    async def _words(self, conversation: str, text: str) -> str | Intent:
        """A choice that was written out, a code that was typed, or just words."""
        chosen = await self._choices.by_words(conversation, text)
        if chosen is not None:
            return chosen
        scene = await self._codes.scene(text)
        return Intent("scan", {"scene": scene}) if scene else text

    async def _invited(self, claimed: Claimed, said: str | Intent) -> list[Outgoing] | None:
        """The answer to what answers an invitation, without Rasa; None for everything else."""
        answers = self._services.invitations.answers
        turn = _turn(claimed)
        if isinstance(said, Intent):
            if said.name != INVITED:
                return None
            told = await answers.tapped(turn, said.entities)
            told = told or Said(self._services.notices.wording.say("choice_gone", claimed.language))
        else:
            offered = await self._choices.offered(claimed.conversation)
            asked = Asked.INVITATION if offered == INVITED else Asked.ELSE
            asked = asked if offered else Asked.NOTHING
            told = await answers.take(turn, claimed.incoming.channel, said, asked)
        if told is None:
            return None
        choices = await self._choices.offer(claimed.conversation, told.offers)
        return [Outgoing(told.text, tuple(choices))]

    async def _tapped(self, conversation: str, incoming: Incoming) -> Intent | None:
        """By the token, never by the label: the same may stand on a newer card of another case.

        A group's card holds the group's tokens; what they mean is done by who taps, with no more
        rights than in private.
        """
        intent = await self._choices.by_token(conversation, incoming.token)
        if intent is not None or not incoming.chat:
            return intent
        async with reading(self._services.engine) as connection:
            group = await self._services.people.group(connection, incoming.channel, incoming.chat)
        return await self._choices.by_token(group[1], incoming.token) if group else None

    async def _render(
        self, conversation: str, replies: list[Reply], language: str
    ) -> list[Outgoing]:
        """Replies as messages; the choices of a whole turn are numbered through."""
        said = [reply for reply in replies if reply.text or reply.offers or reply.drawn]
        if not said:
            return [Outgoing(self._services.notices.wording.say("unclear", language))]
        offers = [offer for reply in said for offer in reply.offers]
        choices = iter(await self._choices.offer(conversation, offers))
        messages = [
            Outgoing(reply.text, tuple(next(choices) for _ in reply.offers), drawn=reply.drawn)
            for reply in said
        ]
        return [await self._drawings.on(message) for message in messages]


def _turn(claimed: Claimed) -> Turn:
    return Turn(claimed.conversation, str(claimed.id))


def _attach(incoming: Incoming) -> Intent:
    media = incoming.media
    if media is None:
        raise ValueError("a media message without media")
    entities: dict[str, object] = {"media_kind": str(media.kind)}
    if media.caption:
        entities["caption"] = media.caption
    if media.latitude is not None:
        entities |= {"latitude": media.latitude, "longitude": media.longitude}
    return Intent("attach", entities)
