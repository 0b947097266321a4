"""Figures by command and in plain words; who may see what."""

from __future__ import annotations

from datetime import date

import pytest

from actions.bootstrap import Services
from tests.conftest import FrozenClock
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play
from tests.figures.ratings import Raters, unit_named

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
    > 桥西分局 今天：收到 3 条评价
    > 人太少，看得出是谁
    ! 满意率
    > 新开 1，办结 0，在办 1
    > 截至 11-20 14:05 · 查询号
"""

SCRIPTS = {
    "by command": RATED + "chief: /stats 今天" + FIGURES,
    "by command without a period": RATED + "chief: 统计" + FIGURES,
    "by command with a unit": RATED + "chief: 统计 今天 桥西" + FIGURES,
    "in plain words": RATED + "chief: 今天桥西分局满意率多少" + FIGURES,
    "of one station": RATED
    + """
        chief: 统计 今天 南站所
        > 桥西分局南站派出所 今天：收到 1 条评价
    """,
    "another period by button": RATED
    + """
        chief: 统计 今天
        chief [看本月]
        > 桥西分局 11 月：收到 3 条评价
    """,
    "in English": RATED
    + """
        chief: show me the satisfaction of today
        > today: 3 ratings
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
    "going on from the last question": RATED
    + """
        chief: 上个月桥西分局满意率多少
        > 桥西分局 10 月：还没有人评价
        chief: 今天呢
        > 桥西分局 今天：收到 3 条评价
        chief: 那南站所呢
        > 桥西分局南站派出所 今天：收到 1 条评价
        chief: 那明德里呢
        > 桥西分局明德里派出所 今天：收到 2 条评价
        chief: 办结率呢
        > 桥西分局明德里派出所
        > 办结
        chief: /stats
        > 桥西分局 今天：收到 3 条评价
    """,
    "after a question of another's unit": RATED
    + """
        chief: 今天满意率多少
        chief: 那桥东分局呢
        > 这个单位不在您的管辖范围
        chief: 那南站所呢
        > 桥西分局南站派出所 今天
    """,
    "nobody has asked before": """
        chief: 那南站所呢
        > 没太听懂
        chief: 上个月呢
        > 没太听懂
        chief: 那桥西呢
        > 没太听懂
    """,
    "a citizen's words are no questions for figures": RATED
    + """
        chen: 那南站所呢
        > 没太听懂
        ! 满意率
        chen: 上个月呢
        > 没太听懂
        chen: 排名
        > 没太听懂
        chen: 超期
        > 没太听懂
        chen: /rank
        > 数据只给有权限的岗位看
        chen: /overdue
        > 数据只给有权限的岗位看
    """,
    "an officer without the post goes on from nothing": RATED
    + """
        li: 统计 今天
        li: 上个月呢
        > 没太听懂
        li: 超期
        > 您手上没有超期的件
        li: 排名
        > 数据只给有权限的岗位看
    """,
    "what cannot be one question": """
        chief: 满意率和办结率各多少
        > 一次答一样：您要“满意率”，还是“办结率”？
        chief: 桥西分局和南站所满意率
        > 一次说一个单位：“桥西分局”，还是“南站所”？
        chief: 2月30日满意率
        > 日历上没有“2月30日”
        chief: 明年满意率多少
        > “明年”还没到
        chief: 今天上午满意率
        > 数据按天算
        chief: 哪个民警满意率最差
        > 民警不排名次
        chief: satisfaction rate and closure rate of this month
        > One at a time: “satisfaction rate” or “closure rate”?
    """,
    "help names the commands": """
        chief: 帮助
        > 数据：统计 本月 桥西；排名 上个月；趋势 近半年；超期；热点 本周
        > 那南站所呢
        li: 帮助
        ! 排名
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


async def test_what_is_overdue(chats: Chats, frozen: FrozenClock) -> None:
    """ZHOU's case at Nanzhan, which nobody has taken."""
    await play(chats, RATED)
    frozen.advance(days=30)
    await play(
        chats,
        """
        chief: 把那三件超期的列出来
        > 桥西分局超期 1 件，最久的在前：
        > 1. {number} 不满意 桥西分局南站派出所
        > 超期
        > 还没人接
        chief [{number}]
        > {number} 不满意
        > 桥西分局南站派出所
        chief: 那南站所呢
        > 桥西分局南站派出所超期 1 件
        chief: 超期 明德里
        > 桥西分局明德里派出所没有超期的件。
        chief: 超期 桥东
        > 这个单位不在您的管辖范围
        other: 超期
        > 桥东分局没有超期的件。
        liu: 接单 {number}
        liu: 超期
        > 您手上超期 1 件
        > {number}
        > 警官在办
        """,
    )


async def test_figures_that_can_be_shown(
    chats: Chats, services: Services, frozen: FrozenClock
) -> None:
    """September and October at three stations of Qiaoxi: what is asked leads on to what lies behind."""
    raters = Raters(services)
    for month, worst in ((9, "s" * 30 + "u" * 10), (10, "s" * 25 + "u" * 15)):
        for name, grades in (
            ("明德里派出所", "s" * 97 + "bu" * 2),
            ("南站派出所", worst),
            ("槐荫路派出所", "s" * 40),
        ):
            unit = await unit_named(services, name)
            await raters.rate(unit, date(2026, month, 12), grades)
    await raters.rate(
        await unit_named(services, "明德里派出所"),
        date(2026, 10, 14),
        "s" * 30 + "u",
        came=("sms", "invited"),
    )
    kept = await play(
        chats,
        """
        chief: 上个月桥西满意率
        > 桥西分局 10 月：收到 212 条评价
        > 满意率 90.6%（85.8–93.9%，212 条）
        > 满意 192，基本满意 2，不满意 18
        > 口径：满意 ÷ 全部有效评价（第 1 版）
        > · 扫码（微信）89.5%（84.1–93.2%，181 条）
        > · 服务后邀评（短信）96.8%（83.8–99.5%，31 条）
        > 来路不同，要分开看
        > 比 9 月（92.3%）−1.7 个百分点，差别在误差内
        > 查询号 {number}
        chief: 哪个所最差
        > 桥西分局 10 月，各派出所满意率：
        > 和别人拉得开的末位：桥西分局南站派出所 62.5%
        > 3. 桥西分局南站派出所 62.5%（47.0–75.8%，40 条）
        > 并列 1. 桥西分局槐荫路派出所 100%
        > 各种来路合在一起算的；要分开看，发“统计”
        chief [桥西分局南站派出所]
        > 桥西分局南站派出所 10 月：收到 40 条评价
        chief: 跟去年同期比呢
        > 2025 年 10 月的评价太少，没法比
        chief: 那近三个月趋势呢
        > 桥西分局南站派出所 近 3 个月满意率走势
        > 空着的是没人评价或人太少，不是零
        > 各种来路合在一起算的
        chief: 查询号 {number}
        > 桥西分局 10 月：收到 212 条评价
        > 满意率 90.6%
        > 这是 2026-11-20 14:05 问的，查询号 {number}
        other: 查询号 {number}
        > 没有查询号 {number}，或不在您的管辖范围
        chen: /query {number}
        > 数据只给有权限的岗位看
        chief: 统计 上个月 南占所
        > 这个单位不在您的管辖范围。名字相近的有：
        > 桥西分局南站派出所
        chief: 统计 上个月 黑龙潭
        > 这个单位不在您的管辖范围
        chief: 统计 上个月
        chief [看不满意的件]
        > 没有不满意
        """,
    )
    assert len(kept["number"]) == 6
