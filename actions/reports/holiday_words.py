"""国庆期间, 春节, "Spring Festival": a holiday's days off, as the government published them. Pure.

A holiday without a year is the latest that has begun. Where two are joined into one stretch of days
off (国庆 and 中秋 of 2025), each means the whole stretch. A name that streets and stations bear too
(五一路派出所) counts only where nothing of a place follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from actions.deadlines.workdays import Published, published
from actions.reports.days import (
    YEAR,
    Days,
    Meaning,
    Unpublished,
    chinese,
    english,
    one_day,
    said_year,
    several_days,
    year_en,
    year_zh,
)


@dataclass(frozen=True, slots=True)
class _Holiday:
    """`names` as the calendar has them; it never begins before `earliest` (month, day)."""

    zh: str
    en: str
    names: tuple[str, ...]
    earliest: tuple[int, int]


_NEW_YEAR = _Holiday("元旦", "New Year", ("元旦",), (1, 1))
_SPRING = _Holiday("春节", "Spring Festival", ("春节",), (1, 20))
_TOMBS = _Holiday("清明", "Tomb-sweeping Day", ("清明",), (4, 1))
_LABOUR = _Holiday("五一", "Labour Day", ("劳动节",), (4, 27))
_DRAGON = _Holiday("端午", "Dragon Boat Festival", ("端午",), (5, 27))
_AUTUMN = _Holiday("中秋", "Mid-Autumn Festival", ("中秋",), (9, 7))
_NATIONAL = _Holiday("国庆", "National Day", ("国庆节",), (9, 28))

_SUFFIX = r"(?:节日|节|小?长假|假期|黄金周|假日|放假|期间|那几天)"
_PLACE = r"[路街道巷村镇乡社广门里苑园]|派出|所(?!有)|大[道街]|[中大]队|桥(?=派出|所|社区|街|路)"
_ALONE = rf"(?:{_SUFFIX}+|(?!{_PLACE}))"
_SURE = r"(?:小?长假|假期|黄金周|假日|放假|期间)"  # 五一, 十一 alone are numbers too

_CHINESE: tuple[tuple[str, _Holiday], ...] = (
    (rf"{YEAR}元旦{_ALONE}", _NEW_YEAR),
    (rf"{YEAR}(?:春节|过年){_ALONE}", _SPRING),
    (rf"{YEAR}清明{_ALONE}", _TOMBS),
    (rf"{YEAR}(?:劳动节{_SUFFIX}*|五一节?{_SURE}+)", _LABOUR),
    (rf"{YEAR.removesuffix('?')}五一{_ALONE}", _LABOUR),
    (rf"{YEAR}端午{_ALONE}", _DRAGON),
    (rf"{YEAR}中秋{_ALONE}", _AUTUMN),
    (rf"{YEAR}国庆{_ALONE}", _NATIONAL),
    (rf"{YEAR}十一{_SURE}+", _NATIONAL),
)
_YEAR_BEHIND = r"(?: (?:holidays?|festival))?(?: (?:of |in )?(?P<year>20\d\d))?"
_ENGLISH: tuple[tuple[str, _Holiday], ...] = (
    (rf"(?:spring festival|chinese new year){_YEAR_BEHIND}", _SPRING),
    (rf"national (?:day|holiday){_YEAR_BEHIND}", _NATIONAL),
    (rf"labou?r day{_YEAR_BEHIND}", _LABOUR),
    (rf"mid-?autumn(?: festival)?{_YEAR_BEHIND}", _AUTUMN),
    (rf"dragon boat(?: festival)?{_YEAR_BEHIND}", _DRAGON),
)

_KNOWN: Published = published()
_DAY = timedelta(days=1)


def _meaning(holiday: _Holiday) -> Meaning:
    def meaning(match: re.Match[str], today: date) -> Days | Unpublished | None:
        begun = today >= date(today.year, *holiday.earliest)
        year = said_year(match, today) or (today.year if begun else today.year - 1)
        if not 2000 <= year < 2100:
            return None
        if today < (earliest := date(year, *holiday.earliest)):
            return one_day(earliest, today)  # in the future, whichever days it will be
        if year not in _KNOWN.years:
            return Unpublished(year)
        found = _stretch(holiday, year)
        if found and found[0] > today and not match["year"]:
            found = _stretch(holiday, year - 1)  # of a moving feast: not yet this year
        return _labelled(holiday, *found, today) if found else None

    return meaning


def _stretch(holiday: _Holiday, year: int) -> tuple[date, date] | None:
    """First and last day off, with those of another holiday that it is joined to."""
    off = _KNOWN.off
    named = sorted(d for d, name in off.items() if d.year == year and name.zh in holiday.names)
    if holiday is _NEW_YEAR:
        named = [date(year, 1, 1)]  # its days may begin in the year before
    if not named and holiday is _AUTUMN:
        named = [date(year, 10, 1)]  # 2020: the same day as 国庆
    if not named:
        return None
    first = last = named[0]
    while first - _DAY in off:
        first -= _DAY
    while last + _DAY in off:
        last += _DAY
    return first, last


def _labelled(holiday: _Holiday, first: date, last: date, today: date) -> Days:
    days = several_days(first, last, date(last.year, 1, 1))
    zh = year_zh(last, today, f"{holiday.zh}假期（{days.label}）")
    en = f"{holiday.en}{year_en(last, today)} ({days.label_en})"
    return Days(first, last + _DAY, zh, en)


HOLIDAYS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    *((chinese(pattern), _meaning(holiday)) for pattern, holiday in _CHINESE),
    *((english(pattern), _meaning(holiday)) for pattern, holiday in _ENGLISH),
)
