"""A little server with the interface of the clouds' interactive calls.

Signatures are checked, a number is rung at most once a minute, each call is reported by a signed
callback. What a number does when it rings is a script: keys to press, or busy, silent, hung_up.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

ANSWERED, BUSY, SILENT = "200000", "200003", "200002"
_STATUS = {"busy": BUSY, "silent": SILENT, "hung_up": ANSWERED}
_SKEW = 300  # seconds


@dataclass
class VoiceVendor:
    """`scripts`: number → keys ("*1") or busy, silent, hung_up; `repeats`: how often each report
    is sent; `callback`: where to. `calls` holds what was asked for."""

    key_id: str
    key_secret: str
    callback: str
    scripts: dict[str, str] = field(default_factory=dict)
    repeats: int = 1
    calls: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    _rung: dict[str, float] = field(default_factory=dict)
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def application(self) -> web.Application:
        """Serves POST /calls."""
        app = web.Application()
        app.router.add_post("/calls", self._take)
        return app

    async def settle(self) -> None:
        """Waits until all calls are over and reported."""
        await asyncio.gather(*self._running)

    async def _take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        if request.headers.get("X-Voice-Key") != self.key_id or not self._signed(request, raw):
            return _refused("SignatureDoesNotMatch")
        body = json.loads(raw)
        number = str(body.get("CalledNumber", ""))
        if not body.get("StartCode") or not body.get("OutId"):
            return _refused("MissingParameter")
        if time.monotonic() - self._rung.get(number, -60) < 60:
            return _refused("isv.BUSINESS_LIMIT_CONTROL")
        self._rung[number] = time.monotonic()
        call_id = f"{secrets.randbelow(10**12)}^{secrets.randbelow(10**11)}"
        self.calls.append(body)
        task = asyncio.create_task(self._ring(number, call_id, str(body["OutId"])))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return web.json_response({"Code": "OK", "CallId": call_id, "Message": "OK"})

    async def _ring(self, number: str, call_id: str, out_id: str) -> None:
        script = self.scripts.get(number, "silent")
        told = {
            "call_id": call_id,
            "out_id": out_id,
            "status_code": _STATUS.get(script, ANSWERED),
            "dtmf": "" if script in _STATUS else script,
        }
        raw = json.dumps([told]).encode()
        async with aiohttp.ClientSession() as session:
            for _ in range(self.repeats):
                async with session.post(
                    self.callback, data=raw, headers=self._headers(raw)
                ) as answer:
                    self.answers.append(answer.status)

    def _headers(self, raw: bytes) -> dict[str, str]:
        moment, nonce = str(int(time.time())), secrets.token_hex(8)
        return {
            "Content-Type": "application/json",
            "X-Voice-Timestamp": moment,
            "X-Voice-Nonce": nonce,
            "X-Voice-Signature": self._mark(moment, nonce, raw),
        }

    def _signed(self, request: web.Request, raw: bytes) -> bool:
        moment = request.headers.get("X-Voice-Timestamp", "")
        if not moment.isdecimal() or abs(int(moment) - time.time()) > _SKEW:
            return False
        mark = self._mark(moment, request.headers.get("X-Voice-Nonce", ""), raw)
        return hmac.compare_digest(mark, request.headers.get("X-Voice-Signature", ""))

    def _mark(self, moment: str, nonce: str, raw: bytes) -> str:
        told = f"{moment}\n{nonce}\n{hashlib.sha256(raw).hexdigest()}"
        return hmac.new(self.key_secret.encode(), told.encode(), hashlib.sha256).hexdigest()


def _refused(code: str) -> web.Response:
    return web.json_response({"Code": code, "Message": "(fake)"}, status=400)
