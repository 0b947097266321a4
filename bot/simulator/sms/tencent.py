"""Tencent Cloud's SMS interface: TC3 signatures checked, templates, limits, balance, callbacks."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

from bot.simulator.posted import Answer
from bot.simulator.sms.callbacks import Callbacks
from bot.simulator.sms.carrier import CHANNEL, Carrier
from bot.simulator.sms.templates import approved, numbered, parts

SKEW = 300  # seconds
FEE = 5  # fen a part
_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/sms/tc3_request, "
    r"SignedHeaders=([a-z;-]+), Signature=([0-9a-f]{64})"
)
type Start = Callable[[Coroutine[Any, Any, Any]], None]


class _RefusedError(Exception):
    """Answered as the whole call's error."""


class TencentApi:
    def __init__(self, carrier: Carrier, callbacks: Callbacks, start: Start) -> None:
        self._carrier = carrier
        self._config = carrier.config
        self._callbacks = callbacks
        self._start = start
        self._templates = approved(carrier.config.templates)

    def routes(self) -> list[web.RouteDef]:
        """To be mounted under a prefix."""
        return [web.post("/", self._call)]

    async def uplink(self, name: str, text: str, deliveries: int = 1) -> list[Answer]:
        """What somebody writes back: an object without an id."""
        handset, entry = self._carrier.writes(name, text)
        body = {
            "extend": "00",
            "mobile": handset.number.removeprefix("86"),
            "nationcode": "86",
            "sign": self._config.sign,
            "text": text,
            "time": int(time.time()),
        }
        answers = await self._callbacks.post("uplink", name, body, deliveries)
        taken = any(answer.outcome == "ok" for answer in answers)
        self._carrier.transcript.change(entry, state="delivered" if taken else "failed")
        return answers

    async def _call(self, request: web.Request) -> web.Response:
        started, raw = time.monotonic(), await request.read()
        request_id, code = secrets.token_hex(8), ""
        try:
            self._check(request, raw)
            response = {"SendStatusSet": [self._send(n, raw) for n in _numbers(raw)]}
            code = response["SendStatusSet"][0]["Code"]
        except _RefusedError as error:
            code = str(error)
            response = {"Error": {"Code": code, "Message": "(fake)"}}  # type: ignore[dict-item]
        self._note(code, started)
        return web.json_response({"Response": {**response, "RequestId": request_id}})

    def _check(self, request: web.Request, raw: bytes) -> None:
        """Whether it is signed with our key, just now. Raises _RefusedError."""
        found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
        moment = request.headers.get("X-TC-Timestamp", "")
        if found is None or not moment.isdecimal():
            raise _RefusedError("AuthFailure.SignatureFailure")
        if abs(int(moment) - time.time()) > SKEW:
            raise _RefusedError("AuthFailure.SignatureExpire")
        if found[1] != self._config.key_id:
            raise _RefusedError("AuthFailure.SecretIdNotFound")
        if not hmac.compare_digest(found[4], self._signature(request, raw, found, moment)):
            raise _RefusedError("AuthFailure.SignatureFailure")
        if request.headers.get("X-TC-Action") != "SendSms":
            raise _RefusedError("InvalidAction")
        if request.headers.get("X-TC-Version") != "2021-01-11":
            raise _RefusedError("NoSuchVersion")

    def _signature(
        self, request: web.Request, raw: bytes, found: re.Match[str], moment: str
    ) -> str:
        headers = "".join(
            f"{name}:{request.headers.get(name, '').strip().lower()}\n"
            for name in found[3].split(";")
        )
        body = hashlib.sha256(raw).hexdigest()
        canonical = f"POST\n/\n\n{headers}\n{found[3]}\n{body}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        words = f"TC3-HMAC-SHA256\n{moment}\n{found[2]}/sms/tc3_request\n{digest}"
        key = f"TC3{self._config.key_secret}".encode()
        for part in (found[2], "sms", "tc3_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, words.encode(), "sha256").hex()

    def _send(self, number: str, raw: bytes) -> dict[str, Any]:
        """What becomes of one number, as SendStatusSet lists it."""
        body = json.loads(raw)
        text = numbered(
            self._templates.get(str(body.get("TemplateId")), ""), body.get("TemplateParamSet") or []
        )
        code, fee = self._refusal(body, number, text), 0
        serial = secrets.token_hex(12)
        if not code and text is not None:
            whole = f"【{self._config.sign}】{text}"
            fee = parts(whole)
            self._carrier.balance -= fee * FEE
            self._start(self._bring(number.lstrip("+"), whole, serial))
        return {
            "SerialNo": "" if code else serial,
            "PhoneNumber": number,
            "Fee": fee,
            "SessionContext": "",
            "Code": code or "Ok",
            "Message": "(fake)" if code else "send success",
            "IsoCode": "CN",
        }

    def _refusal(self, body: dict[str, Any], number: str, text: str | None) -> str:
        if body.get("SmsSdkAppId") != self._config.app_id:
            return "UnauthorizedOperation.SmsSdkAppIdVerifyFail"
        if body.get("SignName") != self._config.sign:
            return "FailedOperation.SignatureIncorrectOrUnapproved"
        if str(body.get("TemplateId")) not in self._templates:
            return "FailedOperation.TemplateIncorrectOrUnapproved"
        if text is None:
            return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
        if not re.fullmatch(r"\+861[3-9]\d{9}|\+85[23]\d{8}", number):
            return "InvalidParameterValue.IncorrectPhoneNumber"
        if self._carrier.balance < FEE:
            return "FailedOperation.InsufficientBalanceInSmsPackage"
        too_many = self._carrier.had_too_many(number.lstrip("+"))
        return {
            "hour": "LimitExceeded.PhoneNumberOneHourLimit",
            "day": "LimitExceeded.PhoneNumberDailyLimit",
        }.get(too_many, "")

    async def _bring(self, number: str, text: str, serial: str) -> None:
        """Brings the message, and reports on it."""
        arrived = self._carrier.bring(number, text, "tencent")
        report = {
            "user_receive_time": time.strftime("%Y-%m-%d %H:%M:%S"),
            "nationcode": "86",
            "mobile": number.removeprefix("86"),
            "report_status": "SUCCESS" if arrived else "FAIL",
            "errmsg": "DELIVRD" if arrived else "UNDELIV",
            "description": "用户短信送达成功" if arrived else "用户关机",
            "sid": serial,
        }
        await self._callbacks.post("report", self._carrier.by_number(number).name, [report])

    def _note(self, code: str, started: float) -> None:
        self._carrier.transcript.write_wire(
            CHANNEL,
            "",
            way="api",
            what="SendSms",
            outcome="ok" if code == "Ok" else code,
            status=200,
            milliseconds=round((time.monotonic() - started) * 1000),
        )


def _numbers(raw: bytes) -> list[str]:
    try:
        return [str(number) for number in json.loads(raw)["PhoneNumberSet"]]
    except (ValueError, KeyError, TypeError) as error:
        raise _RefusedError("InvalidParameter") from error
