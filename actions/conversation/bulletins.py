"""Bulletins in the chat: the text with its picture, and the way to its files."""

from __future__ import annotations

from actions.bootstrap import services
from actions.bulletins.content import Bulletin
from actions.bulletins.drawings import reference_of
from actions.bulletins.text import chat_text
from actions.conversation.buttons import button
from actions.conversation.talk import Event, Talk, TurnAction
from actions.errors import Refusal
from actions.figures.log import Looked


async def show_bulletin(talk: Talk, bulletin: Bulletin) -> None:
    """Says it, with its picture, and with a button for its files where they can be fetched."""
    language = "en" if talk.language == "en" else "zh"
    not_sent = await services().bulletins.not_sent(bulletin.unit_id)
    text = chat_text(
        bulletin, services().notices.wording.say, "en" if language == "en" else "zh", not_sent
    )
    files = button(talk.wording("part_bulletin_files"), "bulletin_files", bulletin=bulletin.number)
    buttons = [files] if services().settings.public_url else []
    talk.say("bulletin", buttons=buttons, drawn=reference_of(bulletin, language), text=text)


class BulletinFiles(TurnAction):
    """A link to the page from which Excel and PDF are fetched."""

    called = "action_bulletin_files"

    async def act(self, talk: Talk) -> list[Event]:
        bulletin = await services().bulletins.mine(talk.turn, str(talk.entity("bulletin") or ""))
        address = services().settings.public_url.rstrip("/")
        if not address:
            raise Refusal("bulletin_no_address")
        token = await services().sessions.link(talk.turn)
        await services().queries.note(
            talk.turn, Looked.BULLETIN, bulletin.number, unit_id=bulletin.unit_id
        )
        link = f"{address}/login/{token}?to=bulletins"
        talk.say("bulletin_link", number=bulletin.number, address=link)
        return []
