"""Alibaba Cloud's SMS interface: ACS3 signatures checked, templates, limits, balance, callbacks."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.simulator.posted import Answer
from bot.simulator.sms.callbacks import Callbacks
from bot.simulator.sms.carrier import CHANNEL, Carrier
from bot.simulator.sms.templates import approved, named, parts

SKEW = 900  # seconds
FEE = 5  # fen a part
_BEIJING = timezone(timedelta(hours=8))
_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})"
)
_SIGNED = frozenset(
    {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce"}
    | {"x-acs-version"}
)
type Start = Callable[[Coroutine[Any, Any, Any]], None]


class AlibabaApi:
    """Each nonce is good once."""

    def __init__(self, carrier: Carrier, callbacks: Callbacks, start: Start) -> None:
        self._carrier = carrier
        self._config = carrier.config
        self._callbacks = callbacks
        self._start = start
        self._templates = approved(carrier.config.templates)
        self._nonces: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        """To be mounted under a prefix."""
        return [web.post("/", self._call)]

    async def uplink(self, name: str, text: str, deliveries: int = 1) -> list[Answer]:
        """What somebody writes back: an array of one."""
        handset, entry = self._carrier.writes(name, text)
        body = {
            "phone_number": handset.number.removeprefix("86"),
            "content": text,
            "send_time": _now(),
            "dest_code": self._config.our_number[-4:],
            "sequence_id": secrets.randbelow(10**12),
        }
        answers = await self._callbacks.post("uplink", name, [body], deliveries)
        taken = any(answer.outcome == "ok" for answer in answers)
        self._carrier.transcript.change(entry, state="delivered" if taken else "failed")
        return answers

    async def _call(self, request: web.Request) -> web.Response:
        started = time.monotonic()
        code = self._unsigned(request, await request.read())
        status = 400 if code else 200
        answer = {} if code else self._send(dict(request.query))
        code = code or answer["Code"]
        self._carrier.transcript.write_wire(
            CHANNEL,
            "",
            way="api",
            what="SendSms",
            outcome="ok" if code == "OK" else code,
            status=status,
            milliseconds=round((time.monotonic() - started) * 1000),
        )
        body = {"Code": code, "Message": code, "RequestId": secrets.token_hex(8), **answer}
        return web.json_response(body, status=status)

    def _unsigned(self, request: web.Request, raw: bytes) -> str:
        """The code for a call that is not signed as it must be; '' for a good one."""
        headers = request.headers
        found = _AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
        if found is None or not set(found[2].split(";")) >= _SIGNED:
            return "IncompleteSignature"
        if found[1] != self._config.key_id:
            return "InvalidAccessKeyId.NotFound"
        if not _is_fresh(headers.get("x-acs-date", "")):
            return "InvalidTimeStamp.Expired"
        nonce = headers.get("x-acs-signature-nonce", "")
        if nonce in self._nonces:
            return "SignatureNonceUsed"
        self._nonces.add(nonce)
        digest = hashlib.sha256(raw).hexdigest()
        good = hmac.compare_digest(found[3], self._signature(request, digest, found[2]))
        if not good or headers.get("x-acs-content-sha256") != digest:
            return "SignatureDoesNotMatch"
        action = (headers.get("x-acs-action"), headers.get("x-acs-version"))
        return "" if action == ("SendSms", "2017-05-25") else "InvalidAction.NotFound"

    def _signature(self, request: web.Request, digest: str, names: str) -> str:
        query = "&".join(
            f"{quote(name, safe='-_.~')}={quote(text, safe='-_.~')}"
            for name, text in sorted(request.query.items())
        )
        head = "".join(
            f"{name}:{request.headers.get(name, '').strip()}\n" for name in names.split(";")
        )
        canonical = f"{request.method}\n/\n{query}\n{head}\n{names}\n{digest}"
        words = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        return hmac.digest(self._config.key_secret.encode(), words.encode(), "sha256").hex()

    def _send(self, query: dict[str, str]) -> dict[str, Any]:
        number = query.get("PhoneNumbers", "")
        if not re.fullmatch(r"1[3-9]\d{9}|0085[23]\d{8}", number):
            return {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}
        if query.get("SignName") != self._config.sign:
            return {"Code": "isv.SMS_SIGNATURE_ILLEGAL"}
        if query.get("TemplateCode") not in self._templates:
            return {"Code": "isv.SMS_TEMPLATE_ILLEGAL"}
        try:
            values = json.loads(query.get("TemplateParam", "{}"))
            text = named(self._templates[query["TemplateCode"]], values)
        except (ValueError, TypeError):
            text = None
        if text is None:
            return {"Code": "isv.TEMPLATE_PARAMS_ILLEGAL"}
        if self._carrier.balance < FEE:
            return {"Code": "isv.AMOUNT_NOT_ENOUGH"}
        whole = number.removeprefix("00") if number.startswith("00") else f"86{number}"
        too_many = self._carrier.had_too_many(whole)
        if too_many:
            codes = {"hour": "isv.BUSINESS_LIMIT_CONTROL", "day": "isv.DAY_LIMIT_CONTROL"}
            return {"Code": codes[too_many]}
        biz_id = f"{secrets.randbelow(10**15)}^0"
        words = f"【{self._config.sign}】{text}"
        self._carrier.balance -= parts(words) * FEE
        self._start(self._bring(whole, words, biz_id))
        return {"Code": "OK", "BizId": biz_id}

    async def _bring(self, number: str, text: str, biz_id: str) -> None:
        """Brings the message, and reports on it."""
        arrived = self._carrier.bring(number, text, "alibaba")
        report = {
            "phone_number": number.removeprefix("86"),
            "send_time": _now(),
            "report_time": _now(),
            "success": arrived,
            "err_code": "DELIVERED" if arrived else "UNDELIV",
            "err_msg": "用户接收成功" if arrived else "用户关机",
            "sms_size": str(parts(text)),
            "biz_id": biz_id,
            "out_id": "",
        }
        await self._callbacks.post("report", self._carrier.by_number(number).name, [report])


def _now() -> str:
    return datetime.now(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def _is_fresh(text: str) -> bool:
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(moment.timestamp() - time.time()) <= SKEW
