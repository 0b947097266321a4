"""Who is asked, when, and why not: the arithmetic beside each row. Times of day are Beijing's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clock import BEIJING
from actions.invitations.kinds import EventKind, Excluded, InvitationState, Reach, WhyNot
from actions.invitations.lots import drawn, lot, period_of
from actions.invitations.rules import Candidate, Rule, decide, into_hours, moments_after
from actions.policy.asking import rule_of
from actions.policy.load import load_policy

RULE = Rule(
    delay={EventKind.COUNTER: timedelta(hours=2), EventKind.POLICE_CALL: timedelta(days=7)},
    share=1.0,
    hours=(time(9), time(21)),
    by="account_first",
    reminder=timedelta(days=3),
    expires=timedelta(days=7),
    at_most=1,
    within=timedelta(days=30),
    oldest=timedelta(days=15),
)


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%m-%d %H:%M").replace(year=2026, tzinfo=BEIJING).astimezone(UTC)


ONE = Candidate(
    kind=EventKind.COUNTER,
    excluded=None,
    reach=Reach.MOBILE,
    has_account=False,
    finished_at=moment("11-20 14:00"),
    opted_out=False,
    drawn=True,
    contacts=(),
)
NOW = moment("11-20 14:05")


@pytest.mark.parametrize(
    ("finished", "kind", "now", "due"),
    [
        ("11-20 14:00", EventKind.COUNTER, "11-20 14:05", "11-20 16:00"),  # two hours later
        ("11-20 19:30", EventKind.COUNTER, "11-20 19:31", "11-21 09:00"),  # 21:30 is night
        ("11-20 03:00", EventKind.COUNTER, "11-20 03:01", "11-20 09:00"),  # 05:00 is night
        ("11-20 18:59", EventKind.COUNTER, "11-20 19:00", "11-20 20:59"),  # just before 21:00
        ("11-20 19:00", EventKind.COUNTER, "11-20 19:01", "11-21 09:00"),  # 21:00 is out
        ("11-13 10:00", EventKind.POLICE_CALL, "11-13 11:00", "11-20 10:00"),  # the seventh day
        ("11-13 23:40", EventKind.POLICE_CALL, "11-13 23:50", "11-21 09:00"),  # 23:40 is night
        ("11-10 10:00", EventKind.COUNTER, "11-20 14:05", "11-20 14:05"),  # came late: now
    ],
)
def test_when(finished: str, kind: EventKind, now: str, due: str) -> None:
    one = replace(ONE, finished_at=moment(finished), kind=kind)
    made = decide(one, RULE, moment(now))
    assert (made.state, made.due_at) == (InvitationState.CHOSEN, moment(due))


def test_the_reminder_and_the_end() -> None:
    # Sent 20 Nov 16:00: reminded 23 Nov 16:00, over 27 Nov 16:00.
    remind, over = moments_after(moment("11-20 16:00"), RULE)
    assert (remind, over) == (moment("11-23 16:00"), moment("11-27 16:00"))
    # A reminder that the night would push behind the end is none.
    short = replace(RULE, reminder=timedelta(hours=5), expires=timedelta(hours=12))
    assert moments_after(moment("11-20 17:00"), short) == (None, moment("11-21 05:00"))


WHY_NOT: Sequence[tuple[dict[str, Any], WhyNot]] = [
    ({"kind": EventKind.VISIT}, WhyNot.KIND),
    ({"excluded": Excluded.DO_NOT_ASK}, WhyNot.DO_NOT_ASK),
    ({"excluded": Excluded.NOT_SCREENED}, WhyNot.NOT_SCREENED),
    ({"finished_at": moment("11-05 14:04")}, WhyNot.TOO_OLD),  # 15 days and a minute
    ({"reach": Reach.LANDLINE}, WhyNot.NO_WAY),
    ({"reach": Reach.ABROAD}, WhyNot.NO_WAY),
    ({"reach": Reach.UNREADABLE}, WhyNot.NO_WAY),
    ({"reach": Reach.NONE}, WhyNot.NO_WAY),
    ({"opted_out": True}, WhyNot.OPTED_OUT),
    ({"drawn": False}, WhyNot.NOT_DRAWN),
    ({"contacts": [moment("10-21 16:01")]}, WhyNot.CONTACT_CAP),  # 29 days 23 hours before
    ({"contacts": [moment("12-20 15:59")]}, WhyNot.CONTACT_CAP),  # one that is planned
    # The first reason in the order of the list: what protects comes before what is counted.
    ({"excluded": Excluded.DO_NOT_ASK, "opted_out": True, "drawn": False}, WhyNot.DO_NOT_ASK),
    ({"opted_out": True, "drawn": False}, WhyNot.OPTED_OUT),
]


@pytest.mark.parametrize(("changes", "why_not"), WHY_NOT)
def test_why_not(changes: dict[str, Any], why_not: WhyNot) -> None:
    made = decide(replace(ONE, **changes), RULE, NOW)
    assert (made.state, made.why_not) == (InvitationState.LEFT_OUT, why_not)


def test_a_month_later_they_may_be_asked_again() -> None:
    made = decide(replace(ONE, contacts=[moment("10-21 16:00")]), RULE, NOW)  # 30 days before
    assert made.state is InvitationState.CHOSEN


@pytest.mark.parametrize(
    ("by", "reach", "account", "way"),
    [
        ("sms", Reach.MOBILE, False, True),
        ("sms", Reach.NONE, True, False),
        ("account", Reach.MOBILE, False, False),
        ("account", Reach.LANDLINE, True, True),
        ("account_first", Reach.NONE, True, True),
        ("account_first", Reach.MOBILE, False, True),
    ],
)
def test_ways(by: str, reach: Reach, account: bool, way: bool) -> None:
    one = replace(ONE, reach=reach, has_account=account)
    made = decide(one, replace(RULE, by=by), NOW)
    assert (made.why_not is None) is way


def test_a_deployment_without_invitations_asks_nobody() -> None:
    assert decide(ONE, None, NOW).why_not is WhyNot.KIND


MINUTES = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MINUTES)
def test_nothing_is_due_at_night(when: datetime) -> None:
    due = into_hours(when, (time(9), time(21)))
    assert when <= due < when + timedelta(hours=12, minutes=1)
    assert time(9) <= due.astimezone(BEIJING).time() < time(21)


@given(MINUTES)
def test_hours_may_last_until_midnight(when: datetime) -> None:
    due = into_hours(when, (time(8), time(0)))
    assert due.astimezone(BEIJING).time() >= time(8)


# --- lots ---------------------------------------------------------------------------------------


def test_a_lot_is_what_sha256sum_gives() -> None:
    assert lot("s", "hall", "N1") == hashlib.sha256(b"s:hall:N1").hexdigest()


def test_a_share_is_about_what_it_says_and_a_greater_one_holds_a_smaller() -> None:
    numbers = [f"N{n}" for n in range(20_000)]
    tenth = {n for n in numbers if drawn(0.1, "seed", "hall", n)}
    fifth = {n for n in numbers if drawn(0.2, "seed", "hall", n)}
    # 20,000 x 0.1 = 2,000; four deviations of sqrt(20,000 x 0.1 x 0.9) = 42 are 170.
    assert abs(len(tenth) - 2000) < 170
    assert tenth < fifth
    assert all(drawn(1.0, "seed", "hall", n) for n in numbers)
    assert not any(drawn(0.0, "seed", "hall", n) for n in numbers)


def test_the_month_is_beijing_s() -> None:
    assert period_of(datetime(2026, 10, 31, 16, 0, tzinfo=UTC)) == "2026-11"
    assert period_of(datetime(2026, 10, 31, 15, 59, tzinfo=UTC)) == "2026-10"


# --- the presets --------------------------------------------------------------------------------


def test_yuxi_asks_after_each_service_by_sms() -> None:
    rule = rule_of(load_policy("yuxi"))
    assert rule is not None
    assert set(rule.delay) == set(EventKind) - {EventKind.ENTERPRISE}
    assert (rule.by, rule.share) == ("sms", 1.0)


def test_handan_asks_on_the_seventh_day_and_enterprises_what_they_need() -> None:
    rule = rule_of(load_policy("handan"))
    assert rule is not None
    assert rule.delay[EventKind.POLICE_CALL] == timedelta(days=7)
    assert EventKind.ENTERPRISE in rule.delay


def test_callbacks2014_draws_and_asks_five_aspects() -> None:
    policy = load_policy("callbacks2014")
    assert policy.invitations is not None
    assert policy.invitations.share < 1
    assert policy.invitations.aspects
    assert len(policy.aspects) == 5


@pytest.mark.parametrize("name", ["default", "zhumadian", "zhangjiakou"])
def test_where_citizens_scan_nobody_is_asked_by_message(name: str) -> None:
    assert rule_of(load_policy(name)) is None
