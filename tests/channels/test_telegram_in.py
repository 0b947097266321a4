"""Update in → Incoming."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from channel_stubs import NOW
from telegram import Update
from telegram_platform import BOT, CITIZEN, GROUP, PERSON, membership, message, tap

from bot.channels.telegram.parse import parse
from bot.message import Incoming, Kind, Media, MediaKind

THEN = datetime.fromtimestamp(NOW, UTC)
LATER = datetime.fromtimestamp(NOW + 60, UTC)


def file(file_id, **extra):
    return {"file_id": file_id, "file_unique_id": "u" + file_id, **extra}


def size(file_id, width):
    return file(file_id, width=width, height=width)


VIDEO = file("v1", width=1, height=1, duration=3)
PLACE = {"latitude": 23.5, "longitude": 113.25}
OF_THE_BOT = {"message_id": 1, "date": int(NOW), "chat": GROUP, "from": BOT, "text": "请说"}
OF_ANOTHER = {**OF_THE_BOT, "from": PERSON}
IGNORED = {"kind": Kind.IGNORED}
CHANNEL = {"id": -1005, "type": "channel", "title": "公告"}
OUT_OF_THE_GROUP = {"kind": Kind.UNFOLLOW, "sender": "-100777", "chat": "-100777"}


def media(kind, *values):
    return {"kind": Kind.MEDIA, "media": Media(kind, *values)}


def said(text):
    return {"kind": Kind.TEXT, "text": text}


TABLE = {
    "text": (message(text="我要投诉\x00"), said("我要投诉")),
    "a command": (message(text="/stats 今天"), said("/stats 今天")),
    "a command that Rasa would obey": (message(text="/restart"), said("/restart")),
    "blank text": (message(text=" \n"), IGNORED),
    "start": (message(text="/start"), {"kind": Kind.FOLLOW}),
    "start by a link": (message(text="/start unit-12"), {"kind": Kind.SCAN, "scene": "unit-12"}),
    "start with the bot's name": (
        message(text="/start@huiyin_bot unit-12"),
        {"kind": Kind.SCAN, "scene": "unit-12"},
    ),
    "two words behind start are words": (message(text="/start a b"), said("/start a b")),
    "a tap": (tap("g3"), {"kind": Kind.CHOICE, "token": "g3", "text": "不满意", "sent_at": LATER}),
    "a tap on a message out of sight": (
        tap("g3", message={"message_id": 4, "date": 0, "chat": GROUP}),
        {"kind": Kind.CHOICE, "token": "g3", "text": "", "chat": "-100777"},
    ),
    "a tap on a message of another bot's": (
        tap("g3", message=None, inline_message_id="i1"),
        {"kind": Kind.CHOICE, "token": "g3", "text": "", "chat": ""},
    ),
    "a tap that is no token of ours": (tap('/grade{"a":1}'), IGNORED),
    "a tap on a game": (tap(None, game_short_name="x"), IGNORED),
    "photo": (
        message(photo=[size("s", 90), size("l", 1280), size("m", 320)], caption="门口"),
        media(MediaKind.IMAGE, "l", "门口"),
    ),
    "voice": (message(voice=file("a1", duration=3)), media(MediaKind.VOICE, "a1")),
    "audio": (message(audio=file("a2", duration=3)), media(MediaKind.VOICE, "a2")),
    "video": (message(video=VIDEO), media(MediaKind.VIDEO, "v1")),
    "video note": (
        message(video_note=file("v2", length=1, duration=1)),
        media(MediaKind.VIDEO, "v2"),
    ),
    "document": (
        message(document=file("d1", file_name="证明.pdf"), caption="请看"),
        media(MediaKind.FILE, "d1", "证明.pdf\n请看"),
    ),
    "a photo sent as a document": (
        message(document=file("d2", mime_type="image/png", file_name="a.png")),
        media(MediaKind.IMAGE, "d2", "a.png"),
    ),
    "animation": (
        message(animation=VIDEO, document=file("v1", mime_type="image/gif")),
        media(MediaKind.VIDEO, "v1"),
    ),
    "location": (message(location=PLACE), media(MediaKind.LOCATION, "", "", 23.5, 113.25)),
    "venue": (
        message(location=PLACE, venue={"location": PLACE, "title": "派出所", "address": "8 号"}),
        media(MediaKind.LOCATION, "", "派出所\n8 号", 23.5, 113.25),
    ),
    "contact": (
        message(contact={"phone_number": "13800000000", "first_name": "市民"}),
        said("13800000000"),
    ),
    "sticker": (
        message(
            sticker=file("s", type="regular", width=1, height=1, is_animated=False, is_video=False)
        ),
        IGNORED,
    ),
    "edited": (
        {"update_id": 900, "edited_message": message(text="改了")["message"]},
        IGNORED,
    ),
    "a post in a channel": (
        {"update_id": 900, "channel_post": message(text="公告")["message"]},
        IGNORED,
    ),
    "another bot": (message(text="我要投诉", **{"from": BOT}), IGNORED),
    "blocked": (membership("kicked"), {"kind": Kind.UNFOLLOW, "chat": ""}),
    "unblocked": (membership("member"), IGNORED),
    "thrown out of a group": (membership("kicked", GROUP), OUT_OF_THE_GROUP),
    "left a group": (membership("left", GROUP), OUT_OF_THE_GROUP),
    "added to a group": (membership("member", GROUP), IGNORED),
    "thrown out of a channel": (membership("kicked", CHANNEL), IGNORED),
    "a group that moved": (
        message(GROUP, migrate_to_chat_id=-1001),
        {**IGNORED, "extra": {"type": "migrate_to_chat_id"}},
    ),
    "a group that came from another": (message(GROUP, migrate_from_chat_id=-1), IGNORED),
    "an update of a new kind": ({"update_id": 900, "hologram": {}}, IGNORED),
    "group: talk": (message(GROUP, text="今天忙吗"), IGNORED),
    "group: a command": (
        message(GROUP, text="/stats 今天"),
        {**said("/stats 今天"), "chat": "-100777"},
    ),
    "group: a command to us": (message(GROUP, text="/stats@Huiyin_Bot 今天"), said("/stats 今天")),
    "group: a command to another": (message(GROUP, text="/stats@other_bot 今天"), IGNORED),
    "group: mentioned": (message(GROUP, text="@huiyin_bot 今天多少件"), said("今天多少件")),
    "group: mentioned another": (message(GROUP, text="@huiyin_bot2 今天多少件"), IGNORED),
    "group: answered": (message(GROUP, text="好", reply_to_message=OF_THE_BOT), said("好")),
    "group: answered another": (message(GROUP, text="好", reply_to_message=OF_ANOTHER), IGNORED),
    "group: a photo": (message(GROUP, photo=[size("s", 90)]), IGNORED),
    "group: a photo for us": (
        message(GROUP, photo=[size("s", 90)], caption="@huiyin_bot 看"),
        {**media(MediaKind.IMAGE, "s", "@huiyin_bot 看"), "chat": "-100777"},
    ),
    "group: a tap": (
        tap("g1", chat=GROUP),
        {"kind": Kind.CHOICE, "token": "g1", "text": "满意", "chat": "-100777"},
    ),
    "a tap in private": (tap("g1"), {"kind": Kind.CHOICE, "chat": ""}),
}


@pytest.mark.parametrize(("update", "expected"), TABLE.values(), ids=list(TABLE))
def test_update_in(update, expected):
    incoming = parse(Update.de_json(update, None), "huiyin_bot", LATER)
    assert {name: getattr(incoming, name) for name in expected} == expected
    assert (incoming.channel, incoming.message_id) == ("telegram", "900")
    if incoming.kind is not Kind.IGNORED:
        assert incoming.sender == expected.get("sender", str(CITIZEN))
    if incoming.kind in (Kind.TEXT, Kind.MEDIA, Kind.UNFOLLOW):
        assert incoming.sent_at == THEN


@pytest.mark.parametrize("update", [message(GROUP, text="/stats"), tap("g1", chat=GROUP)])
def test_the_group_outlives_the_inbox(update):
    incoming = parse(Update.de_json(update, None), "huiyin_bot", LATER)
    kept = incoming.to_json()
    assert Incoming.from_json(kept) == incoming
    del kept["chat"]  # as it was stored before there were groups
    assert Incoming.from_json(kept) == replace(incoming, chat="")


def test_what_a_message_carries_besides():
    incoming = parse(Update.de_json(message(text="hi"), None), "huiyin_bot", LATER)
    assert incoming.extra == {"type": "message", "language": "zh-hans"}


@pytest.mark.parametrize("text", ["@huiyin_bot 好", "/stats@huiyin_bot", "好 @"])
def test_in_a_group_nothing_is_read_by_name_before_the_name_is_known(text):
    update = Update.de_json(message(GROUP, text=text, reply_to_message=OF_THE_BOT), None)
    assert parse(update, "", LATER).kind is Kind.IGNORED
