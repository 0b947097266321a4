"""The SMPP line against somebody else's SMSC: the npm package `smpp`, where node is here."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from channel_stubs import StubGateway
from sms_settings import NUMBER, line_config

from bot.channels.sms import SmsChannel
from bot.message import Kind, Outgoing

PACKAGE = "smpp@0.5.1"
TOOLS = Path(__file__).parents[2] / ".tools" / "npm-smpp"


@pytest.fixture(scope="session")
def package() -> Path:
    """The folder that holds the package; fetched once, skipped where that is not possible."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    if not (TOOLS / "node_modules" / "smpp").is_dir():
        TOOLS.mkdir(parents=True, exist_ok=True)
        argv = [
            "npm",
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--prefix",
            TOOLS,
            PACKAGE,
        ]
        try:
            subprocess.run(argv, check=True, capture_output=True, timeout=90)
        except (subprocess.SubprocessError, OSError):
            pytest.skip("the npm package smpp cannot be fetched")
    return TOOLS / "node_modules"


class Smsc:
    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.port = port

    async def tells(self, what: str) -> dict[str, Any]:
        """The next thing of that kind; others are passed over."""
        assert self._process.stdout
        async with asyncio.timeout(10):
            while line := await self._process.stdout.readline():
                told: dict[str, Any] = json.loads(line)
                if told["what"] == what:
                    return told
        raise AssertionError(f"it ended without {what}")

    async def writes(self, **uplink: Any) -> int:
        """An uplink; the status that it was answered with."""
        assert self._process.stdin
        body = {"source_addr": NUMBER.lstrip("+"), "destination_addr": "10690000", **uplink}
        self._process.stdin.write(json.dumps(body).encode() + b"\n")
        await self._process.stdin.drain()
        return int((await self.tells("uplink_answer"))["status"])


@pytest.fixture
async def smsc(package: Path) -> AsyncIterator[Smsc]:
    port = unused_port()
    process = await asyncio.create_subprocess_exec(
        "node",
        str(Path(__file__).with_name("npm_smsc.js")),
        str(port),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "NODE_PATH": str(package)},
    )
    server = Smsc(process, port)
    await server.tells("ready")
    yield server
    process.terminate()
    await process.communicate()


@pytest.fixture
async def gateway(smsc: Smsc) -> AsyncIterator[StubGateway]:
    """The gateway's side, bound to receive."""
    heard, app = StubGateway(), web.Application()
    SmsChannel(line_config(smsc.port)).add_routes(app, heard)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    bound = await smsc.tells("bind")
    assert bound == {
        "what": "bind",
        "bind": "bind_receiver",
        "system_id": "huiyin",
        "password": "fakepass",
    }
    yield heard
    await server.close()


async def test_a_long_chinese_message(smsc: Smsc, gateway: StubGateway) -> None:
    text = "您反映的窗口排队一事已办好😀。" * 8  # 128 + 6 units of the signature: two parts
    channel = SmsChannel(line_config(smsc.port))
    sending = asyncio.create_task(channel.send(NUMBER, Outgoing(text)))
    parts = [await smsc.tells("submit") for _ in range(2)]
    sent = await sending
    assert "".join(part["text"] for part in parts) == f"【平安回音】{text}"
    assert {(p["coding"], p["registered"], p["to"]) for p in parts} == {(8, 1, "8613900000001")}
    assert [part["udh"][0][-2:] for part in parts] == [[2, 1], [2, 2]]
    assert [part.platform_id for part in sent.parts] == [part["id"] for part in parts]
    assert [(await smsc.tells("receipt_answer"))["status"] for _ in range(2)] == [0, 0]
    told = [(m.kind, m.text, m.extra["platform_id"]) for m in gateway.received]
    assert told == [(Kind.RECEIPT, "success", part["id"]) for part in parts]
    await channel.close()


async def test_a_latin_message_in_one_part(smsc: Smsc, gateway: StubGateway) -> None:
    config = line_config(smsc.port)
    config = replace(config, sign="")  # the SMSC adds it
    channel = SmsChannel(config)
    sending = asyncio.create_task(channel.send(NUMBER, Outgoing("Reply [1] £2")))
    told = await smsc.tells("submit")
    await sending
    assert (told["text"], told["coding"], told["udh"]) == ("Reply [1] £2", 0, None)
    await channel.close()


@pytest.mark.parametrize("text", ["1", "３", "不满意 等了两个小时", "T", "Hello [1] £2 €3"])
async def test_replies(smsc: Smsc, gateway: StubGateway, text: str) -> None:
    assert await smsc.writes(short_message=text) == 0
    (message,) = gateway.received
    assert (message.sender, message.text, message.extra) == (
        NUMBER,
        text,
        {"dest_code": "10690000"},
    )


async def test_a_reply_in_the_payload_tag(smsc: Smsc, gateway: StubGateway) -> None:
    text = "等了两个小时没人理，" * 20
    assert await smsc.writes(message_payload=text, data_coding=8) == 0
    assert gateway.received[0].text == text
