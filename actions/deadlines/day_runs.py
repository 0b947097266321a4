"""Days counted one after the other, and told in runs: a long holiday is one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from actions.deadlines.steps import Days, Param, Step, StepKey
from actions.deadlines.workdays import Calendar, Holiday, Reason


@dataclass(slots=True)
class _Run:
    """Days that follow each other and count, or do not, for the same reason."""

    key: StepKey
    first: date
    last: date
    n: int
    holidays: list[Holiday] = field(default_factory=list)


class DayRuns:
    """Counts days; with `working_days` only those on which people work.

    counted: how many counted. unknown_year: the first year looked at whose holidays are not known.
    """

    def __init__(self, calendar: Calendar, *, working_days: bool) -> None:
        self._calendar = calendar
        self._working_days = working_days
        self._runs: list[_Run] = []
        self.counted = 0
        self.unknown_year: int | None = None

    def add(self, day: date, *, paused: bool) -> None:
        """Takes the next day; `paused`: the clock stood when the office closed."""
        if self._working_days and self.unknown_year is None and not self._calendar.knows(day.year):
            self.unknown_year = day.year
        key = self._key(day, paused=paused)
        if key in (StepKey.DAY, StepKey.MAKE_UP):
            self.counted += 1
        run = self._runs[-1] if self._runs else None
        if run is None or run.key is not key or key is StepKey.MAKE_UP:
            run = _Run(key, day, day, self.counted)
            self._runs.append(run)
        run.last = day
        if key is StepKey.HOLIDAY:
            name = self._calendar.holiday(day)
            run.holidays += [name] if name and name not in run.holidays else []

    def _key(self, day: date, *, paused: bool) -> StepKey:
        working = not self._working_days or self._calendar.is_working(day)
        within = bool(self._runs) and self._runs[-1].key is StepKey.PAUSED
        if paused and (working or within):
            return StepKey.PAUSED
        reason = self._calendar.reason(day) if self._working_days else Reason.WEEKDAY
        if working:
            return StepKey.MAKE_UP if reason is Reason.MAKE_UP else StepKey.DAY
        return StepKey.HOLIDAY if reason is Reason.HOLIDAY else StepKey.WEEKEND

    def steps(self) -> list[Step]:
        """A step for each run."""
        return [_told(run) for run in self._runs]


def _told(run: _Run) -> Step:
    params: dict[str, Param] = {"days": Days(run.first, run.last)}
    match run.key:
        case StepKey.DAY | StepKey.MAKE_UP:
            params["n"] = run.n
            if run.first < run.last:
                params["last_n"] = run.n + (run.last - run.first).days
                return Step(StepKey.DAYS, params)
        case StepKey.HOLIDAY:
            params["holidays"] = tuple(run.holidays)
    return Step(run.key, params)
