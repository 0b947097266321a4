"""Alibaba Cloud SMS, interface 2017-05-25, signed with ACS3-HMAC-SHA256.

Signed by hand: the official SDK brings a dozen packages for one call.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web
from yarl import URL

from bot.channels.base import Gateway, Part, Sent, TransportError
from bot.channels.sms import outcome, render
from bot.channels.sms.callbacks import Callbacks, Report, Uplink, beijing_moment, text_field
from bot.channels.sms.config import CloudConfig, SmsConfig
from bot.channels.sms.http import Http
from bot.channels.sms.parts import count
from bot.channels.sms.provider import OUT_BEFORE
from bot.channels.sms.templates import Filled, fill, read_templates

ACTION, VERSION = "SendSms", "2017-05-25"


class Alibaba:
    """One account at Alibaba."""

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
        query = canonical_query(self._query(number, filled))
        headers = self._headers(query)
        url = str(URL(f"{self._cloud.base_url.rstrip('/')}/?{query}", encoded=True))
        answer = await self._http.post(url, headers)
        if answer.get("Code") != "OK":
            raise outcome.refused(outcome.ALIBABA, str(answer.get("Code", "")), self._clock)
        parts = count(render.signed(self._config.sign) + words)
        biz_id = str(answer.get("BizId", ""))
        part = Part(biz_id, parts, self._config.fen_per_part * parts)
        return Sent("template", f"template {filled.id}", biz_id, (part,))

    def _query(self, number: str, filled: Filled) -> dict[str, str]:
        return {
            "PhoneNumbers": number.removeprefix("+86").replace("+", "00"),
            "SignName": self._config.sign.strip("【】 "),
            "TemplateCode": filled.id,
            "TemplateParam": json.dumps(filled.values, ensure_ascii=False),
        }

    def _headers(self, query: str) -> dict[str, str]:
        moment = datetime.fromtimestamp(self._clock(), UTC)
        headers = {
            "host": urlsplit(self._cloud.base_url).netloc,
            "x-acs-action": ACTION,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": VERSION,
        }
        return {**headers, "Authorization": authorization(self._cloud, headers, query)}

    async def close(self) -> None:
        await self._http.close()

    def _read_reports(self, body: Any) -> list[Report]:
        """The array of a SmsReport."""
        if not isinstance(body, list):
            raise ValueError("no array")
        return [
            Report(
                platform_id=text_field(item, "biz_id"),
                delivered=str(item.get("success")).lower() == "true",
                reason=f"{item.get('err_code', '')} {item.get('err_msg', '')}".strip(),
            )
            for item in body
        ]

    def _read_uplinks(self, body: Any) -> list[Uplink]:
        """The array of a SmsUp; its times are Beijing's. It may come several times."""
        if not isinstance(body, list):
            raise ValueError("no array")
        return [
            Uplink(
                number=_e164(text_field(item, "phone_number")),
                text=str(item.get("content", "")),
                sent_at=beijing_moment(text_field(item, "send_time")),
                message_id=str(item.get("sequence_id") or ""),
                extra={"dest_code": str(item.get("dest_code", ""))},
            )
            for item in body
        ]


def canonical_query(values: Mapping[str, str]) -> str:
    """The query in the order and the escapes that are signed."""
    pairs = ((quote(name, safe="-_.~"), quote(text, safe="-_.~")) for name, text in values.items())
    return "&".join(f"{name}={text}" for name, text in sorted(pairs))


def authorization(cloud: CloudConfig, headers: Mapping[str, str], query: str) -> str:
    """The header that signs query and headers (names in lower case) of a call without a body."""
    ordered = sorted(headers.items())
    names = ";".join(name for name, _ in ordered)
    head = "".join(f"{name}:{text.strip()}\n" for name, text in ordered)
    canonical = f"POST\n/\n{query}\n{head}\n{names}\n{headers['x-acs-content-sha256']}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key, words = cloud.key_secret.encode(), f"ACS3-HMAC-SHA256\n{digest}"
    signature = hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={cloud.key_id},SignedHeaders={names},Signature={signature}"


def _e164(number: str) -> str:
    """13900000000, 8613900000000 or 0085291234567, as Alibaba writes numbers."""
    digits = number.lstrip("+").removeprefix("00")
    mainland = len(digits) == 11 and digits.startswith("1")
    return f"+86{digits}" if mainland else f"+{digits}"


def _taken(well: bool) -> dict[str, Any]:
    return {"code": 0, "msg": "成功"} if well else {"code": 1, "msg": "not stored"}
