"""What a cloud calls us with: receipts and replies, under a path that only it is told.

Neither cloud signs its callbacks. A secret path, the networks they come from, a limit for each
number and TLS keep strangers out; what comes in is still nobody's proven word.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import structlog
from aiohttp import web

from bot.channels.base import Gateway
from bot.channels.outside import read_json
from bot.channels.sms.config import SmsConfig
from bot.channels.sms.flood import Flood
from bot.channels.sms.incoming import receipt, said
from bot.message import Incoming

_NUMBER = re.compile(r"\+[0-9]{3,20}")
_BEIJING = timezone(timedelta(hours=8))
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message of ours; `reason` in the cloud's words."""

    platform_id: str
    delivered: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Uplink:
    """A reply: E.164 number, words, aware moment; `message_id` is empty where there is none."""

    number: str
    text: str
    sent_at: datetime
    message_id: str
    extra: dict[str, str] = field(default_factory=dict)


class Callbacks:
    """`…/report` takes receipts, `…/uplink` replies; 64 KiB at most, as the whole application does.

    `taken` makes the cloud's answer.

    Alibaba waits 700 ms: everything is stored, nothing is thought about before we answer.
    """

    def __init__(
        self,
        config: SmsConfig,
        clock: Callable[[], float],
        reports: Callable[[Any], list[Report]],
        uplinks: Callable[[Any], list[Uplink]],
        taken: Callable[[bool], dict[str, Any]],
    ) -> None:
        self._config = config
        self._networks = config.networks
        self._flood = Flood(clock)
        self._reports = reports
        self._uplinks = uplinks
        self._taken = taken

    @property
    def passed_over(self) -> int:
        return self._flood.passed_over

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        async def report(request: web.Request) -> web.Response:
            return await self._take(request, gateway, self._receipts)

        async def uplink(request: web.Request) -> web.Response:
            return await self._take(request, gateway, self._messages)

        app.router.add_post("/sms/{secret}/report", report)
        app.router.add_post("/sms/{secret}/uplink", uplink)

    async def _take(
        self, request: web.Request, gateway: Gateway, read: Callable[[Any], list[Incoming]]
    ) -> web.Response:
        """Taken once all is stored; else the cloud sends it again, which is done only once."""
        if not self._is_known(request):
            return web.Response(status=404)
        try:
            messages = read(read_json(await request.read()))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            log.warning("sms: a callback cannot be read", reason=type(error).__name__)
            return web.json_response(self._taken(True))  # it would not read better again
        try:
            for message in messages:
                await gateway.receive(message, wait=0)
        except Exception as error:
            log.error("sms: a callback could not be stored", reason=type(error).__name__)
            return web.json_response(self._taken(False), status=500)
        return web.json_response(self._taken(True))

    def _is_known(self, request: web.Request) -> bool:
        secret = request.match_info["secret"].encode()
        known = hmac.compare_digest(secret, self._config.callback_secret.encode())
        if known and self._networks and not self._is_inside(request.remote):
            log.warning("sms: a callback from outside its networks")
            return False
        return known

    def _is_inside(self, remote: str | None) -> bool:
        try:
            address = ipaddress.ip_address(remote or "")
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def _receipts(self, body: Any) -> list[Incoming]:
        return [
            receipt(each.platform_id, delivered=each.delivered, reason=each.reason)
            for each in self._reports(body)
        ]

    def _messages(self, body: Any) -> list[Incoming]:
        found = []
        for each in self._uplinks(body):
            if not _NUMBER.fullmatch(each.number):
                log.warning("sms: a reply from no number, passed over")
                continue
            if self._flood.is_too_much(each.number):
                log.warning("sms: too many replies from one number, passed over")
                continue
            key = each.message_id or _key(each)
            found.append(said(each.number, each.text, each.sent_at, key, each.extra))
        return found


def beijing_moment(text: str) -> datetime:
    """`2026-11-20 14:05:00` in Beijing as an aware moment. Raises ValueError."""
    local = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_BEIJING)
    return local.astimezone(UTC)


def text_field(item: Any, name: str) -> str:
    """The field as text. Raises KeyError when it is missing, ValueError when it is empty."""
    text = str(item[name]).strip()
    if not text:
        raise ValueError(f"{name} is empty")
    return text


def _key(uplink: Uplink) -> str:
    """What makes a reply without an id the same: who, when, what, to which of our numbers."""
    told = (uplink.number, uplink.sent_at.isoformat(), uplink.text, uplink.extra.get("extend", ""))
    return hashlib.sha256("\0".join(told).encode()).hexdigest()
