"""From when until when somebody says that they are on leave. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from actions.clock import BEIJING
from actions.numerals import number

_N = r"[0-9零〇一二两三四五六七八九十]+"
_DAYS = re.compile(rf"({_N})\s*(?:天|日|days?)", re.IGNORECASE)
_WEEKS = re.compile(rf"({_N})?\s*(?:周|星期|weeks?)(?!末|[一二三四五六日天])", re.IGNORECASE)
_DATE = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?")
_STARTS = {"后天": 2, "明天": 1, "tomorrow": 1}
MOST = timedelta(days=366)


def said_leave(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The leave that the words name: 休假 3天, 明天起休两天, 11-22 到 11-25, 休到 11月25日.

    Moments are aware, Beijing; `now` is aware. Whole days, the last one included; what begins today
    begins now. A date without a year is the next one to come. None: no days are named, or more
    than a year of them.
    """
    today = now.astimezone(BEIJING).date()
    dates = [found for found in (_date(m, today) for m in _DATE.finditer(text)) if found]
    offset = next((days for word, days in _STARTS.items() if word in text.lower()), 0)
    first = today + timedelta(days=offset)
    if len(dates) >= 2:
        first, last = dates[0], dates[1]
    elif dates and _length(text) is None:
        last = dates[0]
    else:
        first = dates[0] if dates else first
        length = _length(text) or (1 if offset else None)
        if length is None or length > MOST.days:
            return None
        last = first + timedelta(days=length - 1)
    begins = now if first == today else _midnight(first)
    if last == date.max:  # no day comes after it
        return None
    ends = _midnight(last + timedelta(days=1))
    return (begins, ends) if begins < ends <= begins + MOST else None


def _length(text: str) -> int | None:
    bare = _DATE.sub(" ", text)
    days = _DAYS.search(bare)
    if days:
        return number(days[1]) or None
    weeks = _WEEKS.search(bare)
    if weeks:
        return 7 * ((number(weeks[1]) or 0) if weeks[1] else 1) or None
    return None


def _date(match: re.Match[str], today: date) -> date | None:
    year, month, day = match.groups()
    try:
        found = date(int(year) if year else today.year, int(month), int(day))
        return found.replace(year=today.year + 1) if not year and found < today else found
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)
