"""The short form of the fault campaign: every part is killed once while people talk."""

from __future__ import annotations

from pathlib import Path

from bench.faulting.audit import Auditor
from bench.faulting.campaign import Size, ground, play
from bench.faulting.schedule import Fault, Kind

SIZE = Size(messages=48, verbs=6, rate=4.0)
FAULTS = [
    Fault(0.5, Kind.KILL, "worker", 0.2),
    Fault(1.0, Kind.PLATFORM, "telegram", 1.5, "cut"),
    Fault(2.0, Kind.KILL, "redis", 0.2),
    Fault(3.5, Kind.KILL, "postgres", 0.2),
    Fault(5.0, Kind.LOCK, "deliveries", 1.0),
    Fault(6.5, Kind.KILL, "gateway", 0.0),
    Fault(7.0, Kind.PLATFORM, "wechat", 1.5, "500"),
    Fault(8.0, Kind.KILL, "actions", 0.0),
    Fault(9.0, Kind.PAUSE, "nlu", 1.0),
]


async def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    async with ground(tmp_path / "data") as here:
        auditor = Auditor(here)
        played = await play(here, 1, SIZE, FAULTS)
        await auditor.seed(played)
        await auditor.end()
    assert auditor.findings.fatal == []
    assert played.open_left == 0
    assert len(played.broken) == len(FAULTS)
    assert played.log.finished > 0
