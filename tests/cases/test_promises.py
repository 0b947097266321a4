"""By when a citizen is promised an answer; the arithmetic stands beside each row."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.cases.kinds import CaseKind
from actions.cases.promises import answer_by
from actions.clock import BEIJING


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("kind", "opened", "due"),
    [
        (CaseKind.UNSATISFIED, "2026-11-20 14:05", "2026-11-21 18:00"),  # Friday + 1
        (CaseKind.HELP, "2026-11-20 23:59:59", "2026-11-21 18:00"),  # still counts as Friday
        (CaseKind.COMPLAINT, "2026-11-20 00:00", "2026-11-23 18:00"),  # + 3
        (CaseKind.SUGGESTION, "2026-12-28 09:00", "2027-01-04 18:00"),  # + 7, over the year
        (CaseKind.PRAISE, "2028-02-22 09:00", "2028-02-29 18:00"),  # + 7, a leap day
    ],
)
def test_the_promise(kind: CaseKind, opened: str, due: str) -> None:
    assert answer_by(kind, beijing(opened)) == beijing(due)


@given(
    st.sampled_from(CaseKind),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001
)
def test_it_is_always_ahead_and_within_a_week_and_a_day(kind: CaseKind, naive: datetime) -> None:
    opened = naive.replace(tzinfo=BEIJING)
    ahead = (answer_by(kind, opened) - opened).total_seconds() / 3600
    assert 18 < ahead < 8 * 24
