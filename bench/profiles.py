"""Where the time goes inside each process: py-spy, when it is installed."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bench.load import Job, load
from bench.measure import Effort
from bench.processes import costs

PROFILED = ("gateway", "nlu", "actions", "worker")
SECONDS = 15  # for each process, one after the other
SHOWN = 20
TOP = 0.7  # a function with a greater share only leads to others
WAITING = ("select", "poll", "epoll")  # seen as work by a sampler on some machines


async def profile(job: Job, pids: Mapping[str, int], effort: Effort, folder: Path) -> list[str]:
    """Profiles each process of ours under the sustained load; the costliest functions as lines."""
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if spy is None:
        return ["--profile needs py-spy: uv pip install -p .venv py-spy"]
    seconds = (SECONDS + 3) * len(PROFILED)
    loading = asyncio.create_task(
        load(replace(job, conversations=effort.conversations, seconds=seconds))
    )
    await asyncio.sleep(3)
    started = costs(pids)
    stacks = {name: await _record(spy, pids[name], folder / f"{name}.spy") for name in PROFILED}
    ended = costs(pids)
    seen = await loading
    turns = max(1.0, seen.turns * SECONDS * len(PROFILED) / seen.seconds)
    lines = [f"profiled: {seen.turns / seen.seconds:.0f} turns/s while py-spy looked on"]
    for name in PROFILED:
        cost = (ended[name].cpu - started[name].cpu) * 1000 / turns
        lines += _costliest(name, stacks[name], cost)
    return lines


async def _record(spy: str, pid: int, file: Path) -> Counter[tuple[str, ...]]:
    """Samples of the running stacks, the outermost call first."""
    argv = [spy, "record", "-p", str(pid), "-d", str(SECONDS), "-r", "100", "-f", "raw", "-o"]
    process = await asyncio.create_subprocess_exec(
        *argv, str(file), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(SECONDS * 3):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return await asyncio.to_thread(_stacks, file)


def _stacks(file: Path) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            stack, _, count = line.rpartition(" ")
            frames = tuple(_function(frame) for frame in stack.split(";") if frame)
            if frames and not frames[-1].startswith(WAITING) and ".select " not in frames[-1]:
                found[frames] += int(count)
    return found


def _function(frame: str) -> str:
    """The frame without its line: "meet (actions/people/people.py)"."""
    name, colon, _ = frame.rpartition(":")
    return f"{name})" if colon else frame


def _costliest(name: str, stacks: Counter[tuple[str, ...]], cost: float) -> list[str]:
    """Functions by the time in them and below (inclusive), with the time in themselves."""
    whole = sum(stacks.values())
    inside: Counter[str] = Counter()
    itself: Counter[str] = Counter()
    for stack, count in stacks.items():
        itself[stack[-1]] += count
        for frame in set(stack):
            inside[frame] += count
    lines = [f"{name}: {cost:.2f} ms of processor a turn, {whole} samples"]
    for title, counted in (("and below", inside), ("itself", itself)):
        shares = [(frame, count / max(1, whole)) for frame, count in counted.most_common()]
        for frame, share in [each for each in shares if each[1] < TOP][:SHOWN]:
            lines.append(f"    {share * cost:6.2f} ms {share:6.1%} {title}: {frame}")
    return lines
