"""Who is told when: warnings, urging, escalations. All times are Beijing's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clock import BEIJING
from actions.deadlines.due import due
from actions.deadlines.ladder import LEVELS, Alarm, AlarmKind, Rule, alarms
from actions.deadlines.spans import Span, SpanUnit, parse_span
from tests.deadlines.moments import (
    CALENDAR,
    HOURS,
    Started,
    beijing,
    due_at,
    local,
    spans,
    starts_and_pauses,
)


def rule(within: str, warn: str | None = None, *escalate: tuple[str, str]) -> Rule:
    steps = tuple((parse_span(after), to) for after, to in escalate)
    return Rule(parse_span(within), None if warn is None else parse_span(warn), steps)


def told(line: Rule, start: str) -> list[tuple[int, str, str | None, str]]:
    begun = beijing(start)
    found = alarms(line, begun, due_at(line.within, begun), HOURS, CALENDAR)
    return [(alarm.stage, alarm.kind.value, local(alarm.at), alarm.to) for alarm in found]


def test_a_ladder_over_a_weekend() -> None:
    """Friday and three working days: due on Wednesday; each level half a day or a day after."""
    line = rule(
        "3 working days",
        "1 working day",
        ("0 minutes", "lead"),
        ("4 hours in duty hours", "sub_centre"),
        ("2 working days", "centre"),
    )
    assert told(line, "2026-11-20 14:05") == [
        (0, "warn", "2026-11-24 18:00", "responsible"),  # Tuesday
        (1, "supervise", "2026-11-25 18:00", "responsible"),
        (2, "escalate", "2026-11-25 18:00", "lead"),
        (3, "escalate", "2026-11-26 10:00", "sub_centre"),  # 18–20 and 8–10
        (4, "escalate", "2026-11-27 18:00", "centre"),  # Thursday, Friday
    ]


@pytest.mark.parametrize(
    ("within", "warn", "start", "warned"),
    [
        ("2 hours", "30 minutes", "2026-11-20 14:00", "2026-11-20 15:30"),
        ("same day", "2 hours", "2026-11-20 14:00", "2026-11-20 20:00"),
        ("same day", "2 hours", "2026-11-20 20:00", None),  # at the start: left out
        ("same day", "2 hours", "2026-11-20 21:00", None),  # before the start
        ("3 days", "1 day", "2026-11-20 14:00", "2026-11-22 18:00"),
        ("1 working day", "1 working day", "2026-11-20 17:00", "2026-11-20 18:00"),  # Mon → Fri
        ("1 working day", "1 working day", "2026-11-20 18:00", None),
        ("1 working day", "1 working day", "2026-02-14 17:00", "2026-02-14 18:00"),  # the festival
        ("3 working days", "2 working days", "2026-02-13 10:00", "2026-02-14 18:00"),  # 24, 14
        ("30 minutes in duty hours", "10 minutes", "2026-11-20 19:50", "2026-11-21 08:10"),
        (
            "15 minutes in duty hours",
            "10 minutes in duty hours",
            "2026-11-20 19:50",
            "2026-11-20 19:55",  # due at 08:05: five minutes of it, and five the evening before
        ),
        ("2 days", "20 hours in duty hours", "2026-11-20 09:00", "2026-11-21 10:00"),  # 10 + 10
    ],
)
def test_the_warning(within: str, warn: str, start: str, warned: str | None) -> None:
    first = told(rule(within, warn), start)[0]
    assert (first[2] if first[1] == "warn" else None) == warned


def test_without_anything_there_is_the_urging() -> None:
    assert told(rule("1 day"), "2026-11-20 14:00") == [
        (1, "supervise", "2026-11-21 18:00", "responsible")
    ]


def test_no_escalation_overtakes_the_one_before() -> None:
    """Written the wrong way round: the centre is told with the lead and not before."""
    line = rule("1 day", None, ("2 days", "lead"), ("1 day", "centre"))
    assert [alarm[2] for alarm in told(line, "2026-11-20 14:00")] == [
        "2026-11-21 18:00",
        "2026-11-23 18:00",
        "2026-11-23 18:00",
    ]


def test_mistakes_in_a_rule() -> None:
    with pytest.raises(ValueError, match='a warning cannot be "same day"'):
        rule("1 day", "same day")
    with pytest.raises(ValueError, match='"boss" is no level; allowed are lead, sub_centre'):
        rule("1 day", None, ("1 day", "boss"))


rules = st.builds(
    Rule,
    spans,
    st.none() | spans.filter(lambda span: span.unit is not SpanUnit.SAME_DAY),
    st.lists(st.tuples(spans, st.sampled_from(LEVELS)), max_size=4).map(tuple),
)


@given(rules, starts_and_pauses())
def test_alarms_come_in_order(line: Rule, started: Started) -> None:
    start, pauses = started
    end = due(line.within, start, pauses, HOURS, CALENDAR).at
    assert end is not None
    found = alarms(line, start, end, HOURS, CALENDAR)
    assert [alarm.at for alarm in found] == sorted(alarm.at for alarm in found)
    assert [alarm.stage for alarm in found] == sorted({alarm.stage for alarm in found})
    assert found[-1].stage == 1 + len(line.escalate)
    assert Alarm(1, AlarmKind.SUPERVISE, end, "responsible") in found
    for alarm in found:
        assert alarm.kind is not AlarmKind.WARN or start < alarm.at <= end


@given(st.integers(0, 900), starts_and_pauses())
def test_duty_minutes_before_are_the_span(count: int, started: Started) -> None:
    """Counted again, minute by minute."""
    end = started[0]
    line = Rule(Span(1, SpanUnit.DAYS), Span(count, SpanUnit.MINUTES, duty=True))
    start = end - timedelta(days=30)
    warned = alarms(line, start, end, HOURS, CALENDAR)[0].at
    minutes = (end - warned) // timedelta(minutes=1)
    clock = [(warned + timedelta(minutes=n)).astimezone(BEIJING).hour for n in range(minutes)]
    assert sum(8 <= hour < 20 for hour in clock) == count
