"""The words for days, weeks, months, quarters and years: each a pattern and what it means.

A new way to name a period is a new line in PATTERNS. A meaning gets the match and today's date in
Beijing, and gives None for what is no date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from actions.numerals import number

_N = r"[\d零〇一二两三四五六七八九十]+"
_YEAR = r"(?:(?P<year>今年|去年|前年|明年|本年|(?:\d{4}|[零〇一二三四五六七八九]{4})\s*年)的?\s*)?"
_TAIL = r"(?:以来|期间|份|的)*"
_WEEKDAYS = "一二三四五六日天"
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` up to, not including, `after`."""

    first: date
    after: date
    label: str
    label_en: str


type Meaning = Callable[[re.Match[str], date], Days | None]


# One day


def _day(day: date, today: date) -> Days:
    near = {0: ("今天", "today"), 1: ("昨天", "yesterday")}.get((today - day).days)
    return Days(day, day + timedelta(days=1), *(near or _written(day, today)))


def _written(day: date, today: date) -> tuple[str, str]:
    return (
        _year_zh(day, today, f"{day.month} 月 {day.day} 日"),
        f"{day.day} {calendar.month_name[day.month]}{_year_en(day, today)}",
    )


def _named_day(match: re.Match[str], today: date) -> Days:
    back = {"昨": 1, "y": 1, "前": 2}.get(match.group()[0], 0)
    return _day(today - timedelta(days=back), today)


def _calendar_day(match: re.Match[str], today: date) -> Days | None:
    month, day = _number(match, "month"), _number(match, "day")
    year = _said_year(match, today)
    for candidate in [year] if year else range(today.year, today.year - 9, -1):
        found = _date(candidate, month, day)
        if found and (year or found <= today):
            return _day(found, today)
    return None


def _days_of_a_month(match: re.Match[str], today: date) -> Days | None:
    first = _calendar_day(match, today)
    last = first and _date(first.first.year, first.first.month, _number(match, "last"))
    if not first or not last or last < first.first:
        return None
    zh, _ = _written(first.first, today)
    en = f"{first.first.day}–{_written(last, today)[1]}"
    return Days(first.first, last + timedelta(days=1), f"{zh}–{last.day} 日", en)


def _weekday(match: re.Match[str], today: date) -> Days:
    day = min(_WEEKDAYS.index(match["weekday"]), 6)
    return _day(_monday(match, today) + timedelta(days=day), today)


# Weeks, months, quarters, halves, years


def _week(match: re.Match[str], today: date) -> Days:
    first = _monday(match, today)
    zh, en = ("上周", "last week") if _last(match) else ("本周", "this week")
    return Days(first, first + timedelta(days=7), zh, en)


def _monday(match: re.Match[str], today: date) -> date:
    return today - timedelta(days=today.weekday() + 7 * _last(match))


def _months(first: date, count: int, zh: str, en: str, today: date) -> Days:
    """Whole months from the first of one; `zh` and `en` name them within their year."""
    label, label_en = _year_zh(first, today, zh), f"{en}{_year_en(first, today)}"
    return Days(first, _add_months(first, count), label, label_en)


def _month(first: date, today: date) -> Days:
    return _months(first, 1, f"{first.month} 月", calendar.month_name[first.month], today)


def _quarter(first: date, today: date) -> Days:
    which = (first.month - 1) // 3
    return _months(first, 3, f"{_QUARTERS[which]}季度", f"Q{which + 1}", today)


def _half(first: date, today: date) -> Days:
    zh, en = ("上半年", "first half") if first.month == 1 else ("下半年", "second half")
    return _months(first, 6, zh, en, today)


def _year(first: date, today: date) -> Days:
    return Days(first, _add_months(first, 12), f"{first.year} 年", str(first.year))


def _relative(length: int, name: Callable[[date, date], Days]) -> Meaning:
    """This or the last month, quarter, year: `length` months long, counted from January."""

    def meaning(match: re.Match[str], today: date) -> Days:
        month = (today.month - 1) // length * length + 1
        first = _add_months(date(today.year, month, 1), -length * _last(match))
        return name(first, today)

    return meaning


def _numbered(length: int, name: Callable[[date, date], Days]) -> Meaning:
    """The n-th month, quarter or half, of the year that is said or else the latest begun."""

    def meaning(match: re.Match[str], today: date) -> Days | None:
        which = {"上": 1, "下": 2}.get(match["which"]) or _number(match, "which")
        year = _said_year(match, today)
        first = _date(year or today.year, (which - 1) * length + 1, 1)
        if first and not year and first > today:
            first = _add_months(first, -12)
        return name(first, today) if first else None

    return meaning


def _whole_year(match: re.Match[str], today: date) -> Days | None:
    first = _date(_said_year(match, today) or today.year, 1, 1)
    return _year(first, today) if first else None


# Backwards from today


def _recent(match: re.Match[str], today: date) -> Days | None:
    count = 0.5 if match["count"] == "半" else min(number(match["count"] or "一") or 0, 10_000)
    unit = "周" if match["unit"] in {"星期", "礼拜", "周"} else match["unit"].removesuffix("度")
    after = today + timedelta(days=1)
    if unit in {"天", "日", "周"}:
        days = int(count * (7 if unit == "周" else 1))
        return _back(after - timedelta(days=days), after, f"{days} 天", f"{days} days")
    months = int(count * {"月": 1, "季": 3, "年": 12}[unit])
    if months > 240:
        return None
    return _back(_add_months(after, -months), after, f"{months} 个月", f"{months} months")


def _recent_english(match: re.Match[str], today: date) -> Days | None:
    after, days = today + timedelta(days=1), int(match["count"])
    return _back(after - timedelta(days=min(days, 10_000)), after, f"{days} 天", f"{days} days")


def _back(first: date, after: date, zh: str, en: str) -> Days | None:
    return Days(first, after, f"近 {zh}", f"last {en}") if 0 < (after - first).days < 7500 else None


# Arithmetic


def _number(match: re.Match[str], group: str) -> int:
    return number(match[group]) or 0


def _last(match: re.Match[str]) -> bool:
    return match.group().startswith(("上", "last"))


def _said_year(match: re.Match[str], today: date) -> int | None:
    said = match["year"]
    if not said:
        return None
    relative = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1}
    return (
        today.year + relative[said] if said in relative else number(said.removesuffix("年").strip())
    )


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year < 2100 else None
    except (ValueError, OverflowError):
        return None


def _add_months(day: date, count: int) -> date:
    """The same day so many months later; the last of the month where that day is missing."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _year_zh(day: date, today: date, label: str) -> str:
    """The label, with the year before it unless it is this year."""
    if day.year == today.year:
        return label
    return f"{day.year} 年{' ' if label[0].isdecimal() else ''}{label}"


def _year_en(day: date, today: date) -> str:
    return f" {day.year}" if day.year != today.year else ""


def _chinese(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + r"(?:\s*" + _TAIL + ")")


def _english(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){pattern}(?![a-z])")


_ISO = r"(?P<year>20\d\d)[-/.](?P<{}>\d\d?)"
_MONTH_DAY = rf"(?P<month>{_N})\s*月\s*(?P<day>{_N})\s*[日号]"
_THIS_OR_LAST = r"(?:本|这个?|当|上一?个?)"

PATTERNS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (_chinese("今[天日]|昨[天日]|前[天日](?!年)"), _named_day),
    (_chinese(rf"{_YEAR}{_MONTH_DAY}\s*[到至~–-]\s*(?P<last>{_N})\s*[日号]"), _days_of_a_month),
    (_chinese(_YEAR + _MONTH_DAY), _calendar_day),
    (re.compile(_ISO.format("month") + r"[-/.](?P<day>\d\d?)(?!\d)"), _calendar_day),
    (re.compile(_ISO.format("which") + r"(?![\d./-])"), _numbered(1, _month)),
    (_chinese(rf"{_YEAR}(?P<which>{_N})\s*月"), _numbered(1, _month)),
    (_chinese(rf"{_YEAR}第?(?P<which>[一二三四1-4])个?季度"), _numbered(3, _quarter)),
    (_chinese(rf"{_YEAR}(?P<which>[上下])半年"), _numbered(6, _half)),
    (_chinese(_YEAR.removesuffix("?")), _whole_year),
    (_chinese(rf"{_THIS_OR_LAST}(?:周|星期|礼拜)"), _week),
    (_chinese(rf"{_THIS_OR_LAST}(?:周|星期|礼拜)(?P<weekday>[{_WEEKDAYS}])"), _weekday),
    (_chinese(rf"{_THIS_OR_LAST}月"), _relative(1, _month)),
    (_chinese(rf"{_THIS_OR_LAST}季度"), _relative(3, _quarter)),
    (
        _chinese(
            rf"(?:最近|近|过去)的?\s*(?P<count>半|{_N})?\s*个?\s*"
            r"(?P<unit>天|日|周|星期|礼拜|月|季度|年)"
        ),
        _recent,
    ),
    (_english("today|yesterday"), _named_day),
    (_english("(?:this |last )?week"), _week),
    (_english("(?:this |last )?month"), _relative(1, _month)),
    (_english("(?:this |last )?quarter"), _relative(3, _quarter)),
    (_english("(?:this |last )?year"), _relative(12, _year)),
    (_english(r"(?:last|past) (?P<count>\d{1,4}) days?"), _recent_english),
)
