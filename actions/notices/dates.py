"""Dates as people read them."""

from __future__ import annotations

from datetime import datetime

from actions import clock
from actions.notices.notices import Wording


def say_date(
    wording: Wording,
    moment: datetime,
    language: str,
    *,
    certain: bool = True,
    seen: datetime | None = None,
) -> str:
    """Beijing time, named by its distance from now: 今天 18:00, 明天 18:00, 11 月 25 日（周三）18:00.

    A date that is not `certain`, because the year's holidays are not known yet, says so. `seen`
    (aware) is when it will be read, where that is not now: what is held over night is read then.
    """
    if not certain:
        told = say_date(wording, moment, language, seen=seen)
        return told + wording.say("uncertain_mark", language)
    local = clock.beijing(moment)
    days = (local.date() - clock.beijing(seen or clock.now()).date()).days
    key = {0: "date_today", 1: "date_tomorrow"}.get(days, "date_day")
    return wording.say(
        key,
        language,
        time=f"{local:%H:%M}",
        month=str(local.month),
        day=str(local.day),
        weekday=wording.say("weekdays", language).split()[local.weekday()],
    )
