"""What processes cost: resident memory and processor time, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_TICK = os.sysconf("SC_CLK_TCK")
_MB = 1024.0


@dataclass(frozen=True, slots=True)
class Cost:
    """RSS and PSS in MB (PSS counts a page shared by n processes as 1/n; nan if unreadable),
    processor seconds since the start.
    """

    rss: float
    pss: float
    cpu: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.rss + other.rss, self.pss + other.pss, self.cpu + other.cpu)


NOTHING = Cost(0, 0, 0)


def costs(roots: Mapping[str, int]) -> dict[str, Cost]:
    """The cost of each named process together with all its descendants."""
    children = _children()
    return {name: total(_family(pid, children)) for name, pid in roots.items()}


def own(roots: Mapping[str, int]) -> dict[str, float]:
    """MB that each named process has for itself, with all its descendants: of PSS what is not
    mapped from files, which are counted the less the more strangers map the same.
    """
    return {name: mine + theirs for name, (mine, theirs) in own_apart(roots).items()}


def own_apart(roots: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """The same, of the process itself and of its descendants apart."""
    children = _children()
    return {
        name: (_own(pid), sum(map(_own, _family(pid, children)[1:]))) for name, pid in roots.items()
    }


def family(root: int) -> list[int]:
    """The process and all its descendants."""
    return _family(root, _children())


def total(pids: Iterable[int]) -> Cost:
    return sum((_cost(pid) for pid in pids), NOTHING)


def _cost(pid: int) -> Cost:
    try:
        return Cost(_rss(pid), _pss(pid), _cpu(pid))
    except (FileNotFoundError, ProcessLookupError):
        return NOTHING


def _rss(pid: int) -> float:
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / _MB
    return 0.0


def _pss(pid: int) -> float:
    return _rollup(pid).get("Pss", float("nan"))


def _own(pid: int) -> float:
    rollup = _rollup(pid)
    return rollup.get("Pss_Anon", 0.0) + rollup.get("Pss_Shmem", 0.0)


def _rollup(pid: int) -> dict[str, float]:
    """smaps_rollup's lines in MB; none for a process that is gone or not ours to read."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return {}
    pairs = (line.split()[:2] for line in lines)
    return {name.rstrip(":"): int(kilobytes) / _MB for name, kilobytes in pairs}


def _cpu(pid: int) -> float:
    """Its own time and that of children that have ended."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / _TICK


def _stat(pid: int) -> list[str]:
    """The fields of stat after the name, beginning with the state."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                parent = int(_stat(int(entry.name))[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            found.setdefault(parent, []).append(int(entry.name))
    return found


def _family(pid: int, children: Mapping[int, list[int]]) -> list[int]:
    return [pid, *(each for child in children.get(pid, []) for each in _family(child, children))]
