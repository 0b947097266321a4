"""Replies by text message, whole: `python -m bench.sms [--replies 1000 --rate 50]`

Everything runs as in the demonstration. So many different numbers write one reply each, at a steady
rate, posted as Alibaba's gateway does; measured is how long a post takes until it is acknowledged
(the reply is committed then), and when the last answer has been handed to the gateway.

Exit code 1: a post took longer than the 700 ms that Alibaba waits (p99), one was not taken, or the
turns did not keep up with the rate.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from actions.clock import now
from actions.store.tables import inbox
from bench import machine
from bench.tally import percentile
from bench.whole import Whole, running, worked_off

WAITS, BEHIND = 0.7, 5.0  # seconds: what Alibaba waits; how far turns may lag at the end
WORDS = ("帮助", "满意", "谢谢", "你好")


@dataclass
class Posted:
    seconds: list[float] = field(default_factory=list)
    refused: int = 0


async def post_all(whole: Whole, replies: int, rate: float) -> Posted:
    """Posts the replies, each at its moment, however long the others take."""
    posted = Posted()
    secret = whole.settings.sms_callback_secret.get_secret_value()
    url = f"http://127.0.0.1:{whole.stack.ports.gateway}/sms/{secret}/uplink"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        begun = time.monotonic()

        async def one(number: int) -> None:
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            started = time.monotonic()
            async with session.post(url, json=[_reply(number)]) as response:
                taken = (await response.json())["code"] == 0
            posted.seconds.append(time.monotonic() - started)
            posted.refused += not taken

        await asyncio.gather(*(one(number) for number in range(replies)))
    return posted


def _reply(number: int) -> dict[str, object]:
    return {
        "phone_number": f"1390{number:07}",
        "content": WORDS[number % len(WORDS)],
        "send_time": f"{now():%Y-%m-%d %H:%M:%S}",
        "dest_code": "0001",
        "sequence_id": number,
    }


async def turns_done(whole: Whole, replies: int) -> float:
    """Seconds until every reply has had its turn; a minute at most."""
    started = time.monotonic()
    query = select(func.count()).where(inbox.c.channel == "sms", inbox.c.done_at.is_not(None))
    while time.monotonic() - started < 60:
        async with whole.services.engine.connect() as connection:
            if (await connection.execute(query)).scalar_one() >= replies:
                break
        await asyncio.sleep(0.05)
    return time.monotonic() - started


async def measure(replies: int, rate: float) -> int:
    print("\n".join(machine.description()))
    with tempfile.TemporaryDirectory(prefix="huiyin-sms-") as folder:
        async with running(Path(folder)) as whole:
            started = time.monotonic()
            posted = await post_all(whole, replies, rate)
            took = time.monotonic() - started
            behind = await turns_done(whole, replies)
            answered, states = await worked_off(whole.services.engine)
    p50, p99 = (percentile(posted.seconds, share) for share in (0.5, 0.99))
    print(f"{replies} replies in {took:.1f} s: {replies / took:.0f} a second")
    print(f"committed and acknowledged: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    print(f"not taken: {posted.refused}; the last turn was done {behind:.1f} s after the last post")
    print(f"the last answer was sent {behind + answered:.1f} s after it; deliveries: {states}")
    return int(p99 > WAITS or posted.refused > 0 or behind > BEHIND)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.sms", description=__doc__)
    parser.add_argument("--replies", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=50, help="replies a second")
    given = parser.parse_args()
    return asyncio.run(measure(given.replies, given.rate))


if __name__ == "__main__":
    sys.exit(main())
