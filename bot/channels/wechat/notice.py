"""A message as the fields of a template message or a subscription notice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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

# What the reader can do about words that were cut, from long to short: commands that the dialogue
# knows.
_CHINESE_ENDS, _ENGLISH_ENDS = (
    ("…回“进度”看全文", "…回“进度”", "…回进度"),
    ("… Say status",),
)

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
_MARK = re.compile(r"[，。；：、！？)）”]|[,;:!?.](?=\s)")  # what a clause ends before
_CODE = re.compile(r"[A-Za-z]\d+-\d+")  # says nothing by itself
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
    ends = _ends(line) if kind in _SAYING or kind not in _LENGTHS else ("…",)
    return fitted(line, length, ends)


def fitted(line: str, length: int, ends: Sequence[str]) -> str:
    """`line` in at most `length` characters. A longer one is cut behind the last clause that fits,
    else between two words or Chinese characters, never inside a date, a number or a code; and closed
    with one of `ends`, the first unless another leaves room for more clauses. An end alone where
    not even a word fits.
    """
    if len(line) <= length:
        return line
    heads = [(_clauses(line, length - len(end)), end) for end in ends]
    head, end = max(heads, key=lambda pair: len(pair[0]))
    if not head:
        end = ends[0]
        head = _words(line, length - len(end))
    return head + end if head else end.lstrip("… ") or end


def _clauses(line: str, room: int) -> str:
    """The longest beginning of whole clauses that takes up more than half of `room`, or ''."""
    places = set(_places(line, room)) & {found.start() for found in _MARK.finditer(line)}
    place = max((n for n in places if n > room // 2), default=0)
    head = line[:place].rstrip(_LOOSE)
    return "" if _CODE.fullmatch(head) else head


def _words(line: str, room: int) -> str:
    """The longest beginning, but better one that ends before a space in the second half."""
    places = _places(line, room)
    spaces = [n for n in places if n > room // 2 and line[n].isspace()]
    head = line[: max(spaces, default=0)].rstrip(_LOOSE)
    if head and not _CODE.fullmatch(head):
        return head
    return line[: max(places, default=0)].rstrip(_LOOSE)


def _places(line: str, room: int) -> list[int]:
    """Where the line, which is longer than `room`, may be cut within it."""
    wholes = [found.span() for found in _WHOLE.finditer(line)]
    return [n for n in range(room + 1) if not any(start < n < end for start, end in wholes)]


def _ends(line: str) -> tuple[str, ...]:
    return _CHINESE_ENDS if re.search(r"[\u4e00-\u9fff]", line) else _ENGLISH_ENDS


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
