"""Sending: customer messages, template messages, subscription notices."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.simulator.wechat import show
from bot.simulator.wechat.account import CHANNEL, Account, Follower
from bot.simulator.wechat.body import read_json
from bot.simulator.wechat.callbacks import Callbacks
from bot.simulator.wechat.errors import PlatformError

Start = Callable[[Coroutine[Any, Any, None]], None]
OK = PlatformError(0).body()
PERSON = web.RequestKey("person", str)
KEY_HOLDS = timedelta(minutes=10)


class Messages:
    """The calls under /cgi-bin/message."""

    def __init__(self, account: Account, callbacks: Callbacks, start: Start) -> None:
        self._account = account
        self._callbacks = callbacks
        self._start = start
        self._keys: dict[tuple[str, str], datetime] = {}  # of template messages, and when

    async def customer(self, account: Account, request: web.Request) -> dict[str, Any]:
        """message/custom/send. A refused message does not count."""
        body = await read_json(request)
        follower = _addressee(account, request, body)
        kind = str(body.get("msgtype", ""))
        content = body.get(kind)
        if not isinstance(content, dict):
            raise PlatformError(40008)
        if kind == "msgmenu" and account.config.account == "subscription":
            raise PlatformError(40200)
        check_content(account, kind, content)
        if code := follower.windows.spend(account.clock.now()):
            raise PlatformError(code)
        show_content(account, follower, kind, content)
        return OK

    async def typing(self, account: Account, request: web.Request) -> dict[str, Any]:
        body = await read_json(request)
        follower = _addressee(account, request, body)
        on = body.get("command") == "Typing"
        account.transcript.announce(
            "typing", {"channel": CHANNEL, "person": follower.name, "on": on}
        )
        return OK

    async def template(self, account: Account, request: web.Request) -> dict[str, Any]:
        """message/template/send; afterwards the platform reports by TEMPLATESENDJOBFINISH."""
        if account.config.account == "subscription":
            raise PlatformError(48001)
        body = await read_json(request)
        follower = _addressee(account, request, body)
        if not body.get("template_id"):
            raise PlatformError(40037)
        message_id = 1 << 60 | secrets.randbits(60)
        if self._is_repeated(follower, str(body.get("client_msg_id") or "")):
            return {**OK, "msgid": message_id}
        show.show_card(account, follower, body, "template")
        self._start(self._report(follower, message_id))
        return {**OK, "msgid": message_id}

    def _is_repeated(self, follower: Follower, key: str) -> bool:
        """Whether one of that client_msg_id went to this person shortly before; "" is none."""
        if not key:
            return False
        now = self._account.clock.now()
        before = self._keys.get((follower.openid, key))
        self._keys[follower.openid, key] = now
        return before is not None and now - before < KEY_HOLDS

    async def notice(self, account: Account, request: web.Request) -> dict[str, Any]:
        """message/subscribe/bizsend: needs the person's consent, reaches non-followers too."""
        body = await read_json(request)
        follower = account.known(body.get("touser"))
        request[PERSON] = follower.name
        template = str(body.get("template_id") or "")
        if not template:
            raise PlatformError(40037)
        if follower.notices[template] <= 0:
            raise PlatformError(43101)
        show.show_card(account, follower, body, "subscribe")
        follower.notices[template] -= 1
        return OK

    async def _report(self, follower: Follower, message_id: int) -> None:
        fields = {
            "ToUserName": self._account.config.original_id,
            "FromUserName": follower.openid,
            "CreateTime": self._account.clock.seconds(),
            "MsgType": "event",
            "Event": "TEMPLATESENDJOBFINISH",
            "MsgID": message_id,
            "Status": "success",
        }
        xml = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
        await self._callbacks.deliver(follower, xml, quiet=True)


def _addressee(account: Account, request: web.Request, body: dict[str, Any]) -> Follower:
    follower = account.addressee(body.get("touser"))
    request[PERSON] = follower.name
    return follower


def check_content(account: Account, kind: str, content: dict[str, Any]) -> None:
    """Raises what the platform refuses about the content, before it counts the message."""
    if kind == "text":
        words = str(content.get("content") or "")
        if not words.strip():
            raise PlatformError(44004)
        if len(words.encode()) > account.config.text_limit:
            raise PlatformError(45002)
    elif kind in ("image", "voice"):
        account.media(content.get("media_id"))
    elif kind == "msgmenu":
        rows = content.get("list")
        if not rows or not all(row.get("id") and row.get("content") for row in rows):
            raise PlatformError(40035, "msgmenu.list")
    else:
        raise PlatformError(40008)


def show_content(account: Account, follower: Follower, kind: str, content: dict[str, Any]) -> None:
    if kind == "text":
        show.show_text(account, follower, content["content"], "customer")
    elif kind == "msgmenu":
        show.show_menu(account, follower, content, "customer")
    else:
        show.show_media(account, follower, kind, content["media_id"], "customer")
