"""Payload in → Incoming: every message and event type of the platform, and what is no message."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from channel_stubs import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from wechat_platform import ACCOUNT, CITIZEN, event, message

from bot.channels.elements import MalformedError
from bot.channels.wechat.parse import parse
from bot.message import Kind, Media, MediaKind

ID = "<MsgId>23456789012345678</MsgId>"
TICKET = "<Ticket><![CDATA[gQ]]></Ticket>"


def key(value: str) -> str:
    return f"<EventKey><![CDATA[{value}]]></EventKey>"


def said(kind: str, inside: str) -> str:
    return message(kind, inside + ID)


MESSAGES = {
    "text": (
        said("text", "<Content><![CDATA[ 窗口 <b>没人</b> &amp; ]]></Content>"),
        {"kind": Kind.TEXT, "text": "窗口 <b>没人</b> &amp;"},
    ),
    "text from an article": (
        said("text", "<Content>好</Content><MsgDataId>1</MsgDataId><Idx>2</Idx>"),
        {"kind": Kind.TEXT, "text": "好"},
    ),
    "a command is plain text": (
        said("text", '<Content><![CDATA[　/restart{"a":1}]]></Content>'),
        {"kind": Kind.TEXT, "text": '/restart{"a":1}'},
    ),
    "empty text": (said("text", "<Content><![CDATA[]]></Content>"), {"kind": Kind.IGNORED}),
    "a tapped choice": (
        said("text", "<Content>满意</Content><bizmsgmenuid>c_7K3M</bizmsgmenuid>"),
        {"kind": Kind.CHOICE, "text": "满意", "token": "c_7K3M"},
    ),
    "a made-up choice that is no token of ours": (
        said("text", "<Content>满意</Content><bizmsgmenuid>/grade{}</bizmsgmenuid>"),
        {"kind": Kind.TEXT, "text": "满意", "token": ""},
    ),
    "image": (
        said("image", "<PicUrl>http://p/1</PicUrl><MediaId>m1</MediaId>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.IMAGE, "m1")},
    ),
    "voice with words": (
        said("voice", "<MediaId>m2</MediaId><Recognition>等了俩小时</Recognition>"),
        {"kind": Kind.TEXT, "text": "等了俩小时", "media": Media(MediaKind.VOICE, "m2")},
    ),
    "voice with empty words": (
        said("voice", "<MediaId>m2</MediaId><Recognition><![CDATA[]]></Recognition>"),
        {"kind": Kind.MEDIA, "text": "", "media": Media(MediaKind.VOICE, "m2")},
    ),
    "voice": (
        said("voice", "<MediaId>m2</MediaId><Format>amr</Format>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.VOICE, "m2")},
    ),
    "video": (
        said("video", "<MediaId>m3</MediaId><ThumbMediaId>t</ThumbMediaId>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.VIDEO, "m3")},
    ),
    "short video": (
        said("shortvideo", "<MediaId>m3</MediaId>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.VIDEO, "m3")},
    ),
    "location": (
        said(
            "location",
            "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y>"
            "<Scale>20</Scale><Label>明德里 8 号</Label>",
        ),
        {
            "kind": Kind.MEDIA,
            "media": Media(MediaKind.LOCATION, "", "明德里 8 号", 23.134521, 113.358803),
        },
    ),
    "link": (
        said("link", "<Title>标题</Title><Description>说明</Description><Url>http://a/b</Url>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.LINK, "", "标题\n说明\nhttp://a/b")},
    ),
    "file": (
        said("file", "<Title>证明.pdf</Title>"),
        {"kind": Kind.MEDIA, "media": Media(MediaKind.FILE, "", "证明.pdf")},
    ),
    "a type we do not know": (said("hologram", ""), {"kind": Kind.IGNORED}),
}

EVENTS = {
    "follow": (event("subscribe"), {"kind": Kind.FOLLOW}),
    "follow with an empty key": (event("subscribe", key("")), {"kind": Kind.FOLLOW}),
    "follow by a code": (
        event("subscribe", key("qrscene_unit:12") + TICKET),
        {"kind": Kind.SCAN, "scene": "unit:12"},
    ),
    "follow by a code without a scene": (
        event("subscribe", key("qrscene_") + TICKET),
        {"kind": Kind.FOLLOW},
    ),
    "follow by paying": (event("subscribe", key("last_trade_no_4008")), {"kind": Kind.FOLLOW}),
    "follow by a product": (event("subscribe", key("scanbarcode|a|b")), {"kind": Kind.FOLLOW}),
    "scan": (event("SCAN", key("unit:12") + TICKET), {"kind": Kind.SCAN, "scene": "unit:12"}),
    "scan without a scene": (event("SCAN", TICKET), {"kind": Kind.FOLLOW}),
    "unfollow": (event("unsubscribe"), {"kind": Kind.UNFOLLOW}),
    "menu": (event("CLICK", key("rate")), {"kind": Kind.MENU, "token": "rate"}),
    "view": (event("VIEW", key("http://a")), {"kind": Kind.IGNORED}),
    "position": (event("LOCATION", "<Latitude>1</Latitude>"), {"kind": Kind.IGNORED}),
    "template arrived": (
        event("TEMPLATESENDJOBFINISH", "<MsgID>2001</MsgID><Status>success</Status>"),
        {"kind": Kind.RECEIPT, "message_id": "r-2001"},
    ),
    "template refused": (
        event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID><Status>failed:user block</Status>"),
        {"kind": Kind.RECEIPT, "message_id": "r-2"},
    ),
    "one notice arrived": (
        event(
            "subscribe_msg_sent_event",
            "<SubscribeMsgSentEvent><List><MsgID>17</MsgID><ErrorStatus>success</ErrorStatus>"
            "</List></SubscribeMsgSentEvent>",
        ),
        {"kind": Kind.RECEIPT, "message_id": "r-17"},
    ),
    "two notices arrived": (
        event(
            "subscribe_msg_sent_event",
            "<SubscribeMsgSentEvent><List><MsgID>17</MsgID></List><List><MsgID>18</MsgID></List>"
            "</SubscribeMsgSentEvent>",
        ),
        {"kind": Kind.RECEIPT, "message_id": "r-17"},
    ),
    "a popup was answered": (
        event(
            "subscribe_msg_popup_event",
            "<SubscribeMsgPopupEvent><List><A>1</A></List><List><A>2</A></List>"
            "</SubscribeMsgPopupEvent>",
        ),
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
    assert incoming.channel == "wechat"
    assert incoming.sender == CITIZEN
    assert incoming.sent_at == datetime.fromtimestamp(NOW, UTC)
    assert incoming.extra["account"] == ACCOUNT


@pytest.mark.parametrize("xml", [xml for xml, _ in MESSAGES.values()], ids=list(MESSAGES))
def test_a_message_is_known_by_its_msg_id(xml):
    assert parse(xml).message_id == "23456789012345678"


def test_events_are_known_by_sender_time_name_and_key():
    events = [
        event("CLICK", key("rate")),
        event("CLICK", key("mine")),
        event("CLICK", key("rate"), created=int(NOW) + 1),
        event("SCAN", key("rate")),
        event("subscribe", key("qrscene_rate")),
        event("CLICK", key("rate")).replace(CITIZEN, CITIZEN + "x"),
    ]
    ids = [parse(xml).message_id for xml in events]
    assert len(set(ids)) == len(ids)
    assert [parse(xml).message_id for xml in events] == ids
    assert not any(CITIZEN in message_id for message_id in ids)


def test_a_receipt_says_what_became_of_which_message():
    xml = event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID><Status>failed: system failed</Status>")
    extra = parse(xml).extra
    assert (extra["platform_id"], extra["status"]) == ("2", "failed: system failed")


SOUND = said("text", "<Content>好</Content>")
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
UNREADABLE = {
    "nothing": "",
    "no XML": "hello",
    "cut off": SOUND[:40],
    "another root": SOUND.replace("xml>", "html>"),
    "no elements": "<xml></xml>",
    "only words": "<xml>hello</xml>",
    "no type": SOUND.replace("MsgType>", "Msgtype>"),
    "no sender": SOUND.replace("FromUserName>", "From>"),
    "no account": SOUND.replace("ToUserName>", "To>"),
    "no time": SOUND.replace("CreateTime>", "Time>"),
    "a time in letters": message("text").replace(str(int(NOW)), "abc"),
    "a time out of reach": message("text").replace(str(int(NOW)), "9" * 20),
    "two senders": SOUND.replace("<MsgType>", "<FromUserName>x</FromUserName><MsgType>"),
    "two types": SOUND.replace("<MsgId>", "<MsgType>event</MsgType><MsgId>"),
    "two contents": SOUND.replace("<MsgId>", "<Content>x</Content><MsgId>"),
    "nested content": said("text", "<Content><b>x</b></Content>"),
    "content with an attribute": said("text", '<Content a="1">x</Content>'),
    "an event without a name": message("event"),
    "a menu entry without a key": event("CLICK"),
    "a place in words": said("location", "<Location_X>here</Location_X><Location_Y>1</Location_Y>"),
    "a place nowhere": said("location", "<Location_X>nan</Location_X><Location_Y>1</Location_Y>"),
    "a place off the earth": said(
        "location", "<Location_X>91</Location_X><Location_Y>1</Location_Y>"
    ),
    "half a place": said("location", "<Location_X>1</Location_X>"),
    "a receipt without an id": event("TEMPLATESENDJOBFINISH"),
    "entities": LAUGHS + said("text", "<Content>&b;</Content>"),
    "a foreign file": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    + said("text", "<Content>&f;</Content>"),
}


@pytest.mark.parametrize("xml", UNREADABLE.values(), ids=list(UNREADABLE))
def test_what_is_no_message_is_malformed_and_nothing_else(xml):
    with pytest.raises(MalformedError) as caught:
        parse(xml)
    assert CITIZEN not in str(caught.value)


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["text", "event", "location", "voice"]))
def test_no_text_breaks_the_parser(inside, kind):
    with suppress(MalformedError):
        parse(message(kind, inside))


def test_deep_nesting_is_survived():
    parse(said("text", "<Content>好</Content>" + "<a>" * 9000 + "</a>" * 9000))
