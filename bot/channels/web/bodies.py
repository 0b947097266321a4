"""What a browser posts, read off the wire: fields as JSON or as a form, and files."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from bot.channels.outside import read_json
from bot.channels.web.parse import UnreadableError, read_id
from bot.channels.web.sniff import FILE_LIMIT


async def fields(request: web.Request, *, scripted: bool) -> dict[str, object]:
    """What was posted, as JSON or as a form. Raises UnreadableError."""
    try:
        if not scripted:
            return dict(await request.post())
        found = read_json(await request.text())
    except (ValueError, LookupError) as error:
        raise UnreadableError("the body cannot be read") from error
    if not isinstance(found, dict):
        raise UnreadableError("the body must be an object")
    return found


async def form(request: web.Request) -> Mapping[str, object]:
    """The fields of a form. Raises HTTPBadRequest for what no browser sends, as a charset that does
    not exist.
    """
    try:
        return await request.post()
    except (ValueError, LookupError, RuntimeError, BadHttpMessage) as error:
        raise web.HTTPBadRequest(text="The form cannot be read; open the page anew.") from error


async def upload(request: web.Request) -> tuple[str, bytes]:
    """The id and the bytes, one more than allowed at most. Raises UnreadableError."""
    if request.content_type != "multipart/form-data":
        raise UnreadableError("a file comes in a form")
    key = ""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                break
            if part.name == "id":
                key = read_id((await part.read_chunk(64)).decode("ascii", "replace"))
            elif part.name == "file" and key:
                return key, await _at_most(part, FILE_LIMIT + 1)
    except (ValueError, LookupError, RuntimeError, BadHttpMessage) as error:
        raise UnreadableError("the form cannot be read") from error
    raise UnreadableError("the form lacks id or file")


async def _at_most(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while len(content) < limit and (chunk := await part.read_chunk(64 * 1024)):
        content += chunk
    return bytes(content[:limit])
