"""Codes that people type in a chat, and addresses of stickers that they paste."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from actions import clock
from actions.bootstrap import Services
from bot.choices import Choices, Intent
from bot.conversation import Conversation
from bot.inbox import Claimed
from bot.message import Incoming, Kind
from bot.nlu import Reply
from bot.typed_codes import TypedCodes
from tests.installation import Servers, installation

HERE, FOREIGN = "https://huiyin.yunzhou.example", "https://huiyin.elsewhere.example"
UNKNOWN = "K7M3-X9PD"


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("mdl-hj2-cspc", "MDL-HJ2-CSPC"),
        ("ＭＤＬ ＨＪ２ ＣＳＰＣ。", "MDLHJ2CSPC"),
        (f"{HERE}/s/mdl-hj2-cspc", "mdl-hj2-cspc"),
        (f"{HERE.upper()}/s/mdl-hj2-cspc", "mdl-hj2-cspc"),
        # Certainly a code, though unknown: the answer will say so.
        (UNKNOWN.lower(), UNKNOWN),
        (f"{HERE}/s/no-such-code", "no-such-code"),
        # Another city's, even if a code here is spelled alike.
        (f"{FOREIGN}/s/{UNKNOWN}", f"{FOREIGN}/s/{UNKNOWN}"),
    ],
)
async def test_a_typed_code_is_as_good_as_a_scan(services: Services, text: str, scene: str) -> None:
    assert await TypedCodes(services.org, HERE).scene(text) == scene


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉",
        "covid-19",
        "Q26-0017",
        "7k3-m9x",
        "mdl-hj2-cspx",
        "https://mp.weixin.qq.com/s/a1B2c3D4e5F6",
        "MDL-HJ2-CSPC 窗口没人",
    ],
)
async def test_other_words_stay_words(services: Services, text: str) -> None:
    assert await TypedCodes(services.org, HERE).scene(text) is None


async def test_without_an_address_of_our_own_every_sticker_may_be_ours(services: Services) -> None:
    typed = TypedCodes(services.org)
    assert await typed.scene(f"{FOREIGN}/s/mdl-hj2-cspc") == "mdl-hj2-cspc"


class Rasa:
    """Hears what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str | Intent] = []

    async def turn(
        self, conversation: str, turn: str, said: str | Intent, _: object
    ) -> list[Reply]:
        self.asked.append(said)
        return [Reply("好", ())]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("mdl hj2 cspc", Intent("scan", {"scene": "MDLHJ2CSPC"})),
        ("mdl-hj2-cspx", "mdl-hj2-cspx"),
    ],
)
async def test_the_conversation_asks_about_the_scan(
    services: Services, text: str, asked: str | Intent
) -> None:
    rasa = Rasa()
    choices = Choices(services.redis)
    conversation = Conversation(services, rasa, choices, HERE)  # type: ignore[arg-type]
    now, new = clock.now(), clock.new_id
    incoming = Incoming("wechat", "openid-chen", "m1", Kind.TEXT, now, text=text)
    claimed = Claimed(new(), new(), "c1", new(), incoming, 1, now, False, "zh")
    await conversation.turn(claimed)
    assert rasa.asked == [asked]
