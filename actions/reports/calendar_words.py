"""The words for days, weeks, months, quarters and years: each a pattern and what it means.

A new way to name a period is a new line in PATTERNS. A meaning gets the match and today's date in
Beijing, and gives None for what is no date. Days in the future are days too. Holidays stand in
holiday_words.py, what is counted back from today in recent_words.py.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from actions.reports.days import (
    YEAR,
    Days,
    Meaning,
    N,
    add_months,
    chinese,
    date_or_none,
    english,
    month,
    months,
    number_of,
    one_day,
    said_year,
    several_days,
    several_months,
    written,
)
from actions.reports.holiday_words import HOLIDAYS
from actions.reports.recent_words import RECENT

_WEEKDAYS = "一二三四五六日天"
_QUARTERS = "一二三四"
_THIS = r"(?:本|这一?个?|当)"
_LAST_OR_NEXT = r"(?:上+一?个?|下+一?个?)"


# One day


def _named_day(match: re.Match[str], today: date) -> Days:
    ahead = {"昨": -1, "y": -1, "前": -2, "大": -3, "明": 1, "次": 1, "t": 1, "后": 2}
    word = match.group()
    first = "" if word.startswith("today") else word[0]
    return one_day(today + timedelta(days=ahead.get(first, 0)), today)


def _calendar_day(match: re.Match[str], today: date) -> Days | None:
    which, day = number_of(match, "month"), number_of(match, "day")
    year = said_year(match, today)
    for candidate in [year] if year else range(today.year, today.year - 9, -1):
        found = date_or_none(candidate, which, day)
        if found and (year or found <= today):
            return one_day(found, today)
    return None


def _days_of_a_month(match: re.Match[str], today: date) -> Days | None:
    first = _calendar_day(match, today)
    last = first and date_or_none(first.first.year, first.first.month, number_of(match, "last"))
    if not first or not last or last < first.first:
        return None
    zh, _ = written(first.first, today)
    en = f"{first.first.day}–{written(last, today)[1]}"
    return Days(first.first, last + timedelta(days=1), f"{zh}–{last.day} 日", en)


def _weekday(match: re.Match[str], today: date) -> Days:
    day = min(_WEEKDAYS.index(match["weekday"]), 6)
    return one_day(_monday(match, today) + timedelta(days=day), today)


# Weeks, months, quarters, halves, years


def _week(match: re.Match[str], today: date) -> Days:
    first = _monday(match, today)
    names = {0: ("本周", "this week"), -1: ("上周", "last week")}
    if _ahead(match) in names:
        return Days(first, first + timedelta(days=7), *names[_ahead(match)])
    return several_days(first, first + timedelta(days=6), today)


def _weekend(match: re.Match[str], today: date) -> Days:
    saturday = _monday(match, today) + timedelta(days=5)
    return several_days(saturday, saturday + timedelta(days=1), today)


def _monday(match: re.Match[str], today: date) -> date:
    return today - timedelta(days=today.weekday() - 7 * _ahead(match))


def _ahead(match: re.Match[str]) -> int:
    """How many weeks, months … ahead of this one: 上上周 is -2, 下个月 1."""
    word = match.group()
    if word.startswith(("last", "next")):
        return -1 if word.startswith("last") else 1
    many = len(word) - len(word.lstrip(word[0]))
    return {"上": -many, "下": many}.get(word[0], 0)


def _quarter(first: date, today: date) -> Days:
    which = (first.month - 1) // 3
    return months(first, 3, f"{_QUARTERS[which]}季度", f"Q{which + 1}", today)


def _half(first: date, today: date) -> Days:
    zh, en = ("上半年", "first half") if first.month == 1 else ("下半年", "second half")
    return months(first, 6, zh, en, today)


def _year(first: date, today: date) -> Days:
    return Days(first, add_months(first, 12), f"{first.year} 年", str(first.year))


def _relative(length: int, name: Callable[[date, date], Days]) -> Meaning:
    """This, the last or the next month, quarter, year: `length` months, counted from January."""

    def meaning(match: re.Match[str], today: date) -> Days:
        begun = (today.month - 1) // length * length + 1
        first = add_months(date(today.year, begun, 1), length * _ahead(match))
        return name(first, today)

    return meaning


def _numbered(length: int, name: Callable[[date, date], Days]) -> Meaning:
    """The n-th month, quarter or half, of the year that is said or else the latest begun."""

    def meaning(match: re.Match[str], today: date) -> Days | None:
        which = {"上": 1, "下": 2, "f": 1, "s": 2}.get(match["which"][0]) or number_of(
            match, "which"
        )
        first = _begun(said_year(match, today), (which - 1) * length + 1, today)
        return name(first, today) if first else None

    return meaning


def _begun(year: int | None, which: int, today: date) -> date | None:
    """The first of that month, of the year that was said, else the latest that has begun."""
    first = date_or_none(year or today.year, which, 1)
    return add_months(first, -12) if first and not year and first > today else first


def _several(length: int) -> Meaning:
    """From the n-th month or quarter to another: 1到9月, 一至三季度, 前三季度."""

    def meaning(match: re.Match[str], today: date) -> Days | None:
        which = number_of(match, "which") if "which" in match.groupdict() else 1
        last = number_of(match, "last")
        first = _begun(said_year(match, today), (which - 1) * length + 1, today)
        if first is None or not which < last <= 12 // length:
            return None
        if length == 1:
            return several_months(first, last - which + 1, today)
        zh, en = f"{_QUARTERS[which - 1]}季度–{_QUARTERS[last - 1]}季度", f"Q{which}–Q{last}"
        return months(first, length * (last - which + 1), zh, en, today)

    return meaning


def _part_of_month(match: re.Match[str], today: date) -> Days | None:
    """上旬 to 下旬, 上半月, 下半月 of the month that is said, else of this one."""
    first = date(today.year, today.month, 1)
    if match["back"]:
        first = add_months(first, -1)
    elif match["which"]:
        said = _begun(said_year(match, today), number_of(match, "which"), today)
        if said is None:
            return None
        first = said
    begins, ends = {
        "上旬": (1, 10),
        "中旬": (11, 20),
        "下旬": (21, 31),
        "上半月": (1, 15),
        "下半月": (16, 31),
    }[match["part"]]
    last = calendar.monthrange(first.year, first.month)[1]
    return several_days(first.replace(day=begins), first.replace(day=min(ends, last)), today)


def _whole_year(match: re.Match[str], today: date) -> Days | None:
    first = date_or_none(said_year(match, today) or today.year, 1, 1)
    return _year(first, today) if first else None


def _month_in_english(match: re.Match[str], today: date) -> Days | None:
    which = [name[:3].lower() for name in calendar.month_name].index(match["month"][:3])
    first = _begun(int(match["year"]) if match["year"] else None, which, today)
    return month(first, today) if first else None


_ISO = r"(?P<year>20\d\d)[-/.](?P<{}>\d\d?)"
_MONTH_DAY = rf"(?P<month>{N})\s*月\s*(?P<day>{N})\s*[日号]"
_TO = r"\s*[到至~–-]\s*"
_SMALL = r"(?<![\d一二三四五六七八九十])(?P<which>\d{1,2}|[一二三四五六七八九十]{1,2})"
_WEEK = r"(?:周|星期|礼拜)"
_NEAR = rf"(?:{_THIS}|{_LAST_OR_NEXT})"
_EN = r"(?:this |last |next )?"
_MONTHS_EN = (
    r"(?P<month>january|february|march|april|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?!\w)|may(?= 20\d\d))"
    r"(?:,? (?P<year>20\d\d))?"
)
_OF_YEAR_EN = r"(?:,? (?:of )?(?P<year>20\d\d))?"

PATTERNS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (chinese("今[天日儿]|当[天日]|昨[天日儿]|大?前[天日](?!年)|明[天日儿]|后[天日]"), _named_day),
    (chinese(rf"{YEAR}{_MONTH_DAY}\s*[到至~–-]\s*(?P<last>{N})\s*[日号]"), _days_of_a_month),
    (chinese(YEAR + _MONTH_DAY), _calendar_day),
    (re.compile(_ISO.format("month") + r"[-/.](?P<day>\d\d?)(?!\d)"), _calendar_day),
    (re.compile(_ISO.format("which") + r"(?![\d./-])"), _numbered(1, month)),
    (chinese(rf"{YEAR}(?P<which>{N})\s*月"), _numbered(1, month)),
    (chinese(rf"{YEAR}{_SMALL}\s*月?{_TO}(?P<last>{N})\s*月(?!\s*{N}\s*[日号])"), _several(1)),
    (chinese(rf"{YEAR}第?(?P<which>[一二三四1-4])个?季度"), _numbered(3, _quarter)),
    (
        chinese(rf"{YEAR}第?(?P<which>[一二三四1-4])(?:季度)?{_TO}(?P<last>[一二三四1-4])季度"),
        _several(3),
    ),
    (chinese(rf"{YEAR}前(?P<last>[二两三23])个?季度"), _several(3)),
    (chinese(rf"{YEAR.removesuffix('?')}前(?P<last>{N})个?月"), _several(1)),
    (chinese(rf"{YEAR}(?P<which>[上下])半年"), _numbered(6, _half)),
    (
        chinese(
            rf"(?:{YEAR}(?P<which>{N})\s*月份?|(?P<back>上个?月)|{_THIS}月)?的?"
            r"(?P<part>[上中下]旬|[上下]半月)"
        ),
        _part_of_month,
    ),
    (chinese(rf"{YEAR.removesuffix('?')}(?:一整年|整年)?"), _whole_year),
    (chinese("(?P<year>)(?:年初以来|年初至今|全年|一整年)"), _whole_year),
    (chinese(rf"{_NEAR}{_WEEK}"), _week),
    (chinese(rf"{_NEAR}{_WEEK}(?P<weekday>[{_WEEKDAYS}])"), _weekday),
    (chinese(rf"{_NEAR}(?:周|星期)?末"), _weekend),
    (chinese(rf"{_NEAR}月(?![旬])"), _relative(1, month)),
    (chinese("月初以来|月初至今|全月"), _relative(1, month)),
    (chinese(rf"{_NEAR}季度?"), _relative(3, _quarter)),
    (english("today|yesterday|tomorrow"), _named_day),
    (english(f"{_EN}week"), _week),
    (english(f"{_EN}month"), _relative(1, month)),
    (english(f"{_EN}quarter"), _relative(3, _quarter)),
    (english(f"{_EN}year"), _relative(12, _year)),
    (english(_MONTHS_EN), _month_in_english),
    (english(r"in (?P<month>may)(?:,? (?P<year>20\d\d))?"), _month_in_english),
    (english(rf"q(?P<which>[1-4]){_OF_YEAR_EN}"), _numbered(3, _quarter)),
    (
        english(rf"(?P<which>first|second) half(?: of the)?(?: year)?{_OF_YEAR_EN}"),
        _numbered(6, _half),
    ),
    (english(r"in (?P<year>20\d\d)"), _whole_year),
    *RECENT,
    *HOLIDAYS,
)
