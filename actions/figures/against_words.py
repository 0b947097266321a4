"""How people say with what a figure is to be compared: 环比, 跟去年同期比, 比上个月. Pure."""

from __future__ import annotations

import re

from actions.figures.question import Against
from actions.figures.vocabulary import zh_en

# Cut out before periods are looked for: 去年同期 is no 去年.
_WITH = r"(?:(?:跟|和|与|同|比|较|对比|相比)\s*)?"
_THAN = r"\s*(?:相?比较?|对比|比起来)?(?:起来)?"
AGAINST: tuple[tuple[re.Pattern[str], Against], ...] = (
    (
        zh_en(
            rf"{_WITH}(?:去年|上一?年度?)的?(?:同期|同一?时期|这个?时候|此时|同月|同季){_THAN}"
            r"|同比(?:变化)?",
            r"(?:compared (?:with|to) |vs\.? |than )?(?:the )?same (?:period|time|month|week|days)"
            r"(?: of)? last year|year[- ]on[- ]year|yoy|a year (?:ago|before|earlier)",
        ),
        Against.YEAR_AGO,
    ),
    (
        zh_en(
            rf"{_WITH}(?:上|前)一?个?(?:期|阶段|周期)的?{_THAN}|环比(?:变化)?"
            rf"|{_WITH}(?:上个?月|上周|上个?星期|上个?季度?)的?同期{_THAN}"
            r"|(?:比|较|跟|和|与)(?:之前|以前|前面|此前)(?:相?比)?",
            r"(?:compared (?:with|to) |vs\.? |than )?(?:the )?"
            r"(?:(?:period|month|week|quarter) before|previous period)"
            r"|month[- ]on[- ]month|week[- ]on[- ]week|period[- ]on[- ]period|mom|wow",
        ),
        Against.BEFORE,
    ),
)
LAST_YEAR = re.compile(r"(?:去年|上年|last year)的?")
COMPARES = re.compile(  # what stands before a period that something is compared with
    r"(?:比起?|较|对比|相比于?|比较|vs\.?|versus|compared (?:with|to)|than|against)\s*$"
)
WITH = re.compile(r"(?:跟|和|与|同|、|及|以及|(?<![a-z])and|(?<![a-z])with)\s*$")
COMPARED = re.compile(r"\s*(?:的)?\s*(?:相?比较?|对比|比起来|相较)")
COUNTERPARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"昨[天日]|yesterday"), "今天"),
    (re.compile(r"上一?个?(?:周|星期|礼拜)|last week"), "本周"),
    (re.compile(r"上一?个?月份?|last month"), "本月"),
    (re.compile(r"上一?个?季度|last quarter"), "本季度"),
)  # 比上个月 alone: this month
