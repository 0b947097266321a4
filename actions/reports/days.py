"""Days from one to another, and the arithmetic and labels that all words for periods share. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from actions.numerals import number

N = r"[\d零〇一二两三四五六七八九十]+"
TAIL = r"(?:以来|期间|全年|份|的)*"
RELATIVE_YEARS = {
    "今年": 0,
    "本年": 0,
    "当年": 0,
    "去年": -1,
    "上年": -1,
    "前年": -2,
    "明年": 1,
    "后年": 2,
}
YEAR = (
    rf"(?:(?P<year>{'|'.join(RELATIVE_YEARS)}"
    r"|(?:\d{4}|[零〇一二三四五六七八九]{4})\s*年)度?的?\s*)?"
)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` up to, not including, `after`."""

    first: date
    after: date
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A holiday of a year whose days off are not known."""

    year: int


type Meaning = Callable[[re.Match[str], date], Days | Unpublished | None]


def one_day(day: date, today: date) -> Days:
    near = {0: ("今天", "today"), 1: ("昨天", "yesterday")}.get((today - day).days)
    return Days(day, day + timedelta(days=1), *(near or written(day, today)))


def several_days(first: date, last: date, today: date) -> Days:
    """From the first to the last, both included, labelled by both; one day by itself."""
    if first == last:
        return one_day(first, today)
    zh, _ = written(first, today)
    if (first.year, first.month) == (last.year, last.month):
        en = f"{first.day}–{written(last, today)[1]}"
        return Days(first, last + timedelta(days=1), f"{zh}–{last.day} 日", en)
    en = f"{written(first, today)[1]} – {written(last, today)[1]}"
    return Days(first, last + timedelta(days=1), f"{zh}–{written(last, today)[0]}", en)


def months(first: date, count: int, zh: str, en: str, today: date) -> Days:
    """Whole months from the first of one; `zh` and `en` name them within their year."""
    label, label_en = year_zh(first, today, zh), f"{en}{year_en(first, today)}"
    return Days(first, add_months(first, count), label, label_en)


def month(first: date, today: date) -> Days:
    return months(first, 1, f"{first.month} 月", calendar.month_name[first.month], today)


def several_months(first: date, count: int, today: date) -> Days:
    """Whole months, labelled by the first and the last of them."""
    last = add_months(first, count - 1)
    if count == 1:
        return month(first, today)
    zh, en = month(last, today).label, month(last, today).label_en
    return Days(
        first,
        add_months(first, count),
        f"{month(first, today).label}–{zh}",
        f"{month(first, today).label_en} – {en}",
    )


def written(day: date, today: date) -> tuple[str, str]:
    """The day's date in both languages, with its year unless it is this one."""
    return (
        year_zh(day, today, f"{day.month} 月 {day.day} 日"),
        f"{day.day} {calendar.month_name[day.month]}{year_en(day, today)}",
    )


def year_zh(day: date, today: date, label: str) -> str:
    """The label, with the year before it unless it is this year."""
    if day.year == today.year:
        return label
    return f"{day.year} 年{' ' if label[0].isdecimal() else ''}{label}"


def year_en(day: date, today: date) -> str:
    return f" {day.year}" if day.year != today.year else ""


def number_of(match: re.Match[str], group: str) -> int:
    return number(match[group]) or 0


def said_year(match: re.Match[str], today: date) -> int | None:
    said = match["year"]
    if not said:
        return None
    if said in RELATIVE_YEARS:
        return today.year + RELATIVE_YEARS[said]
    return number(said.removesuffix("年").strip()) or -1  # no year at all


def date_or_none(year: int, month: int, day: int) -> date | None:
    """None for a day that no calendar has, or of another century."""
    try:
        return date(year, month, day) if 2000 <= year < 2100 else None
    except (ValueError, OverflowError):
        return None


def add_months(day: date, count: int) -> date:
    """The same day so many months later; the last of the month where that day is missing."""
    total = day.year * 12 + day.month - 1 + count
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def chinese(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + r"(?:\s*" + TAIL + ")")


def english(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){pattern}(?![a-z])")
