"""Dates as people read them."""

from __future__ import annotations

from datetime import datetime

from actions import clock
from actions.notices.notices import Wording


def say_date(wording: Wording, moment: datetime, language: str, *, certain: bool = True) -> str:
    """Beijing time, named by its distance from now: 今天 18:00, 明天 18:00, 11 月 25 日（周三）18:00.

    A date that is not `certain`, because the year's holidays are not known yet, says so.
    """
    if not certain:
        return say_date(wording, moment, language) + wording.say("uncertain_mark", language)
    local = clock.beijing(moment)
    days = (local.date() - clock.beijing(clock.now()).date()).days
    key = {0: "date_today", 1: "date_tomorrow"}.get(days, "date_day")
    return wording.say(
        key,
        language,
        time=f"{local:%H:%M}",
        month=str(local.month),
        day=str(local.day),
        weekday=wording.say("weekdays", language).split()[local.weekday()],
    )
