"""In the chat: the text with its picture and a button; what cannot be drawn is told all the same."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import yaml
from PIL import Image
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import bootstrap
from actions.bulletins.content import Bulletin
from actions.bulletins.text import chat_text
from actions.conversation.bulletins import BulletinFiles, show_bulletin
from actions.conversation.talk import Talk
from actions.errors import Refusal
from bot.drawings import drawings
from bot.message import Outgoing
from tests.bot.delivering import Installation
from tests.bulletins.asking import ask_for_bulletin
from tests.bulletins.conftest import Bureau
from tests.cast import Someone, officer
from tests.conftest import SAMPLE, FrozenClock

DOMAIN = yaml.safe_load((SAMPLE.parents[1] / "domain" / "bulletins.yml").read_text("utf-8"))


async def say_bulletin(talk: Talk, words: str = "") -> Bulletin:
    """Asked for in words, and said."""
    bulletin = await ask_for_bulletin(bootstrap.services(), talk.turn, words)
    await show_bulletin(talk, bulletin)
    return bulletin


@pytest.fixture
def installed(bureau: Bureau) -> Any:
    bootstrap.install(bureau.services)
    yield
    bootstrap.install(None)


def talk(who: Someone, language: str = "zh", **entities: str) -> tuple[Talk, CollectingDispatcher]:
    turn, dispatcher = who.turn(), CollectingDispatcher()
    given = [{"entity": name, "value": value} for name, value in entities.items()]
    message = {"message_id": turn.inbox_id, "text": "", "intent": {}, "entities": given}
    tracker = Tracker(
        turn.conversation, {"language": language}, message, [], False, None, {}, "listen"
    )
    return Talk(dispatcher, tracker, DOMAIN), dispatcher


@pytest.mark.usefixtures("installed")
async def test_a_bulletin_is_said_with_its_picture(bureau: Bureau) -> None:
    await bureau.rate("明德里派出所", "2026-10-05", 90, 0, 10)
    told, dispatcher = talk(bureau.cast.chief)
    bulletin = await say_bulletin(told, "上月")
    (answer,) = dispatcher.messages
    assert answer["text"].startswith("桥西分局 月报｜10 月\n满意率 90.0%")
    assert answer["image"] == f"bulletin:{bulletin.number}:zh"
    shown = await drawings(bureau.services, "").on(Outgoing("a", drawn=answer["image"]))
    assert shown.image is not None
    assert Image.open(io.BytesIO(shown.image)).width == 1080


@pytest.mark.usefixtures("installed")
async def test_the_files_need_an_address(bureau: Bureau) -> None:
    told, dispatcher = talk(bureau.cast.chief)
    bulletin = await say_bulletin(told)
    assert dispatcher.messages[0]["buttons"] == []
    told, _ = talk(bureau.cast.chief, bulletin=bulletin.number)
    with pytest.raises(Refusal) as refused:
        await BulletinFiles().act(told)
    assert refused.value.key == "bulletin_no_address"


@pytest.mark.usefixtures("installed")
async def test_the_button_gives_a_link_that_works_once(bureau: Bureau) -> None:
    object.__setattr__(bureau.services.settings, "public_url", "https://huiyin.example/")
    told, dispatcher = talk(bureau.cast.chief, "en")
    bulletin = await say_bulletin(told)
    (button,) = dispatcher.messages[0]["buttons"]
    assert button["payload"] == f'/bulletin_files{{"bulletin": "{bulletin.number}"}}'
    told, dispatcher = talk(bureau.cast.chief, "en", bulletin=bulletin.number)
    await BulletinFiles().act(told)
    text = dispatcher.messages[0]["text"]
    token = text.split("https://huiyin.example/login/")[1].split("?to=bulletins")[0]
    assert await bureau.services.sessions.open(token) is not None
    assert await bureau.services.sessions.open(token) is None


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("number", ["", "B26-9999", "'; DROP TABLE bulletins"])
async def test_no_link_for_what_is_not_theirs(bureau: Bureau, number: str) -> None:
    told, _ = talk(bureau.cast.other, bulletin=number)
    with pytest.raises(Refusal) as refused:
        await BulletinFiles().act(told)
    assert refused.value.key == "bulletin_none"


@pytest.mark.parametrize("drawn", ["bulletin:B26-9999:zh", "bulletin:", "nothing:1"])
async def test_a_picture_that_there_is_not_keeps_no_words_back(bureau: Bureau, drawn: str) -> None:
    message = Outgoing("字", drawn=drawn)
    assert (await drawings(bureau.services, "").on(message)).image is None


async def test_a_fault_in_drawing_keeps_no_words_back(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulletin = await ask_for_bulletin(bureau.services, bureau.cast.chief.turn())

    def broken(_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr("bot.drawings.picture", broken)
    message = Outgoing("字", drawn=f"bulletin:{bulletin.number}:zh")
    assert (await drawings(bureau.services, "").on(message)).text == "字"


async def test_the_worker_draws_what_a_bulletin_shows(
    environ: dict[str, str], services: object
) -> None:
    """A queued bulletin has its reference only; the platform gets a picture."""
    there = Installation({**environ, "PUBLIC_URL": "https://huiyin.example"})
    chief = await officer(there.services, "桥西分局", "supervisor")
    bulletin = await ask_for_bulletin(there.services, chief.turn(), "上周")
    person = await there.meet("openid-chief")
    async with there.services.engine.begin() as connection:
        await there.services.notices.queue(
            connection,
            key="bulletin:weekly:2026-11-09:x",
            identity_id=person,
            topic="bulletin",
            content={"text": "周报", "offers": [], "drawn": f"bulletin:{bulletin.number}:zh"},
        )
    async with there.working():
        await there.until("sent")
    (shown,) = there.platform.pictures
    assert Image.open(io.BytesIO(shown)).width == 1080
    await there.bot.close()


async def test_what_the_worker_cannot_send_is_seen(
    environ: dict[str, str], services: object, frozen: FrozenClock
) -> None:
    """The sub-centre is on Telegram, and Telegram is not connected here."""
    there = Installation(environ)
    sub = await officer(there.services, "桥西分局", "sub_centre")
    await there.services.bulletin_rounds.run()
    frozen.advance(days=1)
    done = await there.services.bulletin_rounds.run()
    assert done.chats == 1
    async with there.working():
        await there.until("failed")
    bulletin = await ask_for_bulletin(there.services, sub.turn(), "昨天")
    lost = await there.services.bulletins.not_sent(bulletin.unit_id)
    assert lost.failed == 1
    text = chat_text(bulletin, there.services.notices.wording.say, "zh", lost)
    assert "近 7 天简报未送达 1 份" in text
    (failed,) = [
        each
        for each in await there.services.bulletins.copies(timedelta(days=2))
        if each.state == "failed"
    ]
    assert "not connected" in failed.note
    await there.bot.close()
