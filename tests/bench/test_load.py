"""The load generator seals as the platform does, reads replies, and notices a wrong one."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bench.dialogues import MIXES
from bench.floor import create_app
from bench.letters import BadReplyError, Platform, message, new_openid, read_text, scan
from bench.load import Job, run
from bench.phones import ConversationLostError, WeChatPhone
from bench.tally import Tally, percentile
from bot.channels.sealed import Crypto
from bot.channels.wechat.parse import parse
from bot.channels.wechat.reply import as_text, render
from bot.message import Choice, Kind, Outgoing

TOKEN, KEY, APP = "bench-token", "A" * 43, "wx0000000000bench1"


@pytest.fixture
def platform() -> Platform:
    return Platform(TOKEN, KEY, APP)


@pytest.fixture
def account() -> Crypto:
    """Our own side of the line."""
    return Crypto(APP, TOKEN, (KEY,))


def opened(account: Crypto, platform: Platform, fields: str, openid: str) -> str:
    letter = platform.seal(fields, openid)
    sealed = letter.body.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    query = letter.query
    return account.open(sealed, query["msg_signature"], query["timestamp"], query["nonce"]).text


def test_a_scan_is_opened_and_read(platform: Platform, account: Crypto) -> None:
    openid = new_openid()
    incoming = parse(opened(account, platform, scan(openid, "mdl-hj1"), openid))
    assert (incoming.kind, incoming.scene, incoming.sender) == (Kind.SCAN, "mdl-hj1", openid)


def test_a_tap_carries_its_token(platform: Platform, account: Crypto) -> None:
    openid = new_openid()
    incoming = parse(opened(account, platform, message(openid, "满意", "tok"), openid))
    assert (incoming.kind, incoming.token, incoming.text) == (Kind.CHOICE, "tok", "满意")


def test_messages_have_ids_of_their_own() -> None:
    assert message("o1", "1") != message("o1", "1")


def test_a_reply_is_opened_and_its_links_are_found(platform: Platform, account: Crypto) -> None:
    said = as_text(
        Outgoing("这次办得怎么样？", (Choice("满意", "t1"), Choice("不满意", "t2"))), "links"
    )
    sealed = account.seal(render("o1", "gh_1", said, 1), KEY, 1, "nonce")
    heard = platform.open(sealed, "o1")
    assert heard is not None
    assert heard.links == {"满意": "t1", "不满意": "t2"}
    assert "1 满意" in heard.text


def test_a_forged_reply_is_refused(platform: Platform, account: Crypto) -> None:
    sealed = account.seal(render("o1", "gh_1", "你好", 1), KEY, 1, "nonce")
    with pytest.raises(BadReplyError, match="forged"):
        platform.open(sealed.replace("<TimeStamp>1<", "<TimeStamp>2<"), "o1")


def test_success_is_no_reply(platform: Platform) -> None:
    assert platform.open("success", "o1") is None


def test_words_without_links_stay_words() -> None:
    assert read_text("谢谢").links == {}


async def test_a_load_run_counts_turns() -> None:
    async with TestServer(create_app(TOKEN, KEY, APP)) as server:
        url = str(server.make_url("/wechat"))
        job = Job(url, "echo", [("s", "s")], TOKEN, KEY, APP, turns=4, seconds=10, warm_up=0)
        seen = await run(job)
    assert seen["errors"] == {}
    assert sum(map(len, seen["times"].values())) >= 4


async def test_a_wrong_answer_is_an_error(platform: Platform) -> None:
    tally = Tally()
    async with TestServer(create_app(TOKEN, KEY, APP)) as server, ClientSession() as session:
        phone = WeChatPhone(session, str(server.make_url("/wechat")), platform, tally)
        with pytest.raises(ConversationLostError):
            await phone.say("你好", "谢谢")
    assert tally.errors == {"wrong answer": 1}


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.5, 2), (0.95, 4), (0.25, 1)],  # of 1, 2, 3, 4: the 2nd, the 4th (3.8 rounded up), the 1st
)
def test_percentiles(share: float, expected: float) -> None:
    assert percentile([4, 2, 3, 1], share) == expected


def test_shares_of_each_mix_are_percent() -> None:
    assert {sum(share for share, _ in mix) for mix in MIXES.values()} == {100}
