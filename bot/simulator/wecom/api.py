"""The API over HTTP, as at https://qyapi.weixin.qq.com: who may call, and what it answers."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.simulator.wecom import media
from bot.simulator.wecom.callbacks import Callbacks
from bot.simulator.wecom.corp import CHANNEL, Corp
from bot.simulator.wecom.errors import RefusedError
from bot.simulator.wecom.messages import Messages

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Call = Callable[[web.Request], Awaitable[dict[str, Any] | web.Response]]
_PERSON = web.RequestKey("member", str)


class WeComApi:
    """The calls that an app needs; each is written to the strip."""

    def __init__(self, corp: Corp, callbacks: Callbacks) -> None:
        self._corp = corp
        self._messages = Messages(corp, callbacks)

    def routes(self) -> list[web.RouteDef]:
        """To be mounted under a prefix."""
        return [
            web.get("/cgi-bin/gettoken", self._answer(self._get_token, open_to_all=True)),
            web.post("/cgi-bin/message/send", self._answer(self._send)),
            web.post("/cgi-bin/message/update_template_card", self._answer(self._update)),
            web.post("/cgi-bin/media/upload", self._answer(self._upload)),
            web.get("/cgi-bin/media/get", self._answer(self._download)),
        ]

    def _answer(self, call: Call, *, open_to_all: bool = False) -> Handler:
        """Authorises the call; errors are answered as the platform does."""

        async def handler(request: web.Request) -> web.StreamResponse:
            started, code = time.monotonic(), 0
            answer: dict[str, Any] | web.Response
            try:
                if not open_to_all:
                    self._corp.tokens.check(request.query.get("access_token"))
                answer = await call(request)
            except RefusedError as error:
                code, answer = error.code, error.body()
            self._note(request, code, started)
            return answer if isinstance(answer, web.Response) else web.json_response(answer)

        return handler

    async def _get_token(self, request: web.Request) -> dict[str, Any]:
        corp_id, secret = request.query.get("corpid"), request.query.get("corpsecret")
        if not corp_id:
            raise RefusedError(41002)
        if corp_id != self._corp.config.corp_id:
            raise RefusedError(40013)
        if not secret:
            raise RefusedError(41004)
        if secret != self._corp.config.secret:
            raise RefusedError(40001)
        token, seconds = self._corp.tokens.give()
        return {**RefusedError(0).body(), "access_token": token, "expires_in": seconds}

    async def _send(self, request: web.Request) -> dict[str, Any]:
        body = await _read_json(request)
        self._name(request, body.get("touser"))
        return await self._messages.send(body)

    async def _update(self, request: web.Request) -> dict[str, Any]:
        body = await _read_json(request)
        self._name(request, *(body.get("userids") or [])[:1])
        return await self._messages.update_card(body)

    async def _upload(self, request: web.Request) -> dict[str, Any]:
        return {**RefusedError(0).body(), **await media.upload(self._corp, request)}

    async def _download(self, request: web.Request) -> web.Response:
        return media.download(self._corp, request.query.get("media_id"))

    def _name(self, request: web.Request, userid: object = None) -> None:
        """Remembers for the strip to whom the call is."""
        member = self._corp.member(str(userid))
        if member:
            request[_PERSON] = member.name

    def _note(self, request: web.Request, code: int, started: float) -> None:
        self._corp.transcript.write_wire(
            CHANNEL,
            request.get(_PERSON, ""),
            way="api",
            what=request.path.partition("/cgi-bin/")[2],
            outcome=str(code),
            status=200,
            milliseconds=round((time.monotonic() - started) * 1000),
        )


async def _read_json(request: web.Request) -> dict[str, Any]:
    """The body as an object. Raises 44002 for none, 47001 for anything else."""
    raw = await request.read()
    if not raw:
        raise RefusedError(44002)
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise RefusedError(47001) from error
    if not isinstance(body, dict):
        raise RefusedError(47001)
    return body
