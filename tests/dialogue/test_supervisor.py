"""Figures by command and in plain words; who may see what."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

RATED = """
    chen ~ mdl-hj2-cspc
    chen [满意]
    zhou ~ nz-92gt
    zhou [不满意]
    zhou [态度]
    zhou [跳过]
    zhou [不留]
    chen: 评价明德里派出所
    chen [满意]
"""
FIGURES = """
    > 桥西分局 今天：满意率 66.7%（
    > 3 条评价
    > 满意 2，基本满意 0，不满意 1
    > 只有 3 条，比例先别当真
    > 微信扫码 50.0%（2 条）
    > 微信自己说的单位 100.0%（1 条）
    > 来路不同，分开看
    > 新开 1，办结 0，在办 1
    > 截至 11-20 14:05
"""

SCRIPTS = {
    "by command": RATED + "chief: /stats 今天" + FIGURES,
    "by command without a period": RATED + "chief: 统计" + FIGURES,
    "by command with a unit": RATED + "chief: 统计 今天 桥西" + FIGURES,
    "in plain words": RATED + "chief: 今天桥西分局满意率多少" + FIGURES,
    "of one station": RATED
    + """
        chief: 统计 今天 南站所
        > 桥西分局南站派出所 今天：满意率 0.0%
    """,
    "another period by button": RATED
    + """
        chief: 统计 今天
        chief [看本月]
        > 桥西分局 11 月：满意率 66.7%
    """,
    "in English": RATED
    + """
        chief: show me the satisfaction of today
        > today: 66.7% satisfied
    """,
    "nothing yet": """
        chief: 上个月评价怎么样
        > 桥西分局 10 月：还没有人评价
        ! 满意率
    """,
    "another county sees nothing of it": RATED
    + """
        other: /stats 今天
        > 桥东分局 今天：还没有人评价
        other: 统计 今天 桥西
        > 这个单位不在您的管辖范围
        other: 今天桥西分局满意率多少
        > 这个单位不在您的管辖范围
    """,
    "a citizen does not see it": RATED
    + """
        chen: /stats 今天
        > 数据只给有权限的岗位看
    """,
    "an officer without the post does not": RATED
    + """
        li: 统计 今天
        > 数据只给有权限的岗位看
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_supervisor(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])
