"""The officer's work in chat."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

CASE = """
    chen ~ mdl-hj2-cspc
    chen [不满意]
    chen: 等了俩小时没人理
    chen: 13800000000
    > 编号 Q26-0001
"""
SECOND = """
    zhou ~ mdl-xf8x
    zhou [不满意]
    zhou [态度]
    zhou [跳过]
    zhou [不留]
    > 编号 Q26-0002
"""

SCRIPTS = {
    "nothing to do": """
        li: 案件
        > 现在没有在办的件
        li: 接了
        > 现在没有等着接的件
        li: 答复
        > 没有您接了还没答复的件
    """,
    "accepted and answered by button": CASE
    + """
        li: 案件
        > 在办 1 件
        > Q26-0001 不满意·等民警接
        li [Q26-0001]
        > 原因：等太久
        > 〔接单〕
        ! 13800000000
        li [接单]
        > 接单成功：Q26-0001。电话：13800000000
        li [答复]
        > Q26-0001 办得怎么样？
        li: 已向群众道歉，今后按号叫
        > Q26-0001 已答复
        chen: 进度
        > 已向群众道歉，今后按号叫
    """,
    "accepted and answered by command": CASE
    + """
        li: /accept Q26-0001
        > 接单成功
        li: /answer Q26-0001 已经补办
        > 已答复
    """,
    "in plain words": CASE
    + """
        li: 接了
        > 接单成功：Q26-0001
        li: 回复 q26 0001 已经修好了
        > Q26-0001 已答复
    """,
    "an answer that tells of danger is an answer": CASE
    + """
        li: 接了
        li: 回复 Q26-0001 现场有人拿刀，已控制
        > Q26-0001 已答复
    """,
    "an answer that tells of danger, in two steps": CASE
    + """
        li: 接了
        li [答复]
        li: 现在有人拿刀在现场，已控制
        > Q26-0001 已答复
    """,
    "a number alone shows the case": CASE
    + """
        li: Q26-0001
        > 原因：等太久
        > 〔接单〕
    """,
    "which one": CASE
    + SECOND
    + """
        li: 接了
        > 是哪一件？
        li: Q26-0002 我接了
        > 接单成功：Q26-0002。没留电话
    """,
    "somebody was faster": CASE
    + """
        wang: 接单 Q26-0001
        > 接单成功
        li: 接单 Q26-0001
        > Q26-0001 这件 14:05
        > 已接
        li: 回复 Q26-0001 我来说
        > 已接
        wang: 接单 Q26-0001
        > 已经是您的了
    """,
    "accept before answering": CASE
    + """
        li: 回复 Q26-0001 好了
        > 先接单，再答复
        > 现在可以
        li: 答复 Q26-0001
        > 先接单，再答复
        li [接单]
        > 接单成功
    """,
    "the answer is interrupted, then dropped": CASE
    + """
        li: 接了
        li [答复]
        li: 案件
        > 在办 1 件
        > ——刚才说到：Q26-0001 办得怎么样？
        li: 算了
        > 什么也没提交
        li: 详情 Q26-0001
        > 在办
        ! 答复：
    """,
    "an officer of another station sees nothing": CASE
    + """
        liu: 接单 Q26-0001
        > 没查到这个编号
        liu: 详情 Q26-0001
        > 没查到这个编号
        liu: 案件
        > 现在没有在办的件
    """,
    "a citizen is no officer": CASE
    + """
        chen: 接单
        > 这是给民警用的
        chen: 案件
        > Q26-0001
    """,
    "help for officers": """
        li: 帮助
        > 接单 Q26-0017
        > 回访 Q26-0017
        > 延期 Q26-0017 2天 等街道回复
        ! 复核
        ! 退回 Q26-0017
        ! 同意延期
        head: 帮助
        > 同意延期 Q26-0017
        ! 退回 Q26-0017
        sub: 帮助
        > 退回 Q26-0017
        > 分派 Q26-0017 南站所
        inspect: 帮助
        > 通过 Q26-0017
        ! 接单 Q26-0017
        chief: 帮助
        > 统计 本月 桥西
        ! Q26-0017
    """,
    "what burns stands in front, in sections": CASE
    + SECOND
    + """
        li: 接单 Q26-0002
        li: 案件
        > 在办 2 件
        > —— 我的
        > Q26-0002 不满意·在办 明天 18:00 到期
        > —— 等人接
        > Q26-0001 不满意·等民警接 ⏰今天 16:05 到期
        sub: 案件
        > Q26-0001
    """,
    "all of a case, and its history": CASE
    + """
        li: 接了
        li: 详情
        > 李警官 在办
        > 户籍 2 号窗口
        > 明天 18:00 前答复群众
        > —— 经过
        > 群众 提交
        > 李警官 接单
        > 〔答复〕
        > 〔更多〕
        li [更多]
        > Q26-0001 还可以
        > 〔交给同事〕
        li: /history Q26-0001
        > Q26-0001 的经过，共 3 条
        > 系统 分派：桥西分局明德里派出所
        li: 这件谁经手过
        > Q26-0001 的经过
        liu: 经过 Q26-0001
        > 没查到这个编号
    """,
    "why it is due then": CASE
    + """
        li: 为什么是明天到期
        > Q26-0001 接单：今天 16:05
        > 2 小时
        > 〔答复群众〕
        li [答复群众]
        > Q26-0001 答复群众：明天 18:00
        li: why Q26-0001
        > Q26-0001 接单
        chen: 为什么 Q26-0001 要明天到期
        > 答复群众：明天
        liu: /why Q26-0001
        > 没查到这个编号
    """,
    "english": CASE
    + """
        li: english
        li: accept Q26-0001
        > Accepted: Q26-0001
        li: extend Q26-0001 2 days waiting for the street office
        > 2 working days more asked for
        li: case Q26-0001
        > answer the citizen before
        li: help
        > accept Q26-0017
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_officer(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])
