"""A city's 12345 hotline: hands cases over, takes their results, and is out of order when told to.

It knows of Huiyin what docs/feeds.md says, and nothing else. Can be started alone:
`python -m bot.simulator.hotline --port 8090 --secret hyw_…` prints what it is told.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

TOLERANCE = 300  # seconds by which a timestamp may differ from our clock


@dataclass(slots=True)
class Hotline:
    """`secrets` are those that hold now, `now` gives seconds since 1970. `results` are those that
    were taken, once each by their id; `calls` counts every attempt, `refused` says why of each that
    was refused.
    """

    secrets: list[str] = field(default_factory=list)
    now: Callable[[], float] = time.time
    results: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    refused: list[str] = field(default_factory=list)
    heard: Callable[[dict[str, Any]], None] = lambda _: None
    _faults: list[tuple[int, float]] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def app(self) -> web.Application:
        """POST /results takes results."""
        app = web.Application()
        app.router.add_post("/results", self._take)
        return app

    def fails(self, status: int, times: int = 1, delay: float = 0) -> None:
        """The next results are answered so, after so many seconds."""
        self._faults += [(status, delay)] * times

    async def _take(self, request: web.Request) -> web.Response:
        self.calls += 1
        body = await request.read()
        if self._faults:
            status, delay = self._faults.pop(0)
            await asyncio.sleep(delay)
            return web.Response(status=status, headers={"Location": "http://127.0.0.1:9/"})
        why = self.wrong(request.headers, body)
        if why:
            self.refused.append(why)
            return web.Response(status=401, text=why)
        result = json.loads(body)
        async with self._news:
            if result["id"] not in {each["id"] for each in self.results}:
                self.results.append(result)
                self.heard(result)
            self._news.notify_all()
        return web.Response(status=204)

    def wrong(self, headers: Any, body: bytes) -> str:
        """Why a result is not believed; empty when it is."""
        stamp = headers.get("Huiyin-Timestamp", "")
        if not stamp.isdigit() or abs(self.now() - int(stamp)) > TOLERANCE:
            return "old"
        given = headers.get("Huiyin-Signature", "").split(",")
        for secret in self.secrets:
            right = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
            if any(hmac.compare_digest(right.hexdigest(), each) for each in given):
                return ""
        return "signature"

    async def told(self, number: str, happened: str, within: float = 30) -> dict[str, Any]:
        """The result of that record, when it has come. Raises TimeoutError."""

        def found() -> dict[str, Any] | None:
            return next(
                (r for r in self.results if r["number"] == number and r["happened"] == happened),
                None,
            )

        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(lambda: found() is not None)
        result = found()
        assert result is not None
        return result


async def file(url: str, key: str, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Hands the records over to the installation at `url`; its answer."""
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/api/cases", json={"cases": list(records)}, headers=headers) as answer,
    ):
        told: dict[str, Any] = await answer.json()
        return {"status": answer.status, **told}


async def seen(url: str, key: str, number: str) -> dict[str, Any]:
    """How the record of that number stands there."""
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}/api/cases/{number}", headers=headers) as answer,
    ):
        told: dict[str, Any] = await answer.json()
        return {"status": answer.status, **told}


def main() -> None:
    """Serves until interrupted, and prints every result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--secret", required=True)
    arguments = parser.parse_args()

    def heard(result: dict[str, Any]) -> None:
        sys.stdout.write(f"{json.dumps(result, ensure_ascii=False)}\n")
        sys.stdout.flush()

    hotline = Hotline([arguments.secret], heard=heard)
    web.run_app(hotline.app(), host="127.0.0.1", port=arguments.port, print=None)


if __name__ == "__main__":
    main()
