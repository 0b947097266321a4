"""What may be shown of the groups: citizens counted, small ones left out, the new ones first."""

from __future__ import annotations

from datetime import UTC, datetime

from actions.reports.periods import Period
from actions.topics.building import FoundGroup, Written, build_report
from actions.topics.report import TopicReport, Trend

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
WEEK = Period(
    "本周", datetime(2026, 11, 15, 16, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)
)
EARLIER = Period(
    "11 月 9 日–11 月 13 日",
    datetime(2026, 11, 8, 16, tzinfo=UTC),
    datetime(2026, 11, 13, 6, 5, tzinfo=UTC),
)


def written(*citizens: str) -> list[Written]:
    return [Written(f"第{n}件", who, f"HY{n}") for n, who in enumerate(citizens)]


def everybody(count: int, prefix: str = "c") -> list[Written]:
    return written(*(f"{prefix}{n}" for n in range(count)))


def group(name: str, now: range, before: range = range(0)) -> FoundGroup:
    return FoundGroup((name,), [*now], [*before], [(at, f"说{at}") for at in now][:12])


def report(now: list[Written], before: list[Written], *found: FoundGroup) -> TopicReport:
    return build_report((3, "桥西分局"), WEEK, EARLIER, now, before, found, NOW)


def test_counts_examples_and_what_is_left() -> None:
    made = report(everybody(50), everybody(50), group("违停", range(10), range(9)))
    (only,) = made.groups
    assert (only.count, only.citizens, only.before, only.trend) == (10, 10, 9, Trend.STEADY)
    assert [each.text for each in only.examples] == [f"说{n}" for n in range(6)]
    assert only.cases == tuple(f"HY{n}" for n in range(10))
    assert (made.texts, made.texts_before, made.ungrouped) == (50, 50, 40)
    assert made.compared
    assert not made.too_few


def test_fewer_than_five_citizens_are_not_shown() -> None:
    """Ten cases of four people: as small as four cases."""
    few = written(*"abcd" * 5, *(f"x{n}" for n in range(30)))
    made = report(few, everybody(50), group("某家", range(20)), group("违停", range(20, 25)))
    assert [each.name for each in made.groups] == [("违停",)]
    assert made.ungrouped == 45


def test_one_citizen_who_writes_ten_times_is_one() -> None:
    """Five of 35 citizens now and five of 50 before are no change, 24 cases or not."""
    many = written(*["a"] * 20, *"bcde", *(f"x{n}" for n in range(30)))
    made = report(many, everybody(50), group("一个人", range(24), range(5)))
    (only,) = made.groups
    assert (only.count, only.citizens, only.trend) == (24, 5, Trend.STEADY)
    assert len(only.examples) == 1


def test_what_few_wrote_before_is_no_number() -> None:
    made = report(
        everybody(60),
        everybody(60),
        group("甲", range(10), range(4)),
        group("乙", range(10, 20)),
        group("丙", range(20, 30), range(5, 10)),
    )
    assert {each.name[0]: each.before for each in made.groups} == {"甲": None, "乙": 0, "丙": 5}


def test_new_and_rising_first_then_by_size() -> None:
    made = report(
        everybody(200),
        everybody(200),
        group("大", range(60), range(60)),
        group("升", range(60, 100), range(60, 70)),
        group("新", range(100, 120)),
        group("小", range(120, 126), range(120, 126)),
        group("降", range(130, 140), range(130, 180)),
    )
    assert [(each.name[0], each.trend) for each in made.groups] == [
        ("新", Trend.NEW),
        ("升", Trend.RISING),
        ("大", Trend.STEADY),
        ("降", Trend.FALLING),
        ("小", Trend.STEADY),
    ]


def test_without_a_period_before_nothing_is_new() -> None:
    made = report(everybody(50), everybody(19), group("违停", range(30)))
    assert not made.compared
    assert (made.groups[0].trend, made.groups[0].before) == (Trend.STEADY, None)


def test_too_few() -> None:
    assert report(everybody(19), []).too_few
    assert not report(everybody(20), []).too_few
    assert report([], []).texts == 0


def test_the_same_again_from_json() -> None:
    made = report(everybody(50), everybody(50), group("违停", range(10), range(9)))
    assert TopicReport.from_plain(made.plain()) == made
