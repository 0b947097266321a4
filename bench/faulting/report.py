"""The one table: what broke, what was said meanwhile, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.faulting.breaking import Broken
from bench.faulting.campaign import Played
from bench.faulting.findings import Finding, Findings, Verdict
from bench.faulting.log import Log, Said
from bench.faulting.recovery import Recovery
from bench.table import aligned, number
from bench.tally import percentile

IN_TIME = 10.0  # seconds after a part is back within which everything is as usual
COLUMNS = ("faults", "messages", "lost", "doubled", "late", "unanswered", "longest silence, s")
SPREAD = ("measured", "p50", "max", f"> {IN_TIME:.0f}")
NONE, ALL = "(nothing broken)", "all"


@dataclass(slots=True)
class Line:
    """One kind of fault. `messages`: said or still waiting for their answer while it lasted."""

    faults: int = 0
    messages: int = 0
    lost: int = 0
    doubled: int = 0
    late: int = 0
    unanswered: int = 0
    silence: float = 0.0

    def count(self, one: Said, log: Log, broken: Sequence[Broken]) -> None:
        self.messages += 1
        self.late += late(one, broken)
        self.unanswered += one.answered is None and one.taken is not False
        self.silence = max(self.silence, one.silence(log.ended))

    def cells(self) -> list[str]:
        counts = (self.faults, self.messages, self.lost, self.doubled, self.late, self.unanswered)
        return [*(f"{count:,}" for count in counts), number(self.silence)]


def table(played: Sequence[Played], findings: Findings) -> list[str]:
    """The lines of the table, then a line for each verdict that is not in it."""
    lines: dict[str, Line] = {NONE: Line()}
    everything = Line()
    for each in played:
        for broken in each.broken:
            lines.setdefault(broken.fault.name, Line()).faults += 1
            everything.faults += 1
        for one in each.log.said:
            for name in _names(one, each):
                lines[name].count(one, each.log, each.broken)
            everything.count(one, each.log, each.broken)
        for finding in findings.found:
            _place(finding, each, lines)
    everything.lost = findings.count(Verdict.LOST)
    everything.doubled = findings.count(Verdict.DOUBLED)
    rows = [[name, *line.cells()] for name, line in sorted(lines.items())]
    return [
        *aligned([["fault", *COLUMNS], *rows, [ALL, *everything.cells()]]),
        *(f"{verdict.value}: {findings.count(verdict)}" for verdict in _OTHERS),
    ]


def recovery_table(found: Sequence[Recovery]) -> list[str]:
    """How long each kind of fault was felt after its part was back, in seconds."""
    by_name: dict[str, list[float]] = {}
    for one in found:
        by_name.setdefault(one.broken.fault.name, []).append(one.seconds)
    rows = [[name, *_spread(seconds)] for name, seconds in sorted(by_name.items())]
    everything = _spread([one.seconds for one in found])
    return aligned([["back to usual after, s", *SPREAD], *rows, [ALL, *everything]])


def _spread(seconds: list[float]) -> list[str]:
    over = sum(one > IN_TIME for one in seconds)
    figures = (percentile(seconds, 0.5), percentile(seconds, 1.0))
    return [f"{len(seconds):,}", *map(number, figures), f"{over:,}"]


_OTHERS = (Verdict.BROKEN, Verdict.TWICE, Verdict.FAILED, Verdict.UNTOLD)


def late(one: Said, broken: Sequence[Broken]) -> bool:
    """Whether the answer took longer than IN_TIME while nothing was broken any more."""
    if one.answered is None:
        return False
    ends = [each.back for each in broken if one.posted < each.back and each.began < one.answered]
    return one.answered - min(one.answered, max([one.posted, *ends])) > IN_TIME


def _names(one: Said, each: Played) -> list[str]:
    """The kinds of fault that the message met on its way."""
    until = one.answered if one.answered is not None else each.log.ended
    met = {b.fault.name for b in each.broken if b.began < until and one.posted < b.back}
    return sorted(met) or [NONE]


def _place(finding: Finding, each: Played, lines: dict[str, Line]) -> None:
    """Counts a finding about a message with the fault that it met, or the last one before it."""
    if finding.at is None or finding.verdict not in (Verdict.LOST, Verdict.DOUBLED):
        return
    posted = [one for one in each.log.said if one.posted == finding.at]
    for one in posted[:1]:
        for name in _names(one, each):
            if finding.verdict is Verdict.LOST:
                lines[name].lost += 1
            else:
                lines[name].doubled += 1
