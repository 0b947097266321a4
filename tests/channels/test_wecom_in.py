"""Payload in → Incoming: every message and event type that WeCom sends an app."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from channel_stubs import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from wecom_platform import AGENT_ID, CORP_ID, LOWER, OFFICER, event, message, tap, text_message

from bot.channels.elements import MalformedError
from bot.channels.wecom.parse import parse
from bot.message import Kind, Media, MediaKind

ID = "<MsgId>7012345678901234567</MsgId>"


def said(kind: str, inside: str) -> str:
    return message(kind, inside + ID)


def contact(inside: str) -> str:
    return event("change_contact", inside, sender="sys")


LEFT = "<ChangeType>delete_user</ChangeType><UserID><![CDATA[ZhangSan]]></UserID>"
MESSAGES = {
    "text": (
        said("text", "<Content><![CDATA[ 已回访 <b>同意</b> &amp; ]]></Content>"),
        {"kind": Kind.TEXT, "text": "已回访 <b>同意</b> &amp;"},
    ),
    "a command is plain text": (
        said("text", '<Content><![CDATA[　/restart{"a":1}]]></Content>'),
        {"kind": Kind.TEXT, "text": '/restart{"a":1}'},
    ),
    "empty text": (said("text", "<Content><![CDATA[]]></Content>"), {"kind": Kind.IGNORED}),
    "image": (
        said("image", "<PicUrl>http://p/1</PicUrl><MediaId>m1</MediaId>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.IMAGE, "m1")},
    ),
    "voice": (
        said("voice", "<MediaId>m2</MediaId><Format>amr</Format>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.VOICE, "m2")},
    ),
    "video": (
        said("video", "<MediaId>m3</MediaId><ThumbMediaId>t</ThumbMediaId>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.VIDEO, "m3")},
    ),
    "location": (
        said(
            "location",
            "<Location_X>23.13</Location_X><Location_Y>113.35</Location_Y><Scale>20</Scale>"
            "<Label>明德里 8 号</Label><AppType>wxwork</AppType>",
        ),
        {
            "kind": Kind.MEDIA,
            "media": Media(MediaKind.LOCATION, "", "明德里 8 号", 23.13, 113.35),
        },
    ),
    "link": (
        said("link", "<Title>标题</Title><Description>说明</Description><Url>http://a/b</Url>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.LINK, "", "标题\n说明\nhttp://a/b")},
    ),
    "a type we do not know": (said("hologram", ""), {"kind": Kind.IGNORED}),
}
EVENTS = {
    "joined the app": (event("subscribe"), {"kind": Kind.FOLLOW}),
    "left the app": (event("unsubscribe"), {"kind": Kind.UNFOLLOW}),
    "opened the app": (event("enter_agent", "<EventKey></EventKey>"), {"kind": Kind.IGNORED}),
    "position": (event("LOCATION", "<Latitude>1</Latitude>"), {"kind": Kind.IGNORED}),
    "menu": (event("click", "<EventKey>mine</EventKey>"), {"kind": Kind.MENU, "token": "mine"}),
    "view": (event("view", "<EventKey>http://a</EventKey>"), {"kind": Kind.IGNORED}),
    "a tap on a card": (
        tap("c_7K3M", "task-9", "fresh"),
        {
            "kind": Kind.CHOICE,
            "token": "c_7K3M",
            "extra": {
                "account": CORP_ID,
                "agent": str(AGENT_ID),
                "type": "event/template_card_event",
                "task_id": "task-9",
                "response_code": "fresh",
            },
        },
    ),
    "a tap that is no token of ours": (tap("/grade{}"), {"kind": Kind.IGNORED, "token": ""}),
    "a tap without a key": (tap(""), {"kind": Kind.IGNORED}),
    "the address book changed": (
        contact("<ChangeType>create_user</ChangeType><UserID>x</UserID>"),
        {"kind": Kind.IGNORED},
    ),
    "an event we do not know": (event("moon_landing"), {"kind": Kind.IGNORED}),
}


@pytest.mark.parametrize(
    ("xml", "expected"), [*MESSAGES.values(), *EVENTS.values()], ids=[*MESSAGES, *EVENTS]
)
def test_payload_in(xml, expected):
    incoming = parse(xml)
    assert {name: getattr(incoming, name) for name in expected} == expected
    assert incoming.channel == "wecom"
    assert incoming.sender in (LOWER, "sys")
    assert incoming.sent_at == datetime.fromtimestamp(NOW, UTC)
    assert incoming.extra["account"] == CORP_ID
    assert incoming.extra["agent"] == str(AGENT_ID)


@pytest.mark.parametrize(
    "inside",
    [
        LEFT,
        "<ChangeType>update_user</ChangeType><UserID>ZhangSan</UserID><Status>2</Status>",
        "<ChangeType>update_user</ChangeType><UserID>ZhangSan</UserID><Status>5</Status>",
    ],
)
def test_whom_the_address_book_loses_is_gone_at_once(inside):
    incoming = parse(contact(inside))
    assert (incoming.kind, incoming.sender) == (Kind.UNFOLLOW, "zhangsan")


def test_a_change_that_is_no_leaving_is_ignored():
    xml = contact("<ChangeType>update_user</ChangeType><UserID>a</UserID><Status>1</Status>")
    assert parse(xml).kind is Kind.IGNORED


@pytest.mark.parametrize("xml", [xml for xml, _ in MESSAGES.values()], ids=list(MESSAGES))
def test_a_message_is_known_by_its_msg_id(xml):
    assert parse(xml).message_id == "7012345678901234567"


def test_events_are_known_by_sender_time_name_key_and_task():
    events = [
        tap("a"),
        tap("b"),
        tap("a", "task-2"),
        tap("a", created=int(NOW) + 1),
        tap("a", sender="SomebodyElse"),
        event("subscribe"),
        contact(LEFT),
        contact(LEFT.replace("ZhangSan", "WangWu")),
    ]
    ids = [parse(xml).message_id for xml in events]
    assert len(set(ids)) == len(ids)
    assert [parse(xml).message_id for xml in events] == ids
    assert not any(LOWER in message_id.lower() for message_id in ids)


def test_the_same_tap_is_the_same_event_whatever_its_code_and_the_sender_s_case():
    assert parse(tap("a", code="1")).message_id == parse(tap("a", code="2")).message_id
    assert parse(tap("a", sender=LOWER)).message_id == parse(tap("a")).message_id


SOUND = text_message("好")
UNREADABLE = {
    "nothing": "",
    "no XML": "hello",
    "cut off": SOUND[:40],
    "another root": SOUND.replace("xml>", "html>"),
    "no elements": "<xml></xml>",
    "only words": "<xml>hello</xml>",
    "no type": SOUND.replace("MsgType>", "Msgtype>"),
    "no sender": SOUND.replace("FromUserName>", "From>"),
    "all members": text_message(sender="@all"),
    "two members": text_message(sender="a|b"),
    "a sender in Chinese": text_message(sender="李警官"),
    "no account": SOUND.replace("ToUserName>", "To>"),
    "no time": SOUND.replace("CreateTime>", "Time>"),
    "a time in letters": SOUND.replace(str(int(NOW)), "abc"),
    "two senders": SOUND.replace("<MsgType>", "<FromUserName>x</FromUserName><MsgType>"),
    "two contents": SOUND.replace("<MsgId>", "<Content>x</Content><MsgId>"),
    "nested content": said("text", "<Content><b>x</b></Content>"),
    "an event without a name": message("event"),
    "a place nowhere": said("location", "<Location_X>nan</Location_X><Location_Y>1</Location_Y>"),
    "a leaver without a name": contact("<ChangeType>delete_user</ChangeType>"),
    "entities": '<!DOCTYPE x [<!ENTITY a "ha">]>' + said("text", "<Content>&a;</Content>"),
    "a foreign file": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    + said("text", "<Content>&f;</Content>"),
}


@pytest.mark.parametrize("xml", UNREADABLE.values(), ids=list(UNREADABLE))
def test_what_is_no_message_is_malformed_and_nothing_else(xml):
    with pytest.raises(MalformedError) as caught:
        parse(xml)
    assert OFFICER not in str(caught.value)


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["text", "event", "location", "image"]))
def test_no_text_breaks_the_parser(inside, kind):
    with suppress(MalformedError):
        parse(message(kind, inside))
