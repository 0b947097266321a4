"""The terminal: lines in → Incoming, Outgoing in → lines, and a short talk."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.channels.base import Sent, TransportError
from bot.channels.console import ConsoleChannel, run_console
from bot.channels.console import console as module
from bot.channels.console.lines import GOODBYE, HELP, WELCOME, read_line, shown
from bot.message import Choice, Incoming, Kind, Media, MediaKind, Outgoing

BLANK = Incoming("console", "me", "c-1", Kind.TEXT, datetime(2026, 9, 21, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("我要投诉\n", (Kind.TEXT, "我要投诉", "", "")),
        (" 1 \n", (Kind.TEXT, "1", "", "")),
        ("/stats 今天", (Kind.TEXT, "/stats 今天", "", "")),
        (":scan  unit-12", (Kind.SCAN, "", "unit-12", "")),
        (":menu rate", (Kind.MENU, "", "", "rate")),
        (":follow", (Kind.FOLLOW, "", "", "")),
        (":scan", (Kind.IGNORED, "", "", "")),
        (":help", (Kind.IGNORED, "", "", "")),
        (":what", (Kind.IGNORED, "", "", "")),
        ("\n", (Kind.IGNORED, "", "", "")),
    ],
)
def test_a_line_in(line, expected):
    incoming = read_line(line, BLANK)
    assert (incoming.kind, incoming.text, incoming.scene, incoming.token) == expected


def test_quitting():
    assert read_line(":quit\n", BLANK) is None


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        (Outgoing("一\n\n二\x1b[2J"), "  一\n  二[2J"),
        (
            Outgoing("?", (Choice("满意", "a"), Choice("不满意", "b"))),
            "  ?\n  [1] 满意\n  [2] 不满意",
        ),
        (Outgoing("", image=b"1234"), "  （图片，4 字节）"),
        (Outgoing(), ""),
    ],
)
def test_a_message_out(message, lines):
    assert shown(message) == lines


async def typed(*lines):
    for line in lines:
        yield line


async def test_a_talk(gateway):
    gateway.answer = [Outgoing("您好"), Outgoing("再说？")]
    written: list[str] = []
    await run_console(
        gateway, "me", typed("你好\n", ":help\n", ":quit\n", "late\n"), written.append
    )
    assert "".join(written) == f"{WELCOME}\n  您好\n  再说？\n{HELP}\n{GOODBYE}\n"
    assert [(i.sender, i.text, i.channel) for i in gateway.received] == [("me", "你好", "console")]


async def test_a_long_wait_is_shown(gateway, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0)
    turns = iter([None] * 3)

    async def slow(incoming, *, wait):
        for _ in turns:
            await asyncio.sleep(0)

    gateway.receive = slow
    written: list[str] = []
    await run_console(gateway, "me", typed("你好\n"), written.append)
    assert written.count("…") >= 1
    assert "（还在办，有结果会告诉您）\n" in written


async def test_what_is_pushed_is_printed(capsys):
    channel = ConsoleChannel()
    assert await channel.send("me", Outgoing("有结果了")) == Sent("console")
    assert capsys.readouterr().out == "  有结果了\n"
    with pytest.raises(TransportError, match="no attachments"):
        await channel.fetch(Media(MediaKind.IMAGE, "x"))
    await channel.close()


async def test_what_is_printed_stays():
    with pytest.raises(TransportError) as caught:
        await ConsoleChannel().revise("me", "1", Outgoing("已接"))
    assert (caught.value.permanent, caught.value.gone) == (True, False)
