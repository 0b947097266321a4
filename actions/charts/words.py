"""The few words that pictures have of their own; all other words come with the drawing. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_ZH = {
    "axis_from": "纵轴从 {low} 起，不是从 0 起",
    "ratings": "有效评价数",
    "band": "色带：95% 误差范围",
    "withheld": "少于 5 人，不显示",
    "nobody": "空白：没有人评价",
    "few": "只有条数：太少，不算比例",
    "shared": "并列",
    "range_note": "横线：95% 误差范围；分不出高下的并列",
    "between": "…… 中间 {n} 个单位未画，全部见表格 ……",
    "too_few": "评价不足 {minimum} 条，不排名（{n} 个单位）",
    "count": "{n} 条",
    "count_withheld": "不足 5 条",
    "more_units": "…… 还有 {n} 个单位",
    "none_ranked": "没有单位达到 {minimum} 条评价，这一时段不排名。",
    "no_ratings": "这一时段没有可显示的评价。",
    "under": "<{n}",
    "hour": "{hour} 时",
    "heat_note": "空白：没有；<{n}：有，但太少，不显示具体数",
    "weekdays": "周一 周二 周三 周四 周五 周六 周日",
}
_EN = {
    "axis_from": "the axis begins at {low}, not at 0",
    "ratings": "valid ratings",
    "band": "band: 95% interval",
    "withheld": "under 5 people, not shown",
    "nobody": "blank: nobody rated",
    "few": "bar only: too few for a share",
    "shared": "=",
    "range_note": "lines: 95% interval; = cannot be told apart",
    "between": "… {n} units in between are not drawn; the table has all …",
    "too_few": "Under {minimum} ratings, not ranked ({n} units)",
    "count": "n={n}",
    "count_withheld": "n<5",
    "more_units": "… and {n} more units",
    "none_ranked": "No unit has {minimum} ratings; nothing is ranked here.",
    "no_ratings": "There are no ratings to show in this period.",
    "under": "<{n}",
    "hour": "{hour}:00",
    "heat_note": "blank: none; <{n}: some, too few to be shown",
    "weekdays": "Mon Tue Wed Thu Fri Sat Sun",
}


def words(language: str) -> Mapping[str, str]:
    """The words by name; English only where it is asked for."""
    return _EN if language == "en" else _ZH
