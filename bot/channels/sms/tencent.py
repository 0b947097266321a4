"""Tencent Cloud SMS, interface 2021-01-11, signed with TC3-HMAC-SHA256.

Signed by hand: the official SDK blocks, and brings a client for each call that it knows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.base import Gateway, Part, Sent, TransportError
from bot.channels.sms import outcome, render
from bot.channels.sms.callbacks import Callbacks, Report, Uplink, text_field
from bot.channels.sms.config import CloudConfig, SmsConfig
from bot.channels.sms.http import Http
from bot.channels.sms.parts import count
from bot.channels.sms.provider import OUT_BEFORE
from bot.channels.sms.templates import Filled, fill, read_templates

SERVICE, VERSION, ACTION = "sms", "2021-01-11", "SendSms"
_TYPE = "application/json; charset=utf-8"


class Tencent:
    """One application at Tencent."""

    gsm = False

    def __init__(
        self, config: SmsConfig, cloud: CloudConfig, clock: Callable[[], float] = time.time
    ) -> None:
        self._config = config
        self._cloud = cloud
        self._clock = clock
        self._templates = read_templates(cloud.templates)
        self._http = Http()
        self._callbacks = Callbacks(config, clock, self._read_reports, self._read_uplinks, _taken)

    @property
    def passed_over(self) -> int:
        return self._callbacks.passed_over

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        self._callbacks.add_routes(app, gateway)

    async def send(self, number: str, words: str, skip: int) -> Sent:
        """Sends the template that says these words; the cloud cuts it into parts itself."""
        if skip:  # it is out, and all that was lost is that it was: nobody pays for it twice
            return Sent("template", OUT_BEFORE)
        filled = fill(self._templates, words)
        if filled is None:
            raise TransportError("sms: no approved template says this", permanent=True)
        content = json.dumps(self._body(number, filled)).encode()
        address = f"{self._cloud.base_url.rstrip('/')}/"
        answer = await self._http.post(address, self._headers(content), content=content)
        status = _status(answer)
        if status["Code"] != "Ok":
            raise outcome.refused(outcome.TENCENT, str(status["Code"]), self._clock)
        parts = count(render.signed(self._config.sign) + words)
        serial = str(status["SerialNo"])
        part = Part(serial, parts, self._config.fen_per_part * parts)
        return Sent("template", f"template {filled.id}", serial, (part,))

    def _body(self, number: str, filled: Filled) -> dict[str, Any]:
        return {
            "PhoneNumberSet": [number],
            "SmsSdkAppId": self._cloud.app_id,
            "SignName": self._config.sign.strip("【】 "),
            "TemplateId": filled.id,
            "TemplateParamSet": list(filled.values.values()),
        }

    def _headers(self, content: bytes) -> dict[str, str]:
        host = urlsplit(self._cloud.base_url).netloc
        moment = int(self._clock())
        return {
            "Content-Type": _TYPE,
            "Host": host,
            "X-TC-Action": ACTION,
            "X-TC-Version": VERSION,
            "X-TC-Region": self._cloud.region,
            "X-TC-Timestamp": str(moment),
            "Authorization": authorization(self._cloud, host, content, moment),
        }

    async def close(self) -> None:
        await self._http.close()

    def _read_reports(self, body: Any) -> list[Report]:
        """The array of a status callback."""
        if not isinstance(body, list):
            raise ValueError("no array")
        return [
            Report(
                platform_id=text_field(item, "sid"),
                delivered=text_field(item, "report_status") == "SUCCESS",
                reason=f"{item.get('errmsg', '')} {item.get('description', '')}".strip(),
            )
            for item in body
        ]

    def _read_uplinks(self, body: Any) -> list[Uplink]:
        """The object of a reply. It has no id of its own: what it says and when is its id."""
        if not isinstance(body, dict):
            raise ValueError("no object")
        nation = str(body.get("nationcode") or "86").lstrip("+")
        seconds = float(text_field(body, "time"))
        return [
            Uplink(
                number=f"+{nation}{text_field(body, 'mobile').lstrip('+')}",
                text=str(body.get("text", "")),
                sent_at=datetime.fromtimestamp(seconds, UTC),
                message_id="",
                extra={"extend": str(body.get("extend", "")), "sign": str(body.get("sign", ""))},
            )
        ]


def authorization(cloud: CloudConfig, host: str, content: bytes, moment: int) -> str:
    """The header that signs the content; `moment` in seconds since 1970."""
    day = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")
    names = "content-type;host"
    head = f"content-type:{_TYPE}\nhost:{host}\n"
    canonical = f"POST\n/\n\n{head}\n{names}\n{hashlib.sha256(content).hexdigest()}"
    scope = f"{day}/{SERVICE}/tc3_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"TC3{cloud.key_secret}".encode()
    for word in (day, SERVICE, "tc3_request"):
        key = _keyed(key, word)
    signature = _keyed(key, f"TC3-HMAC-SHA256\n{moment}\n{scope}\n{digest}").hex()
    return (
        f"TC3-HMAC-SHA256 Credential={cloud.key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )


def _keyed(key: bytes, word: str) -> bytes:
    return hmac.new(key, word.encode(), hashlib.sha256).digest()


def _status(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What became of our one number; an error of the whole call looks the same."""
    response = answer.get("Response")
    if isinstance(response, dict):
        if isinstance(response.get("Error"), dict):
            return {"Code": response["Error"].get("Code", "")}
        found = response.get("SendStatusSet")
        if isinstance(found, list) and found and isinstance(found[0], dict):
            return {"Code": "", "SerialNo": "", **found[0]}
    raise TransportError("sms: an answer that nobody understands")


def _taken(well: bool) -> dict[str, Any]:
    return {"result": 0, "errmsg": "OK"} if well else {"result": 1, "errmsg": "not stored"}
