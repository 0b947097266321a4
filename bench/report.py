"""The table: what was measured, the goals, and whether they were reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from bench.load import Seen
from bench.machine import load_average
from bench.measure import Effort, Measured
from bench.processes import NOTHING, Cost
from bench.table import NONE, aligned, number

OURS = "huiyin"
WIDTH = 120
FAKES = "simulator"  # stands for the platforms themselves


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `at_most` or `at_least` is Huiyin's goal."""

    label: str
    value: Callable[[Measured], float | None]
    digits: int = 1
    at_most: float | None = None
    at_least: float | None = None

    def goal(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:,.0f}"
        return NONE if self.at_least is None else f"≥ {self.at_least:,.0f}"

    def reached(self, value: float | None) -> bool | None:
        """None without a goal or a value."""
        if value is None or (self.at_most is None and self.at_least is None):
            return None
        return value <= self.at_most if self.at_most is not None else value >= (self.at_least or 0)


def _rows() -> list[Row]:
    return [
        Row("idle, one conversation: p50 ms", lambda m: m.idle.at(0.50), at_most=40),
        Row("  p95 ms", lambda m: m.idle.at(0.95), at_most=120),
        Row("  p99 ms", lambda m: m.idle.at(0.99)),
        Row("  turns", lambda m: m.idle.turns, 0),
        Row("  wrong or failed", lambda m: m.idle.wrong, 0, at_most=0),
        Row(
            "sustained: right answers in time /s",
            lambda m: m.sustained.right_per_second,
            at_least=100,
        ),
        Row("  p50 ms", lambda m: m.sustained.at(0.50)),
        Row("  p95 ms", lambda m: m.sustained.at(0.95)),
        Row("  p99 ms", lambda m: m.sustained.at(0.99)),
        Row("  turns", lambda m: m.sustained.turns, 0),
        Row("  wrong or failed", lambda m: m.sustained.wrong, 0, at_most=0),
        Row("  passive replies", lambda m: m.sustained.turns - m.sustained.late, 0),
        Row("  late (pushed afterwards)", lambda m: m.sustained.late, 0),
        Row("  load generator, cores", lambda m: m.sustained.client_cpu, 2),
        Row("  processor ms per turn, all", lambda m: sum(m.cpu_per_turn.values())),
        Row("half that load: turns /s", lambda m: m.half.right_per_second),
        Row("  p50 ms", lambda m: m.half.at(0.50)),
        Row("  p95 ms", lambda m: m.half.at(0.95)),
        Row("  p99 ms", lambda m: m.half.at(0.99)),
        Row("  wrong or failed", lambda m: m.half.wrong, 0),
        Row("memory before load: RSS MB", lambda m: _sum(m.before).rss, 0),
        Row("  resident (PSS) MB", lambda m: _sum(m.before).pss, 0),
        Row("memory after load: RSS MB", lambda m: _sum(m.after).rss, 0),
        Row("  resident (PSS) MB", lambda m: _sum(m.after).pss, 0, at_most=1536),
        Row("training: s", lambda m: m.training, at_most=40),
    ]


def report(
    found: Sequence[Measured], description: Sequence[str], effort: Effort
) -> tuple[list[str], bool]:
    """The lines, and whether all goals of Huiyin were reached."""
    ours = next((each for each in found if each.name == OURS), None)
    cells = [["", *(each.name for each in found), "goal", "", *_ratio_heads(found)]]
    verdicts = []
    for row in _rows():
        verdict = row.reached(row.value(ours)) if ours else None
        verdicts.append(verdict)
        word = {None: "", True: "reached", False: "MISSED"}[verdict]
        values = [number(row.value(each), row.digits) for each in found]
        cells.append([row.label, *values, row.goal(), word, *_ratios(row, found)])
    lines = [*description, *wrap(_load_line(effort), WIDTH), "", *aligned(cells)]
    for each in found:
        lines += ["", *_details(each)]
    lines += ["", f"load {load_average()} afterwards"]
    return lines, False not in verdicts


def _load_line(effort: Effort) -> str:
    return (
        f"sustained: {effort.conversations} conversations at once for {effort.seconds:.0f} s, "
        "no thinking time; huiyin: 80 % scan and satisfied, 10 % unsatisfied to the case number, "
        "5 % complaint, 5 % follow-up; the load generator runs on the same cores. PSS counts a page "
        "shared by n processes as 1/n, so its sum is what is resident; a sum of RSS counts "
        "PostgreSQL's buffers once per connection."
    )


def _ratio_heads(found: Sequence[Measured]) -> list[str]:
    names = [each.name for each in found]
    if OURS not in names:
        return []
    return [f"{name} : {OURS}" for name in names if name != OURS]


def _ratios(row: Row, found: Sequence[Measured]) -> list[str]:
    """How many times our value the others have."""
    ours = next((row.value(each) for each in found if each.name == OURS), None)
    others = [row.value(each) for each in found if each.name != OURS]
    if all(each.name != OURS for each in found):
        return []
    return [NONE if not ours or not other else f"{other / ours:.2f}" for other in others]


def _details(measured: Measured) -> list[str]:
    """Each process, each kind of turn, each error."""
    cells = [
        [f"{measured.name}: process", "RSS MB", "after", "PSS MB", "after", "ms/turn", "cores"]
    ]
    per_second = measured.sustained.turns / measured.sustained.seconds
    for name, cost in sorted(measured.after.items()):
        before, cpu = measured.before[name], measured.cpu_per_turn[name]
        memory = [number(n, 0) for n in (before.rss, cost.rss, before.pss, cost.pss)]
        cells.append([f"  {name}", *memory, number(cpu, 2), number(cpu * per_second / 1000, 2)])
    lines = [*aligned(cells), *_without_fakes(measured.after)]
    for label, seen in (("idle", measured.idle), ("sustained", measured.sustained)):
        lines += [f"  {label}: {_kinds(seen)}", *_errors(seen)]
    return [*lines, *(f"  {note}" for note in measured.notes)]


def _without_fakes(after: Mapping[str, Cost]) -> list[str]:
    if FAKES not in after:
        return []
    own = _sum({name: cost for name, cost in after.items() if name != FAKES})
    return [f"  without the fake platforms: RSS {own.rss:,.0f} MB, PSS {own.pss:,.0f} MB"]


def _kinds(seen: Seen) -> str:
    """The median and the 95th of each kind of turn."""
    parts = []
    for kind in sorted(seen.times):
        one = Seen(seen.seconds, 0, {kind: seen.times[kind]}, 0, {}, {}, [])
        parts.append(f"{kind} {one.turns}× {one.at(0.5):.1f}/{one.at(0.95):.1f}")
    return "p50/p95 ms by kind: " + ", ".join(parts)


def _errors(seen: Seen) -> list[str]:
    found = [f"    {count}× {reason}" for reason, count in seen.errors.items()]
    return found + [f"      {example!r}" for example in seen.examples[:4]]


def _sum(costs: Mapping[str, Cost]) -> Cost:
    return sum(costs.values(), NOTHING)
