"""What a scanned code costs: `python -m bench.web [--rate 200 --seconds 30]`

The gateway as it is served, with PostgreSQL, Redis and the sample city; people who scan codes come
at a fixed rate, whether earlier ones have been served or not, each a new visitor on a connection of
their own. Measured is the time from the request to the first byte of `/s/CODE`, counted from when
the visitor was due. Every page must name its place.

Exit code 1: the 95th percentile misses the goal, or a page was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import select

from actions.store.tables import codes
from bench import machine
from bench.filling import Town, town
from bench.processes import costs
from bench.tally import Tally, percentile
from bot.stack.children import Child, Children
from bot.stack.embedded import free_port

GOAL = 30.0  # milliseconds
WARM_UP = 3.0  # seconds


async def scans(port: int, scene: str, label: str, due: float, tally: Tally) -> None:
    """One visitor: asks for the page of a code and reads it."""
    loop = asyncio.get_running_loop()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = (
            f"GET /s/{scene} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            "Accept-Language: zh-CN\r\nAccept-Encoding: gzip\r\nAccept: text/html\r\n\r\n"
        )
        writer.write(request.encode())
        first = await reader.read(1)
        tally.turn("first byte", loop.time() - due)
        answer = first + await reader.read()
        tally.turn("whole page", loop.time() - due)
        writer.close()
    except OSError as error:
        tally.wrong(type(error).__name__, scene)
        return
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head or label.encode() not in _page(head, body):
        tally.wrong("a wrong page", head[:200].decode("ascii", "replace"))


def _page(head: bytes, body: bytes) -> bytes:
    """The page's bytes, put together again and unzipped."""
    if b"chunked" in head.lower():
        body = b"".join(_chunks(body))
    return gzip.decompress(body) if b"gzip" in head.lower() else body


def _chunks(body: bytes) -> list[bytes]:
    found = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        found.append(rest[:length])
        body = rest[length + 2 :] if length else b""
    return found


async def arrive(
    port: int, places: Sequence[tuple[str, str]], rate: float, seconds: float
) -> Tally:
    """Visitors at that rate for so many seconds, after a warm-up."""
    loop, dice, tally = asyncio.get_running_loop(), random.Random(5), Tally(counting=False)
    begin, under_way = loop.time(), set()
    for number in itertools.count():
        due = begin + number / rate
        if due - begin >= WARM_UP + seconds:
            break
        tally.counting = due - begin >= WARM_UP
        await asyncio.sleep(max(0.0, due - loop.time()))
        scene, label = dice.choice(places)
        task = asyncio.create_task(scans(port, scene, label, due, tally))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        await asyncio.wait(under_way)
    return tally


async def serve(here: Town, children: Children) -> int:
    """Starts the gateway in a process of its own; returns its port."""
    port = free_port()
    environ = {**here.environ, "GATEWAY_PORT": str(port), "LOG_LEVEL": "WARNING"}
    argv = [sys.executable, "-m", "bot", "serve"]
    root = Path(__file__).parents[1]
    children.start(Child("gateway", argv, environ, f"http://127.0.0.1:{port}/healthz", root))
    await children.ready("gateway", 60)
    return port


async def run(arguments: argparse.Namespace) -> int:
    print("\n".join(machine.description()))
    children = Children(Path(mkdtemp(prefix="huiyin-bench-web-")))
    async with town("") as here:
        async with here.services.engine.connect() as connection:
            rows = (await connection.execute(select(codes.c.scene, codes.c.label))).all()
        port = await serve(here, children)
        try:
            before = costs({"gateway": children.pid("gateway")})["gateway"]
            own = time.process_time()
            places = [(row.scene, row.label) for row in rows]
            tally = await arrive(port, places, arguments.rate, arguments.seconds)
            after = costs({"gateway": children.pid("gateway")})["gateway"]
            own = time.process_time() - own
        finally:
            children.stop()
    return _told(tally, arguments, after.cpu - before.cpu, own, after.pss)


def _told(
    tally: Tally, arguments: argparse.Namespace, cpu: float, own: float, memory: float
) -> int:
    for kind, times in tally.times.items():
        shares = "  ".join(
            f"p{s:.0%}".rstrip("%") + f" {percentile(times, s):.1f}" for s in (0.5, 0.95, 0.99)
        )
        print(f"{kind}, ms: {shares}  the longest {max(times):.1f}")
    span = arguments.seconds + WARM_UP
    served, wrong = len(tally.times.get("first byte", ())), sum(tally.errors.values())
    print(
        f"{served:,} pages in {arguments.seconds:.0f} s, {wrong} wrong; "
        f"gateway {cpu / span:.2f} cores, {memory:.0f} MB; the visitors {own / span:.2f} cores"
    )
    for example in tally.examples:
        print(f"  {example}")
    reached = percentile(tally.times.get("first byte", []), 0.95)
    print(f"first byte p95 {reached:.1f} ms; goal {GOAL:.0f} ms; load now {machine.load_average()}")
    return 0 if reached <= GOAL and not wrong and served else 1


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__)
    parser.add_argument("--rate", type=float, default=200, help="visitors a second")
    parser.add_argument("--seconds", type=float, default=30)
    return asyncio.run(run(parser.parse_args(argv)))


if __name__ == "__main__":
    raise SystemExit(main())
