"""Ordinary citizens at a steady rate, in a process of their own, who write down each of their turns.

`async with crowd(job, turns_a_second, file) as people:` plays until the block is left; `people`
then says for any span of time how its turns went. The process is `python -m bench.crowd FILE`.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

import aiohttp

from bench.dialogues import Citizens, Place
from bench.load import Job, phone_of, play_on, unless_failed
from bench.tally import Tally, percentile

TURNS_EACH = 2.55  # of a conversation of the mix, on average
SLOTS = 200  # conversations that may go on at once
PATIENCE = aiohttp.ClientTimeout(total=30)  # seconds
ENDS_WITHIN = 40  # seconds


@dataclass(slots=True)
class Diary(Tally):
    """A tally that writes each turn down: [seconds since the epoch when it was said, kind, ms],
    and what was late or wrong as ["late"] and ["wrong", reason, example] beside its moment.
    """

    file: TextIO = field(default_factory=lambda: sys.stdout)

    def turn(self, kind: str, seconds: float) -> None:
        self._write(time.time() - seconds, kind, round(seconds * 1000, 2))

    def nothing_yet(self) -> None:
        self._write(time.time(), "late", 0)

    def wrong(self, reason: str, example: str) -> None:
        self._write(time.time(), "wrong", 0, reason, example[:300])

    def ended(self, dialogue: str) -> None:
        self._write(time.time(), "ended", 0, dialogue)

    def _write(self, *entry: object) -> None:
        self.file.write(json.dumps(entry, ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class Span:
    """How the turns went that were said in a span of time. Times in milliseconds."""

    seconds: float
    times: list[float]
    late: int
    wrong: Counter[str]
    examples: list[str]
    ended: int  # conversations

    def at(self, share: float) -> float:
        return percentile(self.times, share)

    @property
    def turns_a_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class People:
    """What the crowd has written down so far."""

    file: Path

    def between(self, begin: float, end: float) -> Span:
        """The turns said in [begin, end), seconds since the epoch."""
        times: list[float] = []
        late, ended, wrong, examples = 0, 0, Counter[str](), list[str]()
        with self.file.open(encoding="utf-8") as lines:
            for line in lines:
                if not line.endswith("\n"):
                    break  # being written
                moment, kind, ms, *rest = json.loads(line)
                if not begin <= moment < end:
                    continue
                match kind:
                    case "late":
                        late += 1
                    case "ended":
                        ended += 1
                    case "wrong":
                        wrong[rest[0]] += 1
                        examples.append(": ".join(rest))
                    case _:
                        times.append(ms)
        return Span(end - begin, times, late, wrong, examples[:8], ended)


@asynccontextmanager
async def crowd(job: Job, turns_a_second: float, file: Path) -> AsyncIterator[People]:
    """Plays meanwhile; on the way out lets running conversations end. Raises RuntimeError when the
    crowd ended with an error."""
    await asyncio.to_thread(file.touch)
    paced = replace(job, conversations=SLOTS, pace=turns_a_second / TURNS_EACH)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.crowd", str(file)), stdin=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(paced.to_json().encode() + b"\n")
    await process.stdin.drain()
    try:
        yield People(file)
    finally:
        process.stdin.close()  # that is the sign to end
        try:
            async with asyncio.timeout(ENDS_WITHIN):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the crowd ended with code {process.returncode}")


async def play(job: Job, file: TextIO) -> None:
    """Until stdin ends."""
    diary = Diary(file=file)
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector, timeout=PATIENCE) as session:
        citizens = Citizens(
            lambda: phone_of(job, session, diary),
            [Place(*place) for place in job.places],
            diary,
            random.Random(21),
        )
        playing = [asyncio.create_task(play_on(job, citizens, n)) for n in range(job.conversations)]
        while not ended.done():
            await unless_failed(playing, 0.2)
            while len(citizens.waiting) > SLOTS:
                citizens.waiting.popleft()
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


def main() -> None:
    job = Job(**json.loads(sys.stdin.readline()))
    with Path(sys.argv[1]).open("w", encoding="utf-8", buffering=1) as file:
        asyncio.run(play(job, file))


if __name__ == "__main__":
    main()
