"""What is counted back from today: 近三十天, 半年内, 前两个月, 最近, "last 6 months". Pure.

最近 N 天 ends with today and includes it. 前 N 个月 are whole months before this one, 前 N 天 days
before today. 最近 alone is the last thirty days.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from actions.numerals import number
from actions.reports.days import (
    Days,
    Meaning,
    N,
    add_months,
    chinese,
    english,
    several_days,
    several_months,
)

_LONGEST = 7500  # days
_MOST = 10_000


def _recent(match: re.Match[str], today: date) -> Days | None:
    few = {"半": 0.5, "几": 3}
    count = few.get(match["count"]) or min(number(match["count"] or "一") or 0, _MOST)
    unit = _unit(match)
    after = today + timedelta(days=1)
    if unit in {"天", "周"}:
        days = int(count * (7 if unit == "周" else 1))
        return _back(after - timedelta(days=days), after, f"{days} 天", f"{days} days")
    if unit == "月" and count < 1:
        return _back(after - timedelta(days=15), after, "15 天", "15 days")
    count = int(count * {"月": 1, "季": 3, "年": 12}[unit])
    if count > 240:
        return None
    return _back(add_months(after, -count), after, f"{count} 个月", f"{count} months")


def _unit(match: re.Match[str]) -> str:
    """天, 周, 月, 季 or 年."""
    unit = match["unit"]
    named = {"星期": "周", "礼拜": "周", "日": "天", "day": "天", "week": "周", "month": "月"}
    named |= {"季度": "季", "quarter": "季", "year": "年"}
    return named.get(unit, unit)


def _lately(match: re.Match[str], today: date) -> Days | None:
    after = today + timedelta(days=1)
    return _back(after - timedelta(days=30), after, "30 天", "30 days")


def _half_year(match: re.Match[str], today: date) -> Days | None:
    after = today + timedelta(days=1)
    return _back(add_months(after, -6), after, "6 个月", "6 months")


def _back(first: date, after: date, zh: str, en: str) -> Days | None:
    if not 0 < (after - first).days < _LONGEST:
        return None
    return Days(first, after, f"近 {zh}", f"last {en}")


def _before(match: re.Match[str], today: date) -> Days | None:
    """Whole days, weeks or months before the present one."""
    count, unit = number(match["count"]) or 0, _unit(match)
    if not 0 < count * {"天": 1, "周": 7, "月": 31, "季": 92, "年": 366}[unit] < _LONGEST:
        return None
    if unit in {"天", "周"}:
        begun = today if unit == "天" else today - timedelta(days=today.weekday())
        first = begun - timedelta(days=count * (1 if unit == "天" else 7))
        return several_days(first, begun - timedelta(days=1), today)
    length = {"月": 1, "季": 3, "年": 12}[unit]
    begun = date(today.year, (today.month - 1) // length * length + 1, 1)
    return several_months(add_months(begun, -count * length), count * length, today)


_UNIT = r"(?P<unit>天|日|周|星期|礼拜|月|季度|年)"

RECENT: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (chinese(rf"(?:最近|近|过去)的?这?\s*(?P<count>半|几|{N})?\s*个?\s*{_UNIT}"), _recent),
    (
        chinese(rf"这\s*(?P<count>半|几|[二两三四五六七八九十]+|[2-9]|\d\d+)\s*个?\s*{_UNIT}"),
        _recent,
    ),
    (chinese(rf"(?P<count>半|{N})\s*个?\s*{_UNIT}(?:之内|以内|内)"), _recent),
    (chinese(rf"前(?:面的?)?(?P<count>{N})\s*个?\s*{_UNIT}(?!以?[前后])"), _before),
    (chinese("最近(?:一段时间)?|近期|近来|这段时间"), _lately),
    (english(r"(?:last|past) (?P<count>\d{1,4}) (?P<unit>day|week|month|quarter|year)s?"), _recent),
    (english(r"(?:last|past) half[- ]year"), _half_year),
    (english("recently|lately|recent"), _lately),
)
