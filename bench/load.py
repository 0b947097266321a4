"""The load generator, a process of its own: a Job on stdin, what it saw on stdout, as JSON."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from bench.dialogues import Citizens, Place, converse
from bench.letters import Platform
from bench.phones import Phone, RestPhone, WeChatPhone
from bench.tally import Tally, percentile

WARM_UP = 3.0  # seconds
ANSWER_WITHIN = aiohttp.ClientTimeout(total=20)  # seconds; WeChat itself hangs up after 5


@dataclass(frozen=True, slots=True)
class Job:
    """What to load, and how.

    `conversations` go on at once, each beginning anew when it ends, after `warm_up` for `seconds`.
    `turns` > 0 ends it as soon as that many are counted. `pace` > 0: at most that many
    conversations begin per second, else as many as are answered.
    """

    url: str
    mix: str
    places: Sequence[tuple[str, str]]
    token: str = ""  # of the official account; without one, url is a REST channel
    aes_key: str = ""
    app_id: str = ""
    conversations: int = 1
    seconds: float = 60
    warm_up: float = WARM_UP
    turns: int = 0
    pace: float = 0

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run came to. Times in milliseconds, by kind of turn."""

    seconds: float
    client_cpu: float  # cores
    times: dict[str, list[float]]
    late: int
    conversations: dict[str, int]
    errors: dict[str, int]
    examples: list[str]

    @property
    def all_times(self) -> list[float]:
        return [each for times in self.times.values() for each in times]

    @property
    def turns(self) -> int:
        return len(self.all_times)

    @property
    def wrong(self) -> int:
        return sum(self.errors.values())

    @property
    def right_per_second(self) -> float:
        """Turns answered rightly, in the passive reply, per second."""
        return max(0, self.turns - self.late - self.wrong) / self.seconds

    def at(self, share: float) -> float:
        return percentile(self.all_times, share)


async def run(job: Job) -> dict[str, Any]:
    """Plays the job."""
    tally = Tally(counting=False)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector, timeout=ANSWER_WITHIN) as session:
        citizens = Citizens(
            lambda: phone_of(job, session, tally),
            [Place(*place) for place in job.places],
            tally,
            random.Random(20),
        )
        playing = [asyncio.create_task(play_on(job, citizens, n)) for n in range(job.conversations)]
        await unless_failed(playing, job.warm_up)
        tally.counting = True
        started, cpu = time.perf_counter(), time.process_time()
        while time.perf_counter() - started < job.seconds:
            if job.turns and sum(map(len, tally.times.values())) >= job.turns:
                break
            await unless_failed(playing, 0.1)
        seconds, used = time.perf_counter() - started, time.process_time() - cpu
        tally.counting = False
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)
    return {"seconds": seconds, "client_cpu": used / seconds, **tally.to_json()}


def phone_of(job: Job, session: aiohttp.ClientSession, tally: Tally) -> Phone:
    if job.token:
        platform = Platform(job.token, job.aes_key, job.app_id)
        return WeChatPhone(session, job.url, platform, tally)
    return RestPhone(session, job.url, tally)


async def play_on(job: Job, citizens: Citizens, number: int) -> None:
    """Conversations one after the other; with a pace, each begins at its time."""
    every = job.conversations / job.pace if job.pace else 0.0
    begin = time.perf_counter() + number * every / job.conversations
    while True:
        await asyncio.sleep(max(0.0, begin - time.perf_counter()) if every else 0)
        await converse(citizens, job.mix)
        begin = max(begin + every, time.perf_counter() - every)


async def unless_failed(playing: list[asyncio.Task[None]], seconds: float) -> None:
    """Waits; raises what a player raised (a mistake in this program, not a wrong answer)."""
    done, _ = await asyncio.wait(playing, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()


async def load(job: Job) -> Seen:
    """Plays the job in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.load"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said, _ = await process.communicate(job.to_json().encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the load generator ended with code {process.returncode}")
    return Seen(**json.loads(said))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(Job(**json.load(sys.stdin))))))
