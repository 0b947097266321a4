"""One system under the same load: idle, then sustained, with what its processes cost meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from bench.load import WARM_UP, Job, Seen, load
from bench.processes import Cost, costs

type Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    conversations: int = 200
    seconds: float = 60
    idle_turns: int = 300
    half_seconds: float = 20  # of the run at half the load that was sustained


@dataclass(slots=True)
class Measured:
    """What one system came to. Costs by process; processor milliseconds per turn answered."""

    name: str
    idle: Seen
    sustained: Seen
    half: Seen
    before: Mapping[str, Cost]
    after: Mapping[str, Cost]
    cpu_per_turn: Mapping[str, float]
    training: float | None = None
    notes: list[str] = field(default_factory=list)


async def measure(
    name: str,
    job: Job,
    pids: Mapping[str, int],
    effort: Effort,
    before_load: Step | None = None,
    after_load: Step | None = None,
) -> Measured:
    """Runs the load against a started system; the steps come around the sustained run."""
    before = costs(pids)
    idle = await load(replace(job, conversations=1, turns=effort.idle_turns, seconds=120))
    if before_load:
        await before_load()
    started = costs(pids)
    sustained = await load(replace(job, conversations=effort.conversations, seconds=effort.seconds))
    after = costs(pids)
    if after_load:
        await after_load()
    begun = sum(sustained.conversations.values()) / sustained.seconds
    half = await load(
        replace(
            job,
            conversations=effort.conversations,
            seconds=effort.half_seconds,
            pace=max(0.5, begun / 2),
        )
    )
    return Measured(
        name, idle, sustained, half, before, after, _per_turn(started, after, sustained)
    )


def _per_turn(
    before: Mapping[str, Cost], after: Mapping[str, Cost], seen: Seen
) -> dict[str, float]:
    """Milliseconds. The cost is of the warm-up too, which is taken out by its share of time."""
    share = seen.seconds / (seen.seconds + WARM_UP)
    turns = max(1, seen.turns)
    return {name: (after[name].cpu - before[name].cpu) * 1000 * share / turns for name in before}
