"""Proposals about units, and the dry run of their rules, by chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.tables import figure_queries
from tests.accountability.conftest import rules
from tests.accountability.house import AVERAGE, House
from tests.cast import Cast
from tests.conftest import Databases, FrozenClock
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play
from tests.installation import installation
from tests.policies import written


@pytest.fixture
async def services(databases: Databases, tmp_path: Path) -> AsyncIterator[Services]:
    policy = written(tmp_path, "default", {"name": "ruled", "unit_rules": rules()})
    async with installation(databases, policy=policy) as wired:
        yield wired


@pytest.fixture
async def town(services: Services, cast: Cast, frozen: FrozenClock) -> House:
    """Qiaoxi was certainly last in September; in October it or Qiaodong. It is 5 October."""
    house = House(services, cast, frozen)
    await house.month("2026-09")
    house.at("2026-10-05 09:00")
    await house.run()
    return house


TOLD = {
    "the list": """
        inspect: /proposals
        > 等决定的提议 1 条：
        > · 提议 1 桥西分局：当月末位（2026 年 9 月）
        > 〔看提议 1〕
        inspect [看提议 1]
        > 提议 1 · 桥西分局 · 当月末位
        > 建议：由分管领导对责任人进行约谈
        > 依据（满意 ÷ 全部有效评价；只比服务后邀评的评价，合在一起算；各单位至少 30 条）：
        > 2026 年 9 月 80.0%（73.9–85.0%，200 条），4 个单位里第 4：确实排最后
        > 其中
        > 服务后邀评 200 条
        > 数据截至 2026-10-05 09:00
        > 〔采纳〕
        > 〔不采纳〕
        > 〔再算一遍〕
    """,
    "adopted, with the reason asked for": """
        inspect: 提议 1
        inspect [采纳]
        > 采纳提议 1（桥西分局 · 当月末位）：为什么？写一句
        inspect: 数已核对，属实
        > 提议 1 已采纳，原因记在您名下
        > 系统不会自己处理谁
        inspect: 提议
        > 没有等着决定的提议
        > 最近决定过的：
        > · 提议 1 桥西分局：当月末位（2026 年 9 月），已采纳
        centre: 提议 1
        > 采纳了：“数已核对，属实”
        ! 〔采纳〕
        centre: 不采纳 1 我看不妥
        > 彭警官（云州市公安局）已采纳，不能再改
    """,
    "declined in one line": """
        centre: 不采纳 1 系统停了两天，数不全
        > 提议 1 没采纳，原因记在您名下
        inspect: 采纳 1 我看可以
        > 已定为不采纳，不能再改
    """,
    "a no is no reason, two words are": """
        inspect: 不采纳 1
        > 不采纳提议 1（桥西分局 · 当月末位）：为什么？
        inspect: 不
        > 原因请写明白一点。提议 1 还差一句原因
        inspect: 😀
        > 原因请写明白一点
        inspect: 不妥
        > 提议 1 没采纳
    """,
    "somebody else was faster": """
        inspect: 采纳 1
        > 为什么？
        centre: 不采纳 1 数不全
        > 提议 1 没采纳
        inspect: 数已核对
        > 已定为不采纳，不能再改
        inspect: 采纳 2 再试
        > 没有您能看的提议 2
    """,
    "never mind": """
        inspect: 采纳 1
        > 为什么？
        inspect: 算了
        ! 已采纳
        inspect: 提议
        > 等决定的提议 1 条
    """,
    "something else in between": """
        inspect: 采纳 1
        inspect: 提议 1
        > 提议 1 · 桥西分局 · 当月末位
        > 提议 1 还差一句原因
        inspect: 数已核对
        > 提议 1 已采纳
    """,
    "without a number": """
        inspect: 采纳
        > 哪一条？发“提议”看清单
    """,
    "not theirs": """
        chen: 提议
        > 提议给分中心、中心、督察和分管领导看
        li: 提议 1
        > 提议给分中心、中心、督察和分管领导看
        chief: 提议 1
        > 没有您能看的提议 1
        chief: 采纳 1 好
        > 没有您能看的提议 1
        sub: 提议
        > 现在没有等您看的提议
        inspect: 提议 99
        > 没有您能看的提议 99
    """,
    "in English": """
        inspect: english
        inspect: proposals
        > Proposals waiting for a decision: 1
        > · Proposal 1, 桥西分局: Last in the month (2026-09)
        inspect: proposal 1
        > Proposed: The deputy head talks to whoever is responsible
        > 2026-09: 80.0% (73.9–85.0%, 200 ratings), place 4 of 4: certainly the last
        inspect [Decline]
        > Decline proposal 1 (桥西分局 · Last in the month): why?
        inspect: there was an outage
        > Proposal 1 is declined, with your name and reason
    """,
    "help names them for whom they are": """
        inspect: 帮助
        > 提议：提议；提议 12；采纳 12 数已核对
        > 规则试算：试算；试算 三季度
        sub: 帮助
        > 提议：提议
        ! 规则试算
        li: 帮助
        ! 提议
        chen: 帮助
        ! 提议
    """,
    "reckoned again": """
        inspect: 再算一遍 1
        > 提议 1 再算一遍，和当时一样
    """,
}


@pytest.mark.parametrize("script", TOLD)
async def test_a_proposal(town: House, chats: Chats, script: str) -> None:
    await play(chats, TOLD[script])


async def test_a_correction_is_told_beside_what_was_known(town: House, chats: Chats) -> None:
    await town.correct("YZ-QX", "2026-09", 30)
    await play(
        chats,
        """
        inspect: 重算提议 1
        > 提议 1 再算一遍，和当时不一样：
        > 当时：2026 年 9 月 80.0%
        > 现在：2026 年 9 月 95.0%
        > 分不出先后
        > 按现在的数，规则不会提
        > 当时的依据原样留着，没有改
        """,
    )


async def test_the_dry_run(town: House, chats: Chats) -> None:
    await town.month("2026-10", QD=AVERAGE)
    town.at("2026-11-20 09:00")
    await play(
        chats,
        """
        centre: /rules
        > 试算 2026 年 5 月 至 2026 年 10 月（只看，不改数据，不通知人）
        > 【当月末位】
        > 2026 年 9 月 会提：桥西分局 80.0%（73.9–85.0%，200 条）
        > 2026 年 10 月 分不出：桥东分局、桥西分局
        > 评价够的单位太少，没法比：2026-05、2026-06、2026-07、2026-08
        > 【连续三个月末位】
        > 其余 2 个月没有到规则说的程度
        > 【连续两个月问题突出】
        > 其余 6 个月没有到规则说的程度
        inspect: 试算 9月 当月末位
        > 会提：桥西分局
        ! 连续三个月末位
        centre: 试算 本月
        > 这段时间里没有算完的整月。最近能算的是 2026-10
        centre: 试算 乱说的
        > 没有这条规则。现有：当月末位、连续三个月末位
        chief: 试算
        > 规则试算给市局中心和督察用
        chen: 试算
        > 规则试算给市局中心和督察用
        centre: english
        centre: rules last month
        > Dry run, 2026-10 to 2026-10 (changes nothing, tells nobody)
        > cannot be told: 桥东分局, 桥西分局
        """,
    )


async def test_who_looked_is_written_down(town: House, chats: Chats) -> None:
    """With who and what; a refusal shows nothing, and LI sees no figures."""
    await play(
        chats,
        """
        inspect: /proposals
        inspect: 提议 1
        inspect [再算一遍]
        centre: /rules
        chief: 试算
        li: 提议
        chief: 邀评情况
        chief: 回访
        """,
    )
    table = figure_queries
    async with town.services.engine.connect() as connection:
        query = select(table.c.view, table.c.question).where(table.c.answer_sealed.is_(None))
        rows = (await connection.execute(query)).all()
    assert Counter((row.view, row.question["unit"]) for row in rows) == {
        ("proposals", ""): 1,
        ("proposals", "1"): 2,
        ("rules", "2026-04–2026-09"): 1,
        ("invitations", "桥西分局"): 1,
        ("callbacks", ""): 1,
    }
