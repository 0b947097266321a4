"""Building the simulator: the platforms, the control API, the phone page, in one server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.simulator import memory
from bot.simulator.clock import Clock, system_time
from bot.simulator.config import SimulatorConfig
from bot.simulator.control.phones import PhoneRoutes
from bot.simulator.control.tools import ToolRoutes
from bot.simulator.control.watch import CLOSING, WatchRoutes
from bot.simulator.faults import Fault, cut, hang
from bot.simulator.stage import Stage
from bot.simulator.telegram.api import TelegramApi
from bot.simulator.telegram.errors import ApiError
from bot.simulator.wechat.api import WeChatApi
from bot.simulator.wechat.errors import PlatformError
from bot.simulator.wecom.api import WeComApi
from bot.simulator.wecom.errors import RefusedError

PAGE = Path(__file__).parent / "page"
LARGEST_BODY = 60 << 20
SAVED_EVERY = 2.0

STAGE = web.AppKey("stage", Stage)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_simulator(
    config: SimulatorConfig, clock: Callable[[], datetime] = system_time
) -> web.Application:
    """The simulator as an aiohttp application; to be called inside the loop that will run it.

    `clock` is the platforms' time (aware); the control API can move it. `app[STAGE]` gives tests
    the objects behind the API.
    """
    stage = Stage(config, Clock(clock))
    stage.account.base_url = f"http://{config.host}:{config.port}"
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_meet_faults])
    app[STAGE] = stage
    app[CLOSING] = asyncio.Event()
    api = WeChatApi(stage.account, stage.callbacks, stage.start)
    app.add_routes(_under("/wechat", api.routes()))
    app.add_routes(_under("/wecom", WeComApi(stage.corp, stage.corp_callbacks).routes()))
    app.add_routes(_under("/telegram", TelegramApi(stage.bot, stage.updates).routes()))
    app.add_routes(_under("/sms/tencent", stage.tencent.routes()))
    app.add_routes(_under("/sms/alibaba", stage.alibaba.routes()))
    app.add_routes(ToolRoutes(stage).routes())
    app.add_routes(WatchRoutes(stage).routes())
    app.add_routes(PhoneRoutes(stage).routes())
    app.add_routes([web.get("/", _to_page), web.get("/demo", _page)])
    app.router.add_static("/demo/", PAGE)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.append(_live)
    return app


def _under(prefix: str, routes: list[web.RouteDef]) -> list[web.RouteDef]:
    return [web.route(r.method, prefix + r.path, r.handler, **r.kwargs) for r in routes]


@web.middleware
async def _meet_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    stage = request.app[STAGE]
    platform = request.path.split("/")[1]
    if platform not in ("wechat", "wecom", "telegram", "sms"):
        return await handler(request)
    fault = stage.faults.take(request.path, platform)
    if fault is None:
        return await handler(request)
    await asyncio.sleep(fault.delay)
    match fault.breaks:
        case "hang":
            return await hang(request)
        case "close":
            return await cut(request, None)
        case "cut":
            return await cut(request, await handler(request))
    return _faulty(platform, fault) or await handler(request)


def _faulty(platform: str, fault: Fault) -> web.Response | None:
    if fault.errcode is not None:
        refusal = RefusedError if platform == "wecom" else PlatformError
        return web.json_response(refusal(fault.errcode, "(ordered)").body())
    if fault.status is None:
        return None
    if platform == "telegram":
        words = fault.description or "Internal Server Error"
        error = ApiError(fault.status, words, fault.retry_after)
        return web.json_response(error.body(), status=fault.status)
    return web.Response(status=fault.status, text=fault.description)


async def _page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})


async def _to_page(request: web.Request) -> web.Response:
    raise web.HTTPFound("/demo")


async def _end_streams(app: web.Application) -> None:
    """Ends what would keep connections open: event streams, long polls, waiting drivers."""
    app[CLOSING].set()
    await app[STAGE].updates.close()
    app[STAGE].transcript.announce("closing", {})


async def _live(app: web.Application) -> AsyncIterator[None]:
    """Remembers, runs, saves from time to time and at the end."""
    stage, folder = app[STAGE], app[STAGE].config.state_dir
    await stage.smsc.open()
    if folder:
        memory.load(stage, folder)
        stage.start(_save_often(stage, folder))
    yield
    await stage.close()
    if folder:
        memory.save(stage, folder)


async def _save_often(stage: Stage, folder: Path) -> None:
    """Saves after news, at most once in SAVED_EVERY seconds."""
    with stage.transcript.listening() as news:
        while True:
            await news.get()
            await asyncio.sleep(SAVED_EVERY)
            while not news.empty():
                news.get_nowait()
            memory.save(stage, folder)
