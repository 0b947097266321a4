"""A gateway of a few lines: it opens what the platforms send and answers what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import xmltodict
from aiohttp import web
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bot.simulator import FakeWeChatConfig


class StubGateway:
    """`answer` turns a callback's fields into the words of a passive reply, or a raw answer.

    A str is replied to the sender; bytes go out as they are; a Response too. `hold`, when set to
    an Event, keeps every answer back until the event is set. `updates_status` is what the
    Telegram webhook answers, call by call (the last one stays).
    """

    def __init__(self, config: FakeWeChatConfig) -> None:
        self.config = config
        self.crypto = WeChatCrypto(config.token, config.aes_key, config.app_id)
        self.callbacks: list[dict[str, Any]] = []
        self.queries: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.updates: list[dict[str, Any]] = []
        self.update_headers: list[dict[str, str]] = []
        self.updates_status = [200]
        self.answer: Callable[[dict[str, Any]], Any] = lambda fields: b"success"
        self.hold: asyncio.Event | None = None
        self.arrived = asyncio.Event()

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/wechat", self.verify),
                web.post("/wechat", self.callback),
                web.post("/telegram", self.update),
            ]
        )
        return app

    async def verify(self, request: web.Request) -> web.Response:
        q = request.query
        check_signature(self.config.token, q["signature"], q["timestamp"], q["nonce"])
        return web.Response(text=q["echostr"])

    async def callback(self, request: web.Request) -> web.Response:
        q, body = request.query, await request.read()
        check_signature(self.config.token, q["signature"], q["timestamp"], q["nonce"])
        if q.get("encrypt_type") == "aes":
            plain = self.crypto.decrypt_message(
                body.decode(), q["msg_signature"], q["timestamp"], q["nonce"]
            )
        else:
            plain = body.decode()
        fields = xmltodict.parse(plain)["xml"]
        self.queries.append(dict(q))
        self.bodies.append(body)
        self.callbacks.append(fields)
        self.arrived.set()
        if self.hold:
            await self.hold.wait()
        answer = self.answer(fields)
        if isinstance(answer, web.Response):
            return answer
        if isinstance(answer, str):
            answer = self.reply(fields, answer)
        return web.Response(body=answer, content_type="application/xml")

    def reply(self, fields: dict[str, Any], words: str, **changes: str) -> bytes:
        """A passive text reply, encrypted unless the account is in plain mode."""
        rows = {
            "ToUserName": fields["FromUserName"],
            "FromUserName": fields["ToUserName"],
            "CreateTime": "1",
            "MsgType": "text",
            "Content": words,
            **changes,
        }
        return self.seal("".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in rows.items()))

    def seal(self, inside: str) -> bytes:
        xml = f"<xml>{inside}</xml>"
        if self.config.mode == "plain":
            return xml.encode()
        return str(self.crypto.encrypt_message(xml, "nonce", "1700000000")).encode()

    async def update(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.update_headers.append(dict(request.headers))
        status = self.updates_status[0]
        if len(self.updates_status) > 1:
            self.updates_status.pop(0)
        self.arrived.set()
        return web.Response(status=status)
