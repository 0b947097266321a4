"""A question for a bulletin: 周报, 简报 上月 桥西, "the weekly bulletin of Qiaoxi". Pure."""

from __future__ import annotations

import re
import unicodedata

_KINDS = (
    (re.compile(r"日报|\bdaily\b"), "昨天"),
    (re.compile(r"周报|\bweekly\b"), "上周"),
    (re.compile(r"月报|\bmonthly\b"), "上个月"),
    (re.compile(r"季报|\bquarterly\b"), "上季度"),
)
_ASKING = re.compile(
    r"^/?\s*(?:report|bulletin)s?\b|简报|通报|报告|\b(?:report|bulletin)s?\b"
    r"|给我|帮我|我要|我想|看一?下|发一?下|来一?份|一份|看|发|请|的"
)


def period_words(words: str) -> str:
    """Period and unit only, a kind said as its period: 发一份桥西的周报 → 上周 桥西."""
    plain = unicodedata.normalize("NFKC", words).lower()
    said = ""
    for pattern, period in _KINDS:
        if pattern.search(plain):
            plain, said = pattern.sub(" ", plain), said or period
    return " ".join(f"{said} {_ASKING.sub(' ', plain)}".split())
