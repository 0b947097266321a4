"""Reading a call's JSON body."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.simulator.wechat.errors import PlatformError


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as an object. Raises 44002 for none, 47001 for anything else."""
    raw = await request.read()
    if not raw:
        raise PlatformError(44002)
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise PlatformError(47001) from error
    if not isinstance(body, dict):
        raise PlatformError(47001)
    return body
