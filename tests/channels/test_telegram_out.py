"""Outgoing in → requests on the wire, and what an error means."""

import json
import logging
from dataclasses import replace

import pytest
from aiohttp import web
from telegram.error import TimedOut
from telegram.ext import ExtBot
from telegram_platform import CITIZEN, TOKEN, refused

from bot.channels.base import Sent, TransportError
from bot.channels.telegram import TelegramConfig
from bot.channels.telegram.push import PHOTO_LIMIT
from bot.message import Choice, Media, MediaKind, Outgoing

GRADES = (Choice("满意", "g1"), Choice("基本满意", "g2"), Choice("不满意", "g3"))
LONG = "这句话一共十二个字。" * 420  # 4,200 characters
PNG = b"\x89PNG picture"


def keyboard(*rows):
    return {"inline_keyboard": [[{"text": t, "callback_data": d} for t, d in row] for row in rows]}


ROW = keyboard([("满意", "g1"), ("基本满意", "g2"), ("不满意", "g3")])


def text(words, buttons=None):
    return ("sendMessage", words, buttons)


def photo(caption=None, buttons=None):
    return ("sendPhoto", caption, buttons)


TABLE = {
    "words": (Outgoing("已接单。<b>_*"), [text("已接单。<b>_*")]),
    "choices": (Outgoing("满意吗？", GRADES), [text("满意吗？", ROW)]),
    "choices without words": (Outgoing("", GRADES), [text("请选择：", ROW)]),
    "choices in rows": (
        Outgoing(
            "哪个单位？",
            (
                Choice("桥西分局明德里派出所", "a"),
                Choice("桥西分局南站派出所", "b"),
                Choice("都不是", "c"),
                Choice("算了", "d"),
            ),
        ),
        [
            text(
                "哪个单位？",
                keyboard(
                    [("桥西分局明德里派出所", "a")],
                    [("桥西分局南站派出所", "b"), ("都不是", "c"), ("算了", "d")],
                ),
            )
        ],
    ),
    "long words": (
        Outgoing(LONG, GRADES),
        [text("这句话一共十二个字。" * 409), text("这句话一共十二个字。" * 11, ROW)],
    ),
    "long words in two units each": (
        Outgoing("🙂" * 3000),
        [text("🙂" * 2048), text("🙂" * 952)],
    ),
    "a picture": (Outgoing(image=PNG), [photo()]),
    "a picture with words": (Outgoing("看图", GRADES, PNG), [photo("看图", ROW)]),
    "a picture with many words": (
        Outgoing("长" * 1025, GRADES, PNG),
        [photo(), text("长" * 1025, ROW)],
    ),
}


@pytest.mark.parametrize(("message", "calls"), TABLE.values(), ids=list(TABLE))
async def test_message_out(make_telegram, telegram_platform, message, calls):
    sent = await make_telegram().send(str(CITIZEN), message)
    assert sent == Sent("message", platform_id="7")
    assert [_call(seen) for seen in telegram_platform.seen] == calls


def _call(seen):
    body = {k: v.decode() if isinstance(v, bytes) and v != PNG else v for k, v in seen.body.items()}
    assert body["chat_id"] == str(CITIZEN)
    if seen.call == "sendPhoto":
        assert PNG in body.values()
    else:
        assert json.loads(body["link_preview_options"]) == {"is_disabled": True}
    markup = json.loads(body["reply_markup"]) if "reply_markup" in body else None
    return (seen.call, body.get("text", body.get("caption")), markup)


async def test_what_went_out_before_is_not_sent_again(make_telegram, telegram_platform):
    """The photo went out; the first of two long texts did not."""
    message = Outgoing(LONG, GRADES, PNG)
    good = telegram_platform.default("sendMessage")
    telegram_platform.replies["sendMessage"] = [refused(500, "Internal"), good, refused(500, "x")]
    channel = make_telegram()
    for skip, pieces in ((0, 1), (1, 2)):
        with pytest.raises(TransportError) as caught:
            await channel.send(str(CITIZEN), replace(message, skip=skip))
        assert caught.value.pieces == pieces
    telegram_platform.seen.clear()
    assert await channel.send(str(CITIZEN), replace(message, skip=2)) == Sent("message", "", "7")
    assert [_call(seen) for seen in telegram_platform.seen] == TABLE["long words"][1][1:]


@pytest.mark.parametrize("large", [True, False])
async def test_a_picture_that_is_no_photo_to_telegram_goes_out_as_a_file(
    make_telegram, telegram_platform, large
):
    """Its words and buttons with it."""
    picture = bytes(PHOTO_LIMIT + 1) if large else PNG
    telegram_platform.replies["sendPhoto"] = [refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")]
    await make_telegram().send(str(CITIZEN), Outgoing("看图", GRADES, picture))
    assert telegram_platform.count("sendPhoto") == (0 if large else 1)
    seen = telegram_platform.seen[-1]
    assert (seen.call, seen.body["caption"].decode()) == ("sendDocument", "看图")
    assert json.loads(seen.body["reply_markup"]) == ROW


async def test_a_picture_too_large_for_our_line_does_not_wait_for_ever(make_telegram, monkeypatch):
    async def late(*_, **__):
        raise TimedOut

    monkeypatch.setattr(ExtBot, "send_photo", late)
    monkeypatch.setattr(ExtBot, "send_message", late)
    channel, outages = make_telegram(), []
    for message in (Outgoing(image=PNG), Outgoing("好")):
        with pytest.raises(TransportError) as caught:
            await channel.send("42", message)
        outages.append((caught.value.code, caught.value.outage))
    assert outages == [("timeout", False), ("timeout", True)]


async def test_nothing_to_say_is_not_sent(make_telegram, telegram_platform):
    await make_telegram().send("42", Outgoing(" "))
    assert telegram_platform.seen == []


@pytest.mark.parametrize("token", ["", "x" * 65, "字" * 22])
async def test_a_button_that_telegram_would_refuse_is_our_mistake(make_telegram, token):
    with pytest.raises(ValueError, match="64 bytes"):
        await make_telegram().send("42", Outgoing("?", (Choice("好", token),)))


async def _html(_):
    return web.Response(status=502, text="<html>")


async def _hang_up(request):
    request.transport.close()
    return web.Response()


REVISIONS = {
    "words": (Outgoing("已由李警官接了"), "已由李警官接了", None),
    "words and choices": (Outgoing("改派了", GRADES), "改派了", ROW),
    "only choices": (Outgoing("", GRADES), "请选择：", ROW),
    "more than a message holds": (Outgoing(LONG), "这句话一共十二个字。" * 409 + "…", None),
}


@pytest.mark.parametrize(("message", "words", "buttons"), REVISIONS.values(), ids=list(REVISIONS))
async def test_a_message_is_replaced(make_telegram, telegram_platform, message, words, buttons):
    await make_telegram().revise("-100777", "7", message)
    (seen,) = telegram_platform.seen
    markup = json.loads(seen.body["reply_markup"]) if "reply_markup" in seen.body else None
    assert (seen.call, seen.body["text"], markup) == ("editMessageText", words, buttons)
    assert (seen.body["chat_id"], seen.body["message_id"]) == ("-100777", "7")
    assert json.loads(seen.body["link_preview_options"]) == {"is_disabled": True}


async def test_a_message_that_says_it_already_is_done(make_telegram, telegram_platform):
    words = "Bad Request: message is not modified: specified new message content and reply markup"
    telegram_platform.replies["editMessageText"] = [refused(400, words)]
    await make_telegram().revise("42", "7", Outgoing("已接"))


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("message to edit not found", False),
        ("message can't be edited", False),
        ("there is no text in the message to edit", False),
        ("chat not found", True),
    ],
)
async def test_a_message_that_cannot_be_replaced(make_telegram, telegram_platform, words, gone):
    telegram_platform.replies["editMessageText"] = [refused(400, f"Bad Request: {words}")]
    with pytest.raises(TransportError, match="revise") as caught:
        await make_telegram().revise("42", "7", Outgoing("已接"))
    assert (caught.value.permanent, caught.value.gone) == (True, gone)


async def test_a_message_without_an_id_cannot_be_replaced(make_telegram, telegram_platform):
    with pytest.raises(TransportError) as caught:
        await make_telegram().revise("42", "", Outgoing("已接"))
    assert caught.value.permanent
    assert telegram_platform.seen == []


ERRORS = {
    "blocked": (refused(403, "Forbidden: bot was blocked by the user"), True, None, "403"),
    "no chat": (refused(400, "Bad Request: chat not found"), True, None, "400"),
    "too long": (refused(400, "Bad Request: message is too long"), True, None, "400"),
    "moved": (
        refused(400, "Bad Request: group", migrate_to_chat_id=-1),
        True,
        None,
        "ChatMigrated",
    ),
    "too fast": (refused(429, "Too Many Requests", retry_after=17), False, 17, "429"),
    "too fast, no word for how long": (refused(429, "Too Many Requests"), False, 1, "429"),
    "wrong token": (refused(401, "Unauthorized"), False, 3600, "401"),
    "broken": (refused(500, "Internal Server Error"), False, None, "network"),
    "a proxy": (_html, False, None, "network"),
    "hung up": (_hang_up, False, None, "network"),
}


@pytest.mark.parametrize(("reply", "permanent", "wait", "code"), ERRORS.values(), ids=list(ERRORS))
async def test_what_an_error_means(make_telegram, telegram_platform, reply, permanent, wait, code):
    telegram_platform.replies["sendMessage"] = [reply]
    with pytest.raises(TransportError) as caught:
        await make_telegram().send("42", Outgoing("好"))
    error = caught.value
    assert (error.permanent, error.retry_after, error.code) == (permanent, wait, code)
    assert error.gone is (code in ("403", "ChatMigrated") or "not found" in error.message)
    assert error.outage is (code in ("network", "401"))
    assert TOKEN not in str(error)
    assert telegram_platform.count("sendMessage") == 1


async def test_no_telegram_at_all(make_telegram):
    channel = make_telegram(base_url="http://127.0.0.1:1/bot")
    with pytest.raises(TransportError) as caught:
        await channel.send("42", Outgoing("好"))
    assert not caught.value.permanent


async def test_the_token_stays_out_of_the_logs(make_telegram, caplog):
    caplog.set_level(logging.INFO)
    await make_telegram().send("42", Outgoing("好"))
    ours = [record for record in caplog.records if record.name != "aiohttp.access"]  # the stub's
    assert not any(TOKEN in record.getMessage() for record in ours)


async def test_a_photo_is_fetched(make_telegram, telegram_platform):
    channel = make_telegram()
    assert await channel.fetch(Media(MediaKind.IMAGE, "f1")) == ("image/jpeg", b"jpeg")
    assert [seen.call for seen in telegram_platform.seen] == [
        "getFile",
        f"/file/bot{TOKEN}/photos/1.jpg",
    ]


async def test_what_cannot_be_fetched(make_telegram, telegram_platform):
    channel = make_telegram()
    huge = {"file_id": "f", "file_unique_id": "u", "file_size": 21 << 20, "file_path": "a"}
    telegram_platform.replies["getFile"] = [
        refused(400, "Bad Request: file is too big"),
        {"ok": True, "result": huge},
    ]
    for media in (*[Media(MediaKind.FILE, "f1")] * 2, Media(MediaKind.LOCATION)):
        with pytest.raises(TransportError) as caught:
            await channel.fetch(media)
        assert caught.value.permanent


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"token": ""}, "The Telegram token must be"),
        ({"token": "abc"}, "The Telegram token must be"),
        ({"mode": "push"}, "The Telegram mode is 'push'"),
        ({"secret_token": ""}, "The Telegram secret must be 1 to 256"),
        ({"secret_token": "秘"}, "The Telegram secret must be 1 to 256"),
        ({"public_url": ""}, "needs the gateway's public URL"),
        ({"base_url": "telegram"}, "is not an http"),
    ],
)
def test_settings_that_cannot_work(changes, sentence):
    good = {"token": TOKEN, "secret_token": "s", "public_url": "https://bot.example.org"}
    TelegramConfig(**good)
    with pytest.raises(ValueError, match=sentence):
        TelegramConfig(**{**good, **changes})


def test_polling_needs_no_secret_and_no_address():
    shown = repr(TelegramConfig(TOKEN, mode="polling"))
    assert TOKEN not in shown
