"""Reading a question for figures, and writing percentages. Pure."""

from __future__ import annotations

import re
import unicodedata

from actions.reports.intervals import percent

_ASKING = re.compile(
    r"""^/?\s*(?:stats?|统计)|统计|报表|数据|数字|情况|满意率|满意度|好评率|差评|不满意|满意|评价|评分|打分|测评|案件|投诉|工单
    |怎么样|怎样|咋样|咋个|如何|多少|几个|几件|几条|是啥|是什么|有没有|有多少|哪些|高不高|好不好|如何了
    |查一?[查下]?|看一?[看下]|看|给我|帮我|我要|我想|想|要|知道|了解|说说|报一?下|发一?下|来一?[下份个]|一下|一份|请|麻烦
    |我们|咱们|我|咱|的|了|呢|吗|嘛|啊|呀|吧|有|是|到底|现在|目前|总共|一共|合计
    |\b(?:stats?|statistics|figures|numbers|report|satisfaction|rate|rating|ratings|cases|how|is|are|was|were|did|do|does|doing|the|of|for|in|at
    |show|me|give|what|what's|please|many|much|our|us|we|on|i|want|see|get)\b""",
    re.VERBOSE | re.IGNORECASE,
)


def query_in(text: str) -> str:
    """Period and unit of a question for figures: 今天桥西分局满意率多少 → 今天桥西分局."""
    words = unicodedata.normalize("NFKC", text)
    words = re.sub(r"[?？!！。,，、;；:：]", " ", words)
    return " ".join(_ASKING.sub(" ", words).split())


def share(value: float) -> str:
    """0.9812 → 98.1%, rounded as all shares are (actions/reports/intervals.py)."""
    return percent(value)
