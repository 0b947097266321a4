"""One unsatisfied case under policies that call back, review and re-visit, sent back once."""

from __future__ import annotations

import pytest

from tests.conftest import Databases
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play
from tests.dialogue.test_officer import CASE

# The sub-centre calls and reviews; measures before handing in; the city's centre re-visits.
ZHANGJIAKOU = (
    CASE
    + """
    sub: 回访 Q26-0001
    > 电话：13800000000
    > 1. 先说
    > 希望怎么解决
    sub [打通了]
    > 群众怎么说
    sub: 等了两个小时没人理
    > 不满意的原因
    > 〔就这些〕
    sub: 窗口没人
    > 群众想要怎样
    sub [跳过]
    > 电话里说好了怎么办
    sub: 当天补办
    > 记为：Q26-0001 已回访，已联系上
    li: 接了
    > 接单成功
    > 整改完交上来
    > 下一步：整改
    li [答复]
    > 先给上级复核
    li: 已补办，请来取
    > 先写整改了什么
    > 〔整改〕
    li [整改]
    li: 中午加了一个人
    > 整改记下了
    > 下一步：答复
    li [答复]
    > 〔用刚才写的：已补办，请来取〕
    li [用刚才写的：已补办，请来取]
    > Q26-0001 已交复核
    li: 整改 Q26-0001 再改一处
    > 现在还不能这样办
    sub: 案件
    > 待复核
    sub: 详情 Q26-0001
    > 答复：已补办，请来取
    sub [退回]
    > 为什么退回
    sub: 没写清楚谁负责
    > 已退回重办
    li: 案件
    > Q26-0001 不满意·在办
    li: 整改 Q26-0001 值班长负责，每天点名
    > 整改记下了
    li: 答复 Q26-0001 已补办，值班长负责
    > 已交复核
    li: 通过 Q26-0001
    > 这一步不归您办
    sub: 复核通过
    > Q26-0001 复核通过，答复已发给群众
    chen: 进度
    > 已补办，值班长负责
    centre: 复访 Q26-0001
    > 真的解决了吗
    ! 基本满意
    centre [不满意]
    > 群众还说了什么
    centre: 中午还是没人
    > 复访，群众不满意。“中午还是没人”现在：待复核
    sub: 通过 Q26-0001
    > 不能直接通过
    > 〔退回〕
    > 〔办结〕
    sub [退回]
    sub: 中午安排双岗
    > 已退回重办
    li: 整改 Q26-0001 中午双岗
    li: 答复 Q26-0001 中午有两个人了
    sub: 通过 Q26-0001
    > 复核通过
    centre: 复访 Q26-0001 满意
    > 复访，群众满意。现在：已办结
    li: 经过 Q26-0001
    > 退回
    > 复访
    """
)

# The centre calls, and has the five aspects scored; the unit visits, verifies and mends.
CALLBACKS = (
    CASE
    + """
    centre: 回访 Q26-0001 没打通
    > 没打通
    centre: 回访 Q26-0001
    > 请群众逐项打分
    centre: 打通了，群众要求道歉
    > 不满意的原因
    centre: 没人理
    > 群众想要怎样
    centre [跳过]
    > 电话里说好了怎么办
    centre [跳过]
    > 出警速度打几分
    centre [5]
    > 态度打几分
    centre: 很差
    > 回 1 到 5 就行
    centre: 两分
    > 处理结果打几分
    centre: 案件
    > ——刚才说到：处理结果打几分
    centre [就这些]
    > 已联系上。“群众要求道歉”
    li: 接了
    ! 下一步：回访
    > 下一步：核查
    li: 答复 Q26-0001 好了
    > 先上门
    > 〔上门记录〕
    li: 详情
    > 回访：打通了
    """
)


@pytest.fixture
def environ(databases: Databases, database: str, preset: str) -> dict[str, str]:
    return {**databases.settings(database), "POLICY": preset}


@pytest.mark.parametrize(
    ("preset", "script"),
    [("zhangjiakou", ZHANGJIAKOU), ("callbacks2014", CALLBACKS)],
    ids=["called, sent back, re-visited", "a call with its form"],
)
async def test_a_whole_case(chats: Chats, script: str) -> None:
    await play(chats, script)
