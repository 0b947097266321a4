"""Trouble on demand: the next calls to a path fail, are slow, or lose their answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

LOOK = 0.1  # seconds between looks whether the caller has given up
LONGEST_HANG = 600.0  # seconds


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls whose path ends with `path` (of one `platform`, or any).

    `delay` seconds pass first. Then `errcode` answers as WeChat does (HTTP 200), `status` as
    HTTP does (as Telegram's error if the call was Telegram's); with neither the call goes on.
    `breaks` is about the line: `hang` never answers and does nothing; `close` hangs up and does
    nothing; `cut` does what was asked, and hangs up in the middle of the answer.
    """

    path: str
    platform: str = ""
    breaks: Literal["", "hang", "close", "cut"] = ""
    errcode: int | None = None
    status: int | None = None
    description: str = ""
    retry_after: int | None = None
    delay: float = 0.0
    times: int = 1


class Faults:
    """The faults still to come, in the order they were ordered."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, request: dict[str, Any]) -> Fault:
        """Adds a fault from the control API's JSON. TypeError for an unknown field."""
        fault = Fault(**request)
        self._faults.append(fault)
        return fault

    def take(self, path: str, platform: str = "") -> Fault | None:
        """The fault that this call meets, counted off."""
        for fault in self._faults:
            if path.endswith(fault.path) and fault.platform in ("", platform):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def clear(self, platform: str = "") -> None:
        """Takes back all that is still to come, or what is meant for one platform."""
        kept = [fault for fault in self._faults if platform and fault.platform != platform]
        self._faults[:] = kept


async def hang(request: web.Request) -> web.StreamResponse:
    """Keeps the caller waiting until it gives up."""
    for _ in range(round(LONGEST_HANG / LOOK)):
        if request.transport is None or request.transport.is_closing():
            break
        await asyncio.sleep(LOOK)
    return web.Response()


async def cut(request: web.Request, answer: web.StreamResponse | None) -> web.StreamResponse:
    """Hangs up: at once, or after the first half of the answer."""
    half = web.StreamResponse()
    if isinstance(answer, web.Response) and isinstance(answer.body, bytes | bytearray):
        half = web.StreamResponse(status=answer.status)
        half.content_length = len(answer.body)
        await half.prepare(request)
        await half.write(bytes(answer.body[: len(answer.body) // 2]))
    if request.transport is not None:
        request.transport.close()
    return half
