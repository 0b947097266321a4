"""A demonstration never begins at night: what officers are to hear would be held till morning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from actions import clock
from actions.clock import BEIJING
from actions.policy.load import load_policy
from bot.demo.daytime import begin_by_day, day_for

NIGHT = "2026-11-21T23:15"


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-21T09:00", None),
        ("2026-11-21T21:59", None),
        ("2026-11-21T22:00", "2026-11-22T10:00"),
        (NIGHT, "2026-11-22T10:00"),
        ("2026-11-22T03:00", "2026-11-22T10:00"),
        ("2026-11-22T07:00", None),
    ],
)
def test_the_next_morning_where_it_is_night(now: str, begins: str | None) -> None:
    found = day_for(at(now), load_policy("default"))
    assert found == (at(begins) if begins else None)


def test_a_clock_that_was_set_by_day_stays(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text(at("2026-11-21T15:00").isoformat(), encoding="ascii")
    assert begin_by_day(file, load_policy("default")) is None
    file.write_text(at(NIGHT).isoformat(), encoding="ascii")
    assert begin_by_day(file, load_policy("default")) == at("2026-11-22T10:00")
    clock.follow(file)
    assert clock.beijing(clock.now()).hour == 10
    clock.freeze(None)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=BEIJING)
