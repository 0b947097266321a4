"""When bulletins are due, reckoned by hand. Beijing is UTC+8, without summer time."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from actions.bulletins.kinds import (
    BulletinKind,
    Span,
    Timing,
    kind_of,
    latest_due,
)
from actions.clock import BEIJING
from actions.errors import ConfigurationError
from actions.people.roles import Role
from actions.policy.bulletins import plans_of
from actions.policy.load import load_policy
from tests.policies import changed, written

D, W, M, Q = (
    BulletinKind.DAILY,
    BulletinKind.WEEKLY,
    BulletinKind.MONTHLY,
    BulletinKind.QUARTERLY,
)
AT = time(8, 30)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def span(first: str, end: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("kind", "on", "now", "due", "period"),
    [
        # before the time of the day it is still the day before's
        (D, 1, "2026-11-20T08:29", "2026-11-19T08:30", ("2026-11-18", "2026-11-19")),
        (D, 1, "2026-11-20T08:30", "2026-11-20T08:30", ("2026-11-19", "2026-11-20")),
        (D, 1, "2027-01-01T09:00", "2027-01-01T08:30", ("2026-12-31", "2027-01-01")),
        # half past midnight in Beijing is still the day before in UTC
        (D, 1, "2026-11-20T00:30", "2026-11-19T08:30", ("2026-11-18", "2026-11-19")),
        # summer time elsewhere moves nothing here
        (D, 1, "2026-03-29T09:00", "2026-03-29T08:30", ("2026-03-28", "2026-03-29")),
        # Friday 20 November: the Monday before was the 16th
        (W, 1, "2026-11-20T12:00", "2026-11-16T08:30", ("2026-11-09", "2026-11-16")),
        (W, 1, "2026-11-16T08:29", "2026-11-09T08:30", ("2026-11-02", "2026-11-09")),
        (W, 5, "2026-11-20T08:29", "2026-11-13T08:30", ("2026-11-02", "2026-11-09")),
        (W, 5, "2026-11-20T08:30", "2026-11-20T08:30", ("2026-11-09", "2026-11-16")),
        (W, 7, "2027-01-03T10:00", "2027-01-03T08:30", ("2026-12-21", "2026-12-28")),
        # months, and those that have no 31st
        (M, 1, "2026-11-01T08:30", "2026-11-01T08:30", ("2026-10-01", "2026-11-01")),
        (M, 1, "2026-11-01T08:29", "2026-10-01T08:30", ("2026-09-01", "2026-10-01")),
        (M, 31, "2026-11-29T12:00", "2026-10-31T08:30", ("2026-09-01", "2026-10-01")),
        (M, 31, "2026-11-30T08:30", "2026-11-30T08:30", ("2026-10-01", "2026-11-01")),
        (M, 31, "2027-02-28T09:00", "2027-02-28T08:30", ("2027-01-01", "2027-02-01")),
        (M, 30, "2028-02-29T09:00", "2028-02-29T08:30", ("2028-01-01", "2028-02-01")),
        (M, 31, "2027-02-28T08:00", "2027-01-31T08:30", ("2026-12-01", "2027-01-01")),
        (M, 5, "2027-01-05T09:00", "2027-01-05T08:30", ("2026-12-01", "2027-01-01")),
        # quarters
        (Q, 3, "2026-10-03T08:30", "2026-10-03T08:30", ("2026-07-01", "2026-10-01")),
        (Q, 3, "2026-10-03T08:29", "2026-07-03T08:30", ("2026-04-01", "2026-07-01")),
        (Q, 31, "2027-01-31T09:00", "2027-01-31T08:30", ("2026-10-01", "2027-01-01")),
        (Q, 31, "2026-12-31T23:59", "2026-10-31T08:30", ("2026-07-01", "2026-10-01")),
        (Q, 31, "2026-05-01T00:00", "2026-04-30T08:30", ("2026-01-01", "2026-04-01")),
        # three weeks without a worker: only the latest of each
        (D, 1, "2026-12-11T12:00", "2026-12-11T08:30", ("2026-12-10", "2026-12-11")),
    ],
)
def test_what_was_due_last(
    kind: BulletinKind, on: int, now: str, due: str, period: tuple[str, str]
) -> None:
    found = latest_due(Timing(kind, AT, on), moment(now))
    assert found.moment == moment(due)
    assert found.span == span(*period)


@pytest.mark.parametrize("kind", [D, W, M, Q])
def test_periods_follow_each_other_without_a_gap(kind: BulletinKind) -> None:
    """Looked at every day of three years: none is left out, none comes twice."""
    seen: list[Span] = []
    for day in range(3 * 366):
        now = datetime.fromordinal(date(2026, 1, 1).toordinal() + day).replace(
            hour=12, tzinfo=BEIJING
        )
        found = latest_due(Timing(kind, AT, 31 if kind in (M, Q) else 7), now).span
        if not seen or seen[-1] != found:
            seen.append(found)
    assert all(before.end == after.first for before, after in pairwise(seen))
    assert {kind_of(each) for each in seen} == {kind}


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        (("2026-11-19", "2026-11-20"), D),
        (("2026-11-09", "2026-11-16"), W),
        (("2026-11-10", "2026-11-17"), BulletinKind.ASKED),
        (("2026-11-01", "2026-12-01"), M),
        (("2026-11-01", "2026-11-21"), BulletinKind.ASKED),
        (("2026-07-01", "2026-10-01"), Q),
        (("2026-08-01", "2026-11-01"), BulletinKind.ASKED),
        (("2026-01-01", "2027-01-01"), BulletinKind.ASKED),
    ],
)
def test_which_kind_a_period_is_of(period: tuple[str, str], kind: BulletinKind) -> None:
    assert kind_of(span(*period)) == kind


@pytest.mark.parametrize(
    ("preset", "kinds"),
    [
        ("yuxi", [D, W, M, Q]),
        ("callbacks2014", [W, M]),
        ("default", [D, W, M, Q]),
        ("handan", [D, W, M]),
    ],
)
def test_what_the_presets_send(preset: str, kinds: list[BulletinKind]) -> None:
    assert [plan.timing.kind for plan in plans_of(load_policy(preset))] == kinds


def test_a_plan_says_when_to_whom_and_about_what() -> None:
    """Yuxi tells the whole city every month, each county of its own every week."""
    plans = {plan.timing.kind: plan for plan in plans_of(load_policy("yuxi"))}
    assert plans[W].timing == Timing(W, time(9), 1)
    assert plans[W].roles == {Role.SUB_CENTRE, Role.SUPERVISOR}
    assert (plans[W].whole_city, plans[M].whole_city) == (False, True)


@pytest.mark.parametrize(
    ("line", "value", "place"),
    [
        ("daily.at", "25:00", "bulletins.daily.at"),
        ("daily.to", [], "bulletins.daily.to"),
        ("daily.to", ["officer"], "bulletins.daily.to"),
        ("weekly.weekday", "someday", "bulletins.weekly.weekday"),
        ("monthly.day", 32, "bulletins.monthly.day"),
        ("monthly.of", "county", "bulletins.monthly.of"),
        ("quarterly.day", 0, "bulletins.quarterly.day"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, value: object, place: str) -> None:
    path = written(tmp_path, "yuxi", {f"bulletins.{line}": value})
    with pytest.raises(ConfigurationError, match=place):
        load_policy(path)


def test_a_policy_without_the_section_sends_none(tmp_path: Path) -> None:
    policy = changed("yuxi")
    del policy["bulletins"]
    path = tmp_path / "yuxi.yml"
    path.write_text(yaml.safe_dump(policy, allow_unicode=True), "utf-8")
    assert plans_of(load_policy(str(path))) == []
