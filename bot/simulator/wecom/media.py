"""Temporary media: up for three days, then gone."""

from __future__ import annotations

from typing import Any

from aiohttp import BodyPartReader, web

from bot.simulator.wecom.corp import Corp
from bot.simulator.wecom.errors import RefusedError

LARGEST = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}


async def upload(corp: Corp, request: web.Request) -> dict[str, Any]:
    """media/upload: one multipart field `media`. Raises 40004, 41005, 45001."""
    kind = request.query.get("type", "")
    if kind not in LARGEST:
        raise RefusedError(40004)
    part = await _field(request)
    data = bytes(await part.read())
    if not data:
        raise RefusedError(41005)
    if len(data) > LARGEST[kind]:
        raise RefusedError(45001)
    content_type = part.headers.get("Content-Type", "application/octet-stream")
    item = corp.shelf.put(data, content_type, part.filename or "")
    created = str(int(item.at.timestamp()))
    return {"type": kind, "media_id": item.key, "created_at": created}


def download(corp: Corp, key: str | None) -> web.Response:
    """media/get: the bytes, of a video too."""
    item = corp.media(key)
    headers = {
        "Content-Type": item.content_type,
        "Content-Disposition": f'attachment; filename="{item.name or "file"}"',
    }
    return web.Response(body=item.data, headers=headers)


async def _field(request: web.Request) -> BodyPartReader:
    if request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "media":
                return part
    raise RefusedError(41005)
