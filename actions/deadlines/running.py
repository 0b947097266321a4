"""A deadline as it is kept: it carries its own rule and hours, whatever the policy says later.

Pure; what goes in and out is plain JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from actions.deadlines.due import due
from actions.deadlines.hours import MIDNIGHT, Hours, parse_hours
from actions.deadlines.ladder import Alarm, Rule, alarms
from actions.deadlines.spans import Span, parse_span
from actions.deadlines.steps import Due, earlier
from actions.deadlines.workdays import Calendar

type Stand = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that began at `started` (aware), stood still in `stands`, and was prolonged.

    Where somebody else wants it earlier, it is over at `until` (aware, UTC) whatever the rule says.
    """

    rule: Rule
    hours: Hours
    started: datetime
    stands: tuple[Stand, ...] = ()
    prolonged: tuple[Span, ...] = ()
    until: datetime | None = None

    def due(self, calendar: Calendar) -> Due:
        """When it is over; each extension begins where the time before it ended."""
        found = due(self.rule.within, self.started, self.stands, self.hours, calendar)
        for span in self.prolonged:
            if found.at is None:
                break
            more = due(span, found.at, self.stands, self.hours, calendar)
            found = Due(more.at, found.certain and more.certain, (*found.steps, *more.steps))
        return found if self.until is None else earlier(found, self.until)

    def alarms(self, due_at: datetime, calendar: Calendar) -> tuple[Alarm, ...]:
        return alarms(self.rule, self.started, due_at, self.hours, calendar)

    def stand(self, now: datetime) -> Running:
        """The clock stands still from now on; it does not matter how often that is said."""
        if self.stands and self.stands[-1][1] is None:
            return self
        return replace(self, stands=(*self.stands, (now, None)))

    def go_on(self, now: datetime) -> Running:
        """The clock runs again from now on."""
        if not self.stands or self.stands[-1][1] is not None:
            return self
        return replace(self, stands=(*self.stands[:-1], (self.stands[-1][0], now)))

    def prolong(self, span: Span) -> Running:
        return replace(self, prolonged=(*self.prolonged, span))


def rule_json(running: Running) -> dict[str, Any]:
    """The rule and the extensions."""
    rule = running.rule
    return {
        "within": str(rule.within),
        "warn": str(rule.warn) if rule.warn else None,
        "escalate": [[str(after), level] for after, level in rule.escalate],
        "prolonged": [str(span) for span in running.prolonged],
        **({"until": running.until.isoformat()} if running.until else {}),
    }


def hours_json(hours: Hours) -> dict[str, str]:
    return {
        "duty": _pair(hours.duty),
        "office": _pair(hours.office),
        "calls": _pair(hours.calls),
        "same_day_late": f"{hours.same_day_late:%H:%M}",
    }


def stands_json(running: Running) -> list[list[str | None]]:
    return [[a.isoformat(), b.isoformat() if b else None] for a, b in running.stands]


def read_running(
    rule: dict[str, Any], hours: dict[str, str], started: datetime, stands: list[list[str | None]]
) -> Running:
    """The deadline as it was written by the functions above."""
    ladder = tuple((parse_span(after), level) for after, level in rule["escalate"])
    warn = parse_span(rule["warn"]) if rule["warn"] else None
    return Running(
        Rule(parse_span(rule["within"]), warn, ladder),
        Hours(
            parse_hours(hours["duty"]),
            parse_hours(hours["office"]),
            parse_hours(hours["calls"]),
            time.fromisoformat(hours["same_day_late"]),
        ),
        started,
        tuple(_stand(pair) for pair in stands),
        tuple(parse_span(span) for span in rule.get("prolonged", ())),
        datetime.fromisoformat(rule["until"]) if rule.get("until") else None,
    )


def _stand(pair: list[str | None]) -> Stand:
    first, last = pair
    if first is None:
        raise ValueError("a pause without a beginning")
    return datetime.fromisoformat(first), datetime.fromisoformat(last) if last else None


def _pair(pair: tuple[time, time]) -> str:
    end = "24:00" if pair[1] == MIDNIGHT else f"{pair[1]:%H:%M}"
    return f"{pair[0]:%H:%M}-{end}"
