"""How bulletins name their periods: 2026年10月, 10月12日–18日, 2026年第三季度. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from actions.bulletins.kinds import BulletinKind, Span

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_QUARTERS = "一二三四"


def period_label(kind: BulletinKind, span: Span) -> tuple[str, str]:
    """The period of a scheduled bulletin in Chinese and in English, with its year."""
    first, last = span.first, span.end - timedelta(days=1)
    match kind:
        case BulletinKind.DAILY:
            return f"{first.year}年{_day_zh(first)}", _day_en(first)
        case BulletinKind.MONTHLY:
            return f"{first.year}年{first.month}月", f"{_MONTHS[first.month - 1]} {first.year}"
        case BulletinKind.QUARTERLY:
            quarter = (first.month - 1) // 3
            return f"{first.year}年第{_QUARTERS[quarter]}季度", f"Q{quarter + 1} {first.year}"
        case _:
            zh = f"{first.year}年{_day_zh(first)}至{_day_zh(last)}"
            return zh, f"{_day_en(first)} – {_day_en(last)}"


def step_label(step: str, first: date) -> str:
    """A place of a trend, short and the same in every language: 11-03 for days and weeks (by their
    Monday), 2026-11 for months.
    """
    return f"{first:%Y-%m}" if step == "month" else f"{first:%m-%d}"


def _day_zh(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _day_en(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
