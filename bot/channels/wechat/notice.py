"""A message as the fields of a template message or a subscription notice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from bot.text import clean

_BEIJING = timezone(timedelta(hours=8))

# The platform's limit in characters by the field's type: thing1, character_string2, …
_LENGTHS = {
    "thing": 20,
    "short_thing": 5,
    "const": 20,
    "phrase": 5,
    "name": 10,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
    "phone_number": 17,
}
_LONGEST = 200  # older templates (first, keyword1, remark) set no limit of their own
_SAYING = ("thing", "const")  # types that may say whatever we like; older fields may as well

# What the reader can do about words that were cut. Both are commands that the dialogue knows.
_CHINESE_END, _ENGLISH_END = "…回“进度”看全文", "… Say status"

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,? )"
_TIME = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
# What must stay whole: dates with their day and time, numbers with their unit, phone numbers, codes
# like Q26-0017, and any other word of Latin letters.
_WHOLE = re.compile(
    rf"(?:今天|明天|后天|昨天|today|tomorrow|yesterday)\s*{_TIME}"
    rf"|(?:\d{{2,4}}\s*年\s*)?\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*[日号])?(?:\s*[（(]周.[）)])?(?:\s*{_TIME})?"
    rf"|{_DAY}?\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?:,? {_TIME})?"
    rf"|{_DAY}?(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}})?(?:,? \d{{4}})?(?:,? (?:at )?{_TIME})?"
    r"|\+?\d[\d ]{6,}\d"
    r"|\d[\d,.:：/*-]*\s*(?:小时|分钟|工作日|[年月日号时点分秒天周件个次人元%％])?"
    r"|[A-Za-z][A-Za-z0-9'’_./*-]*",
    re.IGNORECASE,
)
_BORDER = re.compile(r"[\s，。；：、！？,;:!?）)”]+")
_LOOSE = " \t，、；：。,;:（(“‘-"  # what an end must not hang on


def filled(fields: Mapping[str, str], text: str, now: float) -> dict[str, str]:
    """`fields` with {text} and {time} (Beijing, to the minute) put in, each within its length.

    A text that is too long ends with what the reader can do, where there is room to say that.
    """
    time = datetime.fromtimestamp(now, UTC).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")
    return {
        name: _fill(name, value.replace("{time}", time), text) for name, value in fields.items()
    }


def _fill(name: str, value: str, text: str) -> str:
    kind = re.sub(r"[0-9]+$", "", name)
    length = _LENGTHS.get(kind, _LONGEST)
    line = _one_line(value.replace("{text}", _one_line(text)))
    end = _end(line) if kind in _SAYING or kind not in _LENGTHS else "…"
    return fitted(line, length, end)


def fitted(line: str, length: int, end: str) -> str:
    """`line` in at most `length` characters. A longer one is cut, best behind a mark or a space and
    never inside a date, a number or a code, and closed with `end`; that alone where the first word
    does not fit.
    """
    if len(line) <= length:
        return line
    head = line[: _place(line, length - len(end))].rstrip(_LOOSE)
    return head + end if head else end.lstrip("… ") or end


def _place(line: str, room: int) -> int:
    """Where to cut so that at most `room` characters are left, but in the second half if possible
    behind a mark or a space."""
    wholes = [(found.start(), found.end()) for found in _WHOLE.finditer(line)]
    places = [n for n in range(room + 1) if not any(start < n < end for start, end in wholes)]
    borders = {found.end() for found in _BORDER.finditer(line)}
    borders |= {found.start() for found in _BORDER.finditer(line)}
    best = [n for n in places if n in borders and n > room // 2]
    return max(best or places, default=0)


def _end(line: str) -> str:
    return _CHINESE_END if re.search(r"[\u4e00-\u9fff]", line) else _ENGLISH_END


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
