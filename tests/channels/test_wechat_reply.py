"""Outgoing → the passive reply: choices, limits, and texts that try to be more than text."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechat_platform import elements

from bot.channels.markup import TEXT_LIMIT, plain
from bot.channels.wechat.reply import passive_and_rest, render
from bot.message import Choice, Outgoing
from bot.text import clean, utf8_size

GRADES = (Choice("满意", "g1"), Choice("基本满意", "g2"), Choice("不满意", "g3"))
LONG = "这句话一共十二个字。" * 100  # 3,000 bytes
PICTURE = b"\x89PNG"


def link(number: int, label: str, quoted: str, token: str) -> str:
    href = f"weixin://bizmsgmenu?msgmenucontent={quoted}&msgmenuid={token}"
    return f'<a href="{href}">{number} {label}</a>'


TABLE = {
    "nothing": ([], "", []),
    "blank": ([Outgoing(" \n ")], "", []),
    "a sentence": ([Outgoing("谢谢，记下了。")], "谢谢，记下了。", []),
    "two messages": ([Outgoing("一"), Outgoing("二")], "一\n\n二", []),
    "choices": (
        [Outgoing("这次办得怎么样？", GRADES[:2])],
        "这次办得怎么样？\n"
        + link(1, "满意", "%E6%BB%A1%E6%84%8F", "g1")
        + "\n"
        + link(2, "基本满意", "%E5%9F%BA%E6%9C%AC%E6%BB%A1%E6%84%8F", "g2"),
        [],
    ),
    "choices without words": (
        [Outgoing("", GRADES[:1])],
        "请选择：\n" + link(1, "满意", "%E6%BB%A1%E6%84%8F", "g1"),
        [],
    ),
    "a label with markup in it": (
        [Outgoing("选", (Choice('a"&</a>\nb', "t"),))],
        "选\n" + link(1, 'a"&＜/a> b', "a%22%26%EF%BC%9C%2Fa%3E%20b", "t"),
        [],
    ),
    "a link from a citizen": (
        [Outgoing('她写道：<a href="http://bad">领奖</a> 3<5 <3')],
        '她写道：＜a href="http://bad">领奖＜/a> 3<5 <3',
        [],
    ),
    "a picture is pushed": (
        [Outgoing("看图", image=PICTURE), Outgoing("后话")],
        "看图",
        [Outgoing(image=PICTURE), Outgoing("后话")],
    ),
    "a picture that is drawn is pushed with what it shows": (
        [Outgoing("邀码", GRADES[:1], PICTURE, "codes:0:K7M3-X9PD")],
        "邀码\n" + link(1, "满意", "%E6%BB%A1%E6%84%8F", "g1"),
        [Outgoing(image=PICTURE, drawn="codes:0:K7M3-X9PD")],
    ),
    "a picture that is still to be drawn": (
        [Outgoing("邀码", drawn="codes:0:K7M3-X9PD"), Outgoing("后话")],
        "邀码",
        [Outgoing(drawn="codes:0:K7M3-X9PD"), Outgoing("后话")],
    ),
    "only a picture": ([Outgoing(image=PICTURE)], "", [Outgoing(image=PICTURE)]),
    "what does not fit is pushed whole, and all behind it": (
        [Outgoing("一"), Outgoing(LONG, GRADES), Outgoing("三")],
        "一",
        [Outgoing(LONG, GRADES), Outgoing("三")],
    ),
    "too long even alone: cut behind a sentence": (
        [Outgoing(LONG, GRADES), Outgoing("后话")],
        "这句话一共十二个字。" * 68,
        [Outgoing("这句话一共十二个字。" * 32, GRADES), Outgoing("后话")],
    ),
}


@pytest.mark.parametrize(("messages", "text", "rest"), TABLE.values(), ids=list(TABLE))
def test_passive_and_rest(messages, text, rest):
    assert passive_and_rest(messages) == (text, rest)


def test_numbers_instead_of_links_when_the_settings_say_so():
    text, _ = passive_and_rest([Outgoing("怎么样？", GRADES)], "numbers")
    assert text == "怎么样？\n1 满意\n2 基本满意\n3 不满意"


def test_numbers_when_links_would_be_too_long():
    choices = tuple(Choice("这是一个比较长的选项名称", f"token-{n}") for n in range(12))
    text, rest = passive_and_rest([Outgoing("选一个", choices)])
    assert rest == []
    assert "<a" not in text
    assert text.endswith("\n12 这是一个比较长的选项名称")


def test_choices_that_do_not_fit_at_all_are_pushed():
    choices = tuple(Choice("选" * 60, f"token-{n}") for n in range(20))
    text, rest = passive_and_rest([Outgoing("选一个", choices)])
    assert (text, rest) == ("选一个", [Outgoing("", choices)])


OUTGOING = st.builds(
    Outgoing,
    st.text(max_size=1500),
    st.lists(st.builds(Choice, st.text(min_size=1, max_size=20), st.just("t0")), max_size=4).map(
        tuple
    ),
)


def _dense(text: str) -> str:
    return re.sub(r"\s", "", text)


@settings(deadline=None)
@given(st.lists(OUTGOING, max_size=4))
def test_a_passive_reply_fits_and_no_word_is_lost(messages):
    text, rest = passive_and_rest(messages)
    assert utf8_size(text) <= TEXT_LIMIT
    if not any(m.choices for m in messages):
        words = "".join(plain(m.text) for m in messages)
        assert _dense(text + "".join(plain(m.text) for m in rest)) == _dense(words)


@settings(deadline=None)
@given(st.text(st.characters() | st.sampled_from("]]>&<")), st.text(min_size=1))
def test_any_text_survives_the_xml_and_adds_no_element(text, sender):
    parts = elements(render(sender, "gh_1", text, 7.9))
    assert set(parts) == {"MsgType", "FromUserName", "ToUserName", "CreateTime", "Content"}
    assert parts["Content"] == clean(text)
    assert (parts["ToUserName"], parts["FromUserName"]) == (clean(sender), "gh_1")
    assert (parts["MsgType"], parts["CreateTime"]) == ("text", "7")


def test_a_text_cannot_close_its_element():
    evil = "a]]></Content><MsgType>event</MsgType><Content><![CDATA[b\x0b"
    assert elements(render("o", "g", evil, 1))["Content"] == evil.replace("\x0b", "")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_of_a_person_becomes_a_link(text):
    shown, _ = passive_and_rest([Outgoing(text + "<a href='x'>" + text), Outgoing(text)])
    assert not re.search(r"<[a-zA-Z/]", shown)


def test_the_content_of_a_link_is_the_label():
    text, _ = passive_and_rest([Outgoing("?", (Choice("不 满意&", "g3"),))])
    content = re.search(r"msgmenucontent=([^&]*)&", text)
    assert content
    assert unquote(content[1]) == "不 满意&"
