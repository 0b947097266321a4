"""Who floods: callbacks of the official account as fast as asked for, from a process of its own.

A Flood on stdin, what came of it on stdout, as JSON. As the platform does, a callback that is not
acknowledged within five seconds is sent again, three times in all; then it is lost.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import aiohttp

from bench.letters import Platform, message, scan
from bench.phones import KEPT
from bench.tally import percentile

PATIENCE = 5.0  # seconds
TRIES = 3
TOO_MANY = "发得太快"


@dataclass(frozen=True, slots=True)
class Callback:
    """The inside of a callback, and who it is from."""

    openid: str
    fields: str


@dataclass(frozen=True, slots=True)
class Flood:
    """`lines`: what is sent, see `callbacks`. `rate`: a second; 0: as fast as the sockets take it."""

    url: str
    token: str
    aes_key: str
    app_id: str
    lines: Sequence[Sequence[str]]
    rate: float = 0
    sockets: int = 1000

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))


@dataclass(slots=True)
class Washed:
    """What came of a flood. `tries`: how many were acknowledged at which try ("0": never).
    `heard`: passive replies by kind. Milliseconds of the tries that were acknowledged."""

    seconds: float = 0.0
    tries: dict[str, int] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    unacknowledged: list[int] = field(default_factory=list)  # numbers of lines

    @property
    def late(self) -> int:
        """Callbacks that the platform had to send again."""
        return sum(count for tries, count in self.tries.items() if tries != "1")

    def at(self, share: float) -> float:
        return percentile(self.times, share)


def callback(line: Sequence[str]) -> Callback:
    """("words", openid, text), ("scan", openid, scene) or ("receipt", openid, id, status)."""
    kind, openid, *rest = line
    build: dict[str, Callable[..., str]] = {"words": message, "scan": scan, "receipt": receipt}
    return Callback(openid, build[kind](openid, *rest))


def receipt(openid: str, platform_id: str, status: str) -> str:
    """The fields of TEMPLATESENDJOBFINISH."""
    return (
        "<ToUserName><![CDATA[gh_000000000000]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>"
        f"<MsgID>{platform_id}</MsgID><Status><![CDATA[{status}]]></Status>"
    )


class Platforms:
    """The platform's senders, `sockets` of them at once."""

    def __init__(self, flood: Flood, session: aiohttp.ClientSession) -> None:
        self._flood = flood
        self._session = session
        self._platform = Platform(flood.token, flood.aes_key, flood.app_id)
        self._free = asyncio.Semaphore(flood.sockets)
        self._tries: Counter[str] = Counter()
        self._heard: Counter[str] = Counter()
        self.washed = Washed()

    async def send(self, number: int, what: Callback) -> None:
        async with self._free:
            for attempt in range(1, TRIES + 1):
                started = time.perf_counter()
                body = await self._try(what)
                if body is not None:
                    self.washed.times.append(round((time.perf_counter() - started) * 1000, 1))
                    self._tries[str(attempt)] += 1
                    self._heard[self._kind(body, what.openid)] += 1
                    return
            self._tries["0"] += 1
            self.washed.unacknowledged.append(number)

    async def _try(self, what: Callback) -> str | None:
        """The reply's body; None when it was not acknowledged in time."""
        letter = self._platform.seal(what.fields, what.openid)
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self._session.post(
                    self._flood.url, params=letter.query, data=letter.body
                ) as answer,
            ):
                body = await answer.text()
                return body if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError):
            return None

    def _kind(self, body: str, openid: str) -> str:
        heard = self._platform.open(body, openid)
        if heard is None:
            return "nothing"
        marks = {TOO_MANY: "told that it is too many", KEPT: "told that it is kept"}
        return next((kind for mark, kind in marks.items() if mark in heard.text), "answered")

    def end(self, seconds: float) -> Washed:
        self.washed.seconds = seconds
        self.washed.tries, self.washed.heard = dict(self._tries), dict(self._heard)
        return self.washed


async def due(flood: Flood) -> AsyncIterator[tuple[int, Callback]]:
    """Each line at its time."""
    started = time.perf_counter()
    for number, line in enumerate(flood.lines):
        if flood.rate:
            await asyncio.sleep(max(0.0, started + number / flood.rate - time.perf_counter()))
        elif number % 100 == 0:
            await asyncio.sleep(0)
        yield number, callback(line)


async def pour(flood: Flood) -> Washed:
    """Sends all of it; returns when the last is acknowledged or given up."""
    started = time.perf_counter()
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=30)
    async with aiohttp.ClientSession(connector=connector) as session:
        platforms = Platforms(flood, session)
        async with asyncio.TaskGroup() as sending:
            async for number, what in due(flood):
                sending.create_task(platforms.send(number, what))
        return platforms.end(time.perf_counter() - started)


async def flood(what: Flood) -> Washed:
    """Pours it from a process of its own. Raises RuntimeError when that ended with an error."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.flooding"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said, _ = await process.communicate(what.to_json().encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the flood ended with code {process.returncode}")
    return Washed(**json.loads(said))


if __name__ == "__main__":
    print(json.dumps(dataclasses.asdict(asyncio.run(pour(Flood(**json.load(sys.stdin)))))))
