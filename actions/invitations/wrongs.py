"""What can be wrong with an event of a feed, a sentence each, in English and Chinese. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.errors import ConfigurationError

MOST = 20  # mistakes that are told at once

WHY: Mapping[str, tuple[str, str]] = {
    "not_object": ("every one must be an object", "每一条应为一个对象"),
    "missing": ("{field} is missing", "缺少 {field}"),
    "not_text": ("{field} must be text", "{field} 应为文字"),
    "too_long": ("{field} is longer than {most} characters", "{field} 超过 {most} 个字符"),
    "characters": (
        "{field} may hold no line breaks or control characters",
        "{field} 不能含换行或控制字符",
    ),
    "unknown_field": ("{field} is not known here", "不认识 {field} 这个字段"),
    "unknown_kind": ("{field} must be one of {known}", "{field} 应为 {known} 之一"),
    "not_this_feed": (
        "this feed may send {known} only, not “{value}”",
        "该来源只能送 {known}，不能送“{value}”",
    ),
    "unknown_unit": ("no unit has the code “{value}”", "没有代码为“{value}”的单位"),
    "unknown_officer": ("no officer has the badge “{value}”", "没有警号为“{value}”的民警"),
    "not_a_moment": (
        "{field} must be a moment such as 2026-11-20 14:05 (Beijing) or 2026-11-20T06:05:00Z",
        "{field} 应写成 2026-11-20 14:05（北京时间）或 2026-11-20T06:05:00Z",
    ),
    "future": (
        "{field} lies in the future; a service is reported when it is finished",
        "{field} 在将来；服务办完后再报送",
    ),
    "not_yet": ("{field} lies in the future", "{field} 在将来"),
    "not_yes_no": ("{field} must be yes or no", "{field} 应为 是 或 否"),
    "not_truth": ("{field} must be true or false", "{field} 应为 true 或 false"),
    "not_flags": ("{field} must be a list of {known}", "{field} 应为 {known} 的列表"),
    "unknown_flag": (
        "“{value}” in {field} is not one of {known}",
        "{field} 中的“{value}”不在 {known} 之中",
    ),
    "not_a_year": ("{field} must be a year such as 1990", "{field} 应为年份，如 1990"),
    "twice": (
        "number “{value}” also stands in line {other}, with other content",
        "编号“{value}”与第 {other} 行重复，内容却不同",
    ),
    "quotes": (
        "a quotation mark in the record that begins here is not closed or stands inside a word",
        "从这一行开始的记录里，引号没有成对或夹在文字中间",
    ),
    "fields": (
        "the line has {found} fields, the first line has {wanted}",
        "这一行有 {found} 个字段，首行有 {wanted} 个",
    ),
    "encoding": (
        "this is not text in UTF-8 or GB18030; save the file as CSV",
        "不是 UTF-8 或 GB18030 文字，请另存为 CSV",
    ),
    "empty_file": ("the file is empty", "文件是空的"),
    "columns": (
        "the first line must name the columns {wanted}; {names} does not fit",
        "首行应为列名 {wanted}；{names} 不对",
    ),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake. `why` is a key of WHY, `field` the event's field, empty for the whole of it."""

    field: str
    why: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """One clause without its full stop."""
        english, chinese = WHY[self.why]
        told = {"field": self.field, **self.params}
        return (chinese if language == "zh" else english).format_map(told)


@dataclass(frozen=True, slots=True)
class Placed:
    """A mistake and where it stands: the line of a file, or an event's place in a batch, from 0."""

    place: int
    wrong: Wrong


class EventMistakes(ConfigurationError):  # noqa: N818 - many, not one error
    """Raised when at least one event is wrong; nothing of the batch or file is kept."""

    def __init__(self, found: Sequence[Placed], file: str = "") -> None:
        self.found = tuple(found)
        lines = [_line(placed, file) for placed in self.found[:MOST]]
        more = len(self.found) - MOST
        if more > 0:
            lines.append(f"… and {more} more")
        super().__init__("\n".join(lines))


def _line(placed: Placed, file: str) -> str:
    wrong = placed.wrong
    column = f" [{wrong.field}]" if wrong.field else ""
    return f"{file}:{placed.place}{column} {wrong.sentence('en')} · {wrong.sentence('zh')}"
