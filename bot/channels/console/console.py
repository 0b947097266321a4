"""A terminal as a channel: for trying the bot without any platform."""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime

from aiohttp import web

from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.console.lines import GOODBYE, HELP, WELCOME, read_line, shown
from bot.message import Incoming, Kind, Media, Outgoing

NAME = "console"
WAIT = 30.0  # seconds, then what is said later is pushed
_PATIENCE = 1.0  # seconds until a dot shows that something is still going on

Write = Callable[[str], None]


class ConsoleChannel:
    """Prints what is pushed; what is typed comes through `run_console`."""

    name = NAME

    def __init__(self, write: Write | None = None) -> None:
        self._write = write or _to_stdout

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        """A terminal has no endpoints."""

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        self._write(_shown(message) + "\n")
        return Sent("console")

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        raise TransportError("what a terminal has printed cannot be changed", permanent=True)

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        raise TransportError("a terminal has no attachments", permanent=True)

    async def close(self) -> None:
        """Nothing is open."""


async def run_console(
    gateway: Gateway,
    sender: str = "console",
    lines: AsyncIterator[str] | None = None,
    write: Write | None = None,
) -> None:
    """Talks with `gateway` in the name of `sender` until the lines end or :quit is typed."""
    out = write or _to_stdout
    out(WELCOME + "\n")
    async for line in lines or _stdin():
        incoming = read_line(line, _blank(sender))
        if incoming is None:
            break
        if incoming.kind is Kind.IGNORED:
            out(HELP + "\n")
            continue
        out(_conversation(await _received(gateway, incoming, out)))
    out(GOODBYE + "\n")


async def _received(
    gateway: Gateway, incoming: Incoming, write: Write
) -> Sequence[Outgoing] | None:
    """The answer; while it is not there, a dot for every second that passes."""
    answer = asyncio.ensure_future(gateway.receive(incoming, wait=WAIT))
    for dots in itertools.count():
        done, _ = await asyncio.wait({answer}, timeout=_PATIENCE)
        if done:
            write("\n" if dots else "")
            break
        write("…")
    return answer.result()


def _conversation(messages: Sequence[Outgoing] | None) -> str:
    if messages is None:
        return "（还在办，有结果会告诉您）\n"
    return "".join(_shown(message) + "\n" for message in messages)


def _shown(message: Outgoing) -> str:
    """The message; a picture is put into a file of its own, since a terminal shows none."""
    if message.image is None:
        return shown(message)
    with tempfile.NamedTemporaryFile(prefix="huiyin-", suffix=".png", delete=False) as file:
        file.write(message.image)
    return shown(message, file.name)


def _blank(sender: str) -> Incoming:
    return Incoming(NAME, sender, f"c-{uuid.uuid4().hex}", Kind.TEXT, datetime.now(UTC))


async def _stdin() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


def _to_stdout(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
