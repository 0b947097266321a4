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
        li: 答复 Q26-0001
        > 还没由您接单
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
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_officer(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])
