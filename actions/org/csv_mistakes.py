"""What can be wrong in a city's CSV files, one sentence each, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from actions.errors import ConfigurationError

WHY: Mapping[str, tuple[str, str]] = {
    "no_file": ("the file is not there", "没有这个文件"),
    "empty_file": ("the file is empty", "文件是空的"),
    "not_text": (
        "this is not a text file; save it as CSV (UTF-8 or GB18030)",
        "不是文本文件，请另存为 CSV（UTF-8 或 GB18030 编码）",
    ),
    "quotes": (
        "a quotation mark in the record that begins here is not closed or stands inside a word",
        "从这一行开始的记录里，引号没有成对或夹在文字中间",
    ),
    "columns_missing": (
        "columns are missing: {names}; the first line must be {wanted}",
        "缺少列：{names}；首行应为 {wanted}",
    ),
    "columns_unknown": (
        "columns are not known: {names}; the first line must be {wanted}",
        "有不认识的列：{names}；首行应为 {wanted}",
    ),
    "columns_twice": ("columns appear twice: {names}", "列名重复：{names}"),
    "fields": (
        "the line has {found} fields, the first line has {wanted}",
        "这一行有 {found} 个字段，首行有 {wanted} 个",
    ),
    "required": ("must not be empty", "不能为空"),
    "too_long": ("“{value}” is longer than {most} characters", "“{value}”超过 {most} 个字符"),
    "characters": (
        "“{value}” may hold only letters A–Z, digits, - and _",
        "“{value}”只能用英文字母、数字、- 和 _",
    ),
    "twice": ("“{value}” already stands in line {other}", "“{value}”与第 {other} 行重复"),
    "reads_alike": (
        "“{value}” is taken for {other} by whoever types it; choose another or leave it empty",
        "“{value}”和已有的 {other} 容易看混，请换一个或留空",
    ),
    "same_name": (
        "“{value}” is also the name of line {other} under the same parent",
        "“{value}”与第 {other} 行同名，且上级相同",
    ),
    "no_city": ("no unit is of kind city", "没有 kind 为 city 的单位"),
    "second_city": (
        "a second city; the city stands in line {other}, one load holds one city",
        "出现第二个 city（第 {other} 行已有），一次只能装载一个城市",
    ),
    "unknown_kind": ("kind “{value}” is not one of {known}", "类别“{value}”不在 {known} 之中"),
    "unknown_role": ("role “{value}” is not one of {known}", "角色“{value}”不在 {known} 之中"),
    "unknown_unit": ("no unit has the code “{value}”", "没有代码为“{value}”的单位"),
    "unknown_officer": ("no officer has the badge “{value}”", "没有警号为“{value}”的人员"),
    "circle": (
        "the unit stands above itself by way of “{value}”",
        "经“{value}”绕一圈成了自己的上级",
    ),
    "city_has_parent": ("a city has no parent, not “{value}”", "city 没有上级，不应填“{value}”"),
    "no_parent": ("a {kind} needs a parent", "{kind} 必须有上级"),
    "wrong_level": (
        "a {kind} stands under {wanted}; “{value}” is a {above}",
        "{kind} 的上级应为 {wanted}，而“{value}”是 {above}",
    ),
    "elsewhere": (
        "officer “{value}” belongs to {post}, not to {unit}",
        "人员“{value}”属于 {post}，不属于 {unit}",
    ),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. `line` counts from 1, the header included; 0 is the file itself.

    `why` is a key of WHY; `column` is empty when the whole line or file is wrong.
    """

    file: str
    line: int
    column: str
    why: str
    params: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """Why, as one clause, in English ("en") or Chinese ("zh")."""
        english, chinese = WHY[self.why]
        return (chinese if language == "zh" else english).format_map(self.params)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        column = f" [{self.column}]" if self.column else ""
        return f"{place}{column} {self.sentence('en')} · {self.sentence('zh')}"


class Mistakes(ConfigurationError):  # noqa: N818 - many, not one error
    """Raised when the files hold at least one mistake; nothing of them may be loaded."""

    def __init__(self, found: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in found))
        self.found = tuple(found)
