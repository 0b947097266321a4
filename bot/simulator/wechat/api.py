"""The account's API over HTTP: who may call, what failed, what it answers."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.simulator.wechat import api_media, api_messages
from bot.simulator.wechat.account import CHANNEL, Account
from bot.simulator.wechat.api_messages import PERSON, Start
from bot.simulator.wechat.body import read_json
from bot.simulator.wechat.callbacks import Callbacks
from bot.simulator.wechat.errors import PlatformError
from bot.simulator.wechat.tickets import Ticket

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Call = Callable[[Account, web.Request], Awaitable[dict[str, Any]]]


class WeChatApi:
    """Routes of `https://api.weixin.qq.com` (and of `mp.weixin.qq.com/cgi-bin/showqrcode`)."""

    def __init__(self, account: Account, callbacks: Callbacks, start: Start) -> None:
        self._account = account
        self._messages = api_messages.Messages(account, callbacks, start)

    def routes(self) -> list[web.RouteDef]:
        """To be mounted under a prefix."""
        return [
            web.get("/cgi-bin/token", self._answer(token, open_to_all=True)),
            web.post("/cgi-bin/stable_token", self._answer(stable_token, open_to_all=True)),
            web.post("/cgi-bin/message/custom/send", self._answer(self._messages.customer)),
            web.post("/cgi-bin/message/custom/typing", self._answer(self._messages.typing)),
            web.post("/cgi-bin/message/template/send", self._answer(self._messages.template)),
            web.post("/cgi-bin/message/subscribe/bizsend", self._answer(self._messages.notice)),
            web.post("/cgi-bin/qrcode/create", self._answer(create_code)),
            web.get("/cgi-bin/showqrcode", self._show_code),
            web.post("/cgi-bin/media/upload", self._answer(api_media.upload)),
            web.get("/cgi-bin/media/get", self._media),
            web.get("/cgi-bin/user/info", self._answer(user_info)),
            web.post("/cgi-bin/menu/create", self._answer(create_menu)),
            web.get("/cgi-bin/menu/get", self._answer(get_menu)),
        ]

    def _answer(self, call: Call, *, open_to_all: bool = False) -> Handler:
        """Counts and authorises the call; errors are answered as the platform does."""

        async def handler(request: web.Request) -> web.Response:
            started = time.monotonic()
            code, body = 0, {}
            try:
                self._admit(request, open_to_all=open_to_all)
                body = {**await call(self._account, request)}
            except PlatformError as error:
                code, body = error.code, error.body()
            self._note(request, code, started)
            return web.json_response(body)

        return handler

    def _admit(self, request: web.Request, *, open_to_all: bool = False) -> None:
        if not open_to_all:
            self._account.tokens.check(request.query.get("access_token"))
        self._account.count_call(_path(request))

    def _note(self, request: web.Request, code: int, started: float) -> None:
        note_call(self._account, request, code, started)

    async def _media(self, request: web.Request) -> web.Response:
        started = time.monotonic()
        try:
            self._admit(request)
            response = api_media.download(self._account, request.query.get("media_id"))
            self._note(request, 0, started)
        except PlatformError as error:
            self._note(request, error.code, started)
            response = web.json_response(error.body())
        return response

    async def _show_code(self, request: web.Request) -> web.Response:
        ticket = self._account.tickets.get(request.query.get("ticket", ""))
        if ticket is None:
            raise web.HTTPNotFound
        return picture(ticket)


def note_call(account: Account, request: web.Request, code: int, started: float) -> None:
    """Writes an API call to the strip; `request[PERSON]` if the call is to somebody."""
    account.transcript.write_wire(
        CHANNEL,
        request.get(PERSON, ""),
        way="api",
        what=_path(request).removeprefix("/cgi-bin/"),
        outcome=str(code),
        status=200,
        milliseconds=round((time.monotonic() - started) * 1000),
    )


def picture(ticket: Ticket) -> web.Response:
    return web.Response(body=ticket.picture(), content_type="image/png")


def _path(request: web.Request) -> str:
    return request.path[request.path.index("/cgi-bin/") :]


def _check_application(account: Account, given: dict[str, Any]) -> None:
    if given.get("grant_type") != "client_credential":
        raise PlatformError(40002)
    if not given.get("appid"):
        raise PlatformError(41002)
    if given["appid"] != account.config.app_id:
        raise PlatformError(40013)
    if not given.get("secret"):
        raise PlatformError(41004)
    if given["secret"] != account.config.app_secret:
        raise PlatformError(40125)


async def token(account: Account, request: web.Request) -> dict[str, Any]:
    _check_application(account, dict(request.query))
    value, seconds = account.tokens.classic()
    return {"access_token": value, "expires_in": seconds}


async def stable_token(account: Account, request: web.Request) -> dict[str, Any]:
    body = await read_json(request)
    _check_application(account, body)
    value, seconds = account.tokens.stable(force=body.get("force_refresh") is True)
    return {"access_token": value, "expires_in": seconds}


async def create_code(account: Account, request: web.Request) -> dict[str, Any]:
    if account.config.account == "subscription":
        raise PlatformError(48001)
    return account.tickets.create(await read_json(request))


async def user_info(account: Account, request: web.Request) -> dict[str, Any]:
    follower = account.known(request.query.get("openid"))
    if not follower.subscribed:
        return {"subscribe": 0, "openid": follower.openid}
    return {
        "subscribe": 1,
        "openid": follower.openid,
        "language": request.query.get("lang", "zh_CN"),
        "subscribe_time": int(follower.since.timestamp()) if follower.since else 0,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": follower.scene,
    }


async def create_menu(account: Account, request: web.Request) -> dict[str, Any]:
    buttons = (await read_json(request)).get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise PlatformError(40035, "button")
    account.menu = buttons
    account.transcript.announce("menu", {"menu": buttons})
    return PlatformError(0).body()


async def get_menu(account: Account, request: web.Request) -> dict[str, Any]:
    return {"menu": {"button": account.menu}}
