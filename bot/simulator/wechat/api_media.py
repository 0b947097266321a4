"""Temporary media: up for three days, then gone."""

from __future__ import annotations

from typing import Any

from aiohttp import BodyPartReader, web

from bot.simulator.wechat.account import Account
from bot.simulator.wechat.errors import PlatformError

LARGEST = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}


async def upload(account: Account, request: web.Request) -> dict[str, Any]:
    """media/upload: one multipart field `media`. Raises 40004, 41005, 45001."""
    kind = request.query.get("type", "")
    if kind not in LARGEST:
        raise PlatformError(40004)
    if not request.content_type.startswith("multipart/"):
        raise PlatformError(41005)
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media":
            data = bytes(await part.read())
            break
    else:
        raise PlatformError(41005)
    if not data:
        raise PlatformError(41005)
    if len(data) > LARGEST[kind]:
        raise PlatformError(45001)
    content_type = part.headers.get("Content-Type", "application/octet-stream")
    item = account.shelf.put(data, content_type, part.filename or "")
    return {"type": kind, "media_id": item.key, "created_at": int(item.at.timestamp())}


def download(account: Account, key: str | None) -> web.Response:
    """media/get: the bytes; for a video an address to fetch them from, as the platform does."""
    item = account.media(key)
    if item.content_type.startswith("video/"):
        return web.json_response({"video_url": account.media_url(item.key)})
    return web.Response(
        body=item.data,
        headers={
            "Content-Type": item.content_type,
            "Content-Disposition": f'attachment; filename="{item.name or "file"}"',
        },
    )
