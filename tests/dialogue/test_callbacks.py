"""Calls to be made, spot checks, figures of the work, and locked identities, by chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.bootstrap import Services
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from tests.callbacks.town import CALLBACK, REVISIT, SPOT_CHECKS, Town
from tests.cases.steps import officer_id
from tests.cast import Cast
from tests.conftest import Databases, FrozenClock
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play
from tests.installation import installation
from tests.policies import written

RULES = {
    "callback": CALLBACK,
    "revisit": {**REVISIT, "kinds": ["help"]},
    "spot_checks": SPOT_CHECKS,
    "deadlines.callback": {"within": "same day"},
}


@pytest.fixture
async def services(databases: Databases, tmp_path: Path) -> AsyncIterator[Services]:
    policy = written(tmp_path, changes=RULES)
    async with installation(databases, policy=policy) as wired:
        yield wired


@pytest.fixture
def town(services: Services, cast: Cast, frozen: FrozenClock) -> Town:
    return Town(services, cast, frozen)


CALLS = {
    "nothing to call": """
        centre: 回访
        > 现在没有要打的回访电话
    """,
    "by command": """
        sub: /callbacks
        > 要打的电话 1 个
        > Q26-0001 回访 139****0000 今天 21:00 前打（第 1 次，共 3 次）
        > “等了两个小时”（桥西分局明德里派出所）
        > 〔回访 Q26-0001〕
        ! 13900000000
    """,
    "in plain words": """
        sub: 我还有哪些回访电话要打
        > 要打的电话 1 个
    """,
    "in English": """
        sub: english
        sub: callbacks
        > 1 calls to make
        > Q26-0001 Call back 139****0000 before today 21:00 (try 1 of 3)
    """,
    "another county has its own": """
        other: 回访
        > 现在没有要打的回访电话
    """,
    "a citizen has none": """
        zhou: 回访
        > 这是给民警用的
    """,
}


@pytest.mark.parametrize("script", CALLS)
async def test_the_calls_to_be_made(town: Town, chats: Chats, script: str) -> None:
    await town.open()
    await play(chats, CALLS[script])


async def test_after_an_attempt_the_next_is_for_another_hour(town: Town, chats: Chats) -> None:
    number = await town.open()
    await town.act(town.cast.sub, number, Verb.CALL_BACK, reached="no")
    await play(
        chats, "sub: 回访\n> Q26-0001 回访 139****0000 今天 18:30 后再打（第 2 次，共 3 次）"
    )


async def test_a_revisit_has_its_own_button(town: Town, chats: Chats) -> None:
    number = await town.open(kind=CaseKind.HELP)
    await town.answer(number)
    await play(chats, "centre: 复访任务\n> Q26-0001 复访 139****0000\n> 〔复访 Q26-0001〕")


async def test_the_spot_checks_and_their_seed(town: Town, chats: Chats) -> None:
    for _ in range(3):
        await town.close()
    town.at("12-01 09:00")
    await play(chats, "centre: 抽查\n> 还没有抽过")
    await town.services.callbacks.draw_month(town.clock())
    (draw,) = await town.services.callbacks.latest_draws(town.cast.centre.turn())
    await play(
        chats,
        f"""
        centre: /draws
        > 2026-11 云州市公安局：办结 3 件，抽中 2 件；打通 0，没联系上 0，还剩 2
        > 种子 {draw.seed}，重抽一遍，结果一致
        centre [回访清单]
        > 要打的电话 2 个
        > 抽查 139****0000 12 月 31 日（周四）23:59 前打
        li: 抽查
        > 抽查记录给分中心、中心和督察看
        """,
    )


async def test_figures_of_the_work(town: Town, chats: Chats) -> None:
    await town.close("satisfied")
    await town.close("unsatisfied")
    await town.open()
    await play(
        chats,
        """
        chief: /work 本月 桥西
        > 桥西分局 11 月办件
        > 办结 2 件，其中群众没表态 0 件（不算满意）
        > 按时答复 2/2，太少，不给比例
        > 不满意转满意 不足 5 人，不显示
        > 单位说办好、群众说没有 不足 5 人，不显示
        > 退回 0 件，重开 0 件
        > 回访电话 1 个：打通 0，没联系上 0
        > 截至 11-20 14:05
        chief [看上个月]
        > 桥西分局 10 月办件
        > 不满意转满意 还没有
        chief: 办件统计 南站所
        > 桥西分局南站派出所 11 月办件
        chief: 这个月不满意转成满意的比例是多少
        > 桥西分局 11 月办件
        other: 办件统计 本月 桥西
        > 这个单位不在您的管辖范围
        li: 办件统计
        > 数据只给有权限的岗位看
        """,
    )


LOCKED = {
    "not one's own": """
        inspect: 启封 Q26-0001 要当面核实日期
        > Q26-0001 启封申请已交，等另一位有权限的人同意
        inspect: 同意启封 Q26-0001
        > 是您自己申请的
    """,
    "the reason is asked for": """
        inspect: /unseal Q26-0001
        > 为什么要启封 Q26-0001？
        inspect: 要当面核实是哪一天
        > 启封申请已交
        inspect: 启封 Q26-0001 再看看
        > 彭警官已申请启封
    """,
    "a refusal forgets the reason": """
        sub: 启封 Q26-0001
        > 为什么要启封 Q26-0001？
        sub: 要当面核实是哪一天
        > 启封 Q26-0001 要中心或督察
        sub: 启封 Q26-0001
        > 为什么要启封 Q26-0001？
    """,
    "never mind": """
        inspect: 启封 Q26-0001
        > 为什么要启封
        inspect: 算了
        ! 启封申请已交
        centre: 同意启封 Q26-0001
        > 没有等着批的启封申请
    """,
    "granted": """
        inspect: 启封 Q26-0001 要当面核实日期
        centre: 同意启封 Q26-0001
        > Q26-0001 已同意启封，彭警官 明天 14:05 前能看到号码
        inspect: 详情 Q26-0001
        > 13900000000
        inspect: 谁看过 Q26-0001
        > 彭警官（云州市公安局） 申请启封：“要当面核实日期”
        > 沈警官（云州市公安局） 同意启封
        > 彭警官（云州市公安局） 看了（启封后）
    """,
    "refused": """
        inspect: 启封 Q26-0001 想看看
        centre: 不同意启封 Q26-0001
        > Q26-0001 没同意启封，已告诉彭警官
        inspect: 详情 Q26-0001
        ! 13900000000
    """,
    "whom it is about finds nothing": """
        li: 启封 Q26-0001 想知道是谁
        > 没查到这个编号
        li: 谁看过 Q26-0001
        > 没查到这个编号
        head: 启封 Q26-0001 想知道是谁
        > 没查到这个编号
        sub: 启封 Q26-0001 想看看
        > 启封 Q26-0001 要中心或督察
        centre: 谁看过 Q26-0001
        > 只有督察能查
    """,
    "without a number": """
        inspect: 启封
        > 启封哪一件？
        inspect: 谁看过 Q26-0001
        > 号码还没有人看过
    """,
}


@pytest.mark.parametrize("script", LOCKED)
async def test_a_locked_identity(town: Town, chats: Chats, script: str) -> None:
    about = await officer_id(town.services, town.cast.li.badge)
    await town.open(officer_id=about, kind=CaseKind.COMPLAINT)
    await play(chats, LOCKED[script])
