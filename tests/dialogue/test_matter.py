"""Complaints, suggestions, requests for help, praise."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.store.tables import attachments, cases
from tests.cast import Cast
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

OPENED = """
    chen: 我要投诉
    > 您说，发生了什么事？
    chen: 窗口的人骂我
    > 事情是什么时候发生的？
    chen: 昨天下午三点多
    > 在什么地方？
    chen: 办证大厅
    > 是哪个单位、哪位民警？
    chen: 明德里派出所
    > 要留个电话吗？
    chen: 13900000000
    > 有照片、录音的话现在发
    chen: 没有
    > 您的投诉，看看对不对
    > 事情：窗口的人骂我
    > 时间：昨天下午三点多
    > 地点：办证大厅
    > 单位：桥西分局明德里派出所
    > 电话：13900000000
    > 照片等：没有
    > 〔提交〕
    > 〔改电话〕
    > 〔取消〕
"""

SCRIPTS = {
    "a complaint, step by step": OPENED
    + """
        chen [提交]
        > 编号 Q26-0001，交桥西分局明德里派出所办
        > 凭码
    """,
    "the opening sentence is the matter": """
        chen: 你们明德里派出所的人推了我一把 我要投诉
        > 这件投诉记下了。事情是什么时候发生的？
        chen: 前天
        chen: 大厅门口
        # the unit was named already
        > 要留个电话吗？
        chen: 匿名
        chen: 没有
        > 事情：你们明德里派出所的人推了我一把
        > 单位：桥西分局明德里派出所
        > 电话：匿名
        chen: 没问题
        > 编号 Q26-0001
    """,
    "everything that can be skipped, skipped": """
        chen: 投诉
        chen: 跳过
        > 这一项得有，一句话也行。您说，发生了什么事？
        chen: 乱罚款
        chen: 记不清了
        chen: 跳过
        chen: 不清楚
        chen: 不留电话
        chen: 没有
        > 时间：没有
        > 单位：由我们来查
        chen: 好的
        > 编号 Q26-0001，交云州市公安局办
    """,
    "corrections in words": OPENED
    + """
        chen: 改一下电话 13911112222
        > 改好了。您的投诉，看看对不对
        > 电话：13911112222
        chen: 时间改成前天晚上八点
        > 时间：前天晚上八点
        chen: 地点不对 是停车场
        > 地点：停车场
        chen: 单位改成南站派出所
        > 单位：桥西分局南站派出所
        chen: 13800000000
        > 电话：13800000000
        chen: 电话写错了
        > 要留个电话吗？
        chen: 13822223333
        > 电话：13822223333
        chen: 改成123的电话
        > 您的投诉，看看对不对
        chen: 提交
        > 编号 Q26-0001
    """,
    "corrections by button": OPENED
    + """
        chen [改事情]
        > 您说，发生了什么事？
        chen: 窗口的人骂了我和我妈
        > 事情：窗口的人骂了我和我妈
        chen [改单位]
        chen: 城关派出所
        > 是哪一个？
        chen [安平县公安局城关派出所]
        > 单位：安平县公安局城关派出所
        chen: 不对
        > 要改哪一项
        chen [提交]
        > 编号 Q26-0001
    """,
    "an earlier line corrected on the way": """
        chen: 我要投诉
        chen: 辅警态度恶劣
        chen: 昨天
        chen: 时间改成前天
        > 改好了。在什么地方？
        chen: 路口
        chen: 跳过
        chen: 不留
        chen: 没有
        > 时间：前天
    """,
    "more words at the summary are added": OPENED
    + """
        chen: 另外他还说让我随便告去
        > 加上了
        > 另外他还说让我随便告去
    """,
    "interrupted by a question, and back": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen [态度]
        chen [跳过]
        chen [不留]
        > 编号 Q26-0001
        chen: 我要投诉
        chen: 报案没人管
        > 事情是什么时候发生的？
        chen: 对了我上次那个投诉咋样了
        > Q26-0001
        > ——刚才说到：事情是什么时候发生的？
        = 2
        chen: 帮助
        > 这些我都能办
        > ——刚才说到：事情是什么时候发生的？
        chen: 转人工
        > 0000-12345
        > ——刚才说到：
        chen: q26 0001
        > Q26-0001
        > ——刚才说到：
        chen: 上周五
        > 在什么地方？
    """,
    "interrupted at the summary": OPENED
    + """
        chen: 我的上次投诉怎么样了
        > 您在这里还没有案件
        > ——刚才说到：您的投诉，看看对不对
        chen: 提交
        > 编号 Q26-0001
    """,
    "never mind": """
        chen: 我要投诉
        chen: 窗口没人
        chen: 算了不投诉了
        > 好，没有提交，刚才写的已删掉
        chen: 你好
        > 我是回音
        ! 刚才说到
    """,
    "cancelled at the summary": OPENED
    + """
        chen [取消]
        > 没有提交
        chen: 进度
        > 您在这里还没有案件
    """,
    "a tap on the menu does not lose it": """
        chen: 我要投诉
        chen: 窗口没人
        chen / suggest
        > 这件投诉还没写完
        > 事情是什么时候发生的？
    """,
    "a scanned code names the unit": """
        chen: 我要投诉
        chen: 窗口没人
        chen ~ mdl-hj2-cspc
        > 单位记下了：桥西分局明德里派出所 · 户籍 2 号窗口
        > 事情是什么时候发生的？
        chen: 今天
        chen: 大厅
        > 要留个电话吗？
    """,
    "a suggestion right after a scan is about that place": """
        chen ~ mdl-hj2-cspc
        > 这次办得怎么样
        chen: 我有个建议，窗口前面能不能多放几把椅子，老人站着等太累了
        ! 哪个单位
        chen: 不留
        > 户籍 2 号窗口
        chen [提交]
        > 编号
    """,
    "words that were not understood right after a scan are about that place, too": """
        chen ~ mdl-hj2-cspc
        chen: 排了两个小时队，身份证还是没办成，电话13900000001
        > 没太听懂
        chen [投诉]
        > 事情是什么时候发生的？
        chen: 今天
        chen: 大厅
        ! 哪个单位
    """,
    "a place within a station names the station": """
        chen: 我要投诉
        chen: 窗口没人
        chen: 今天
        chen: 明德里派出所户籍大厅
        > 要留个电话吗？
    """,
    "later on the unit is asked for": """
        chen ~ mdl-hj2-cspc
        chen: 你好
        chen: 我有个建议，窗口前面能不能多放几把椅子，老人站着等太累了
        > 哪个单位
    """,
    "an unknown unit is kept in words": """
        chen: 我要投诉
        chen: 乱收费
        chen: 今天
        chen: 火车站
        chen: 火星联合执法队
        > 先按您说的记“火星联合执法队”
        > 要留个电话吗？
    """,
    "photos are waited for": """
        chen: 我要投诉
        chen: 乱停车
        chen: 今天
        chen: 路口
        chen: 跳过
        chen: 不留
        chen: 有的 稍等
        > 好，等您发
        chen + image
        > 收到，放进这件里了
        chen: 发完了
        > 照片等：1 份
    """,
    "a suggestion": """
        chen: 我有个建议
        > 您建议怎么改？
        chen: 大厅中午也开一个窗口
        > 和哪个单位有关？
        chen: 明德里所
        chen: 不留
        > 您的建议，看看对不对
        ! 时间：
        chen: 可以
        > 建议收到，编号 Q26-0001
    """,
    "a request for help": """
        chen: 求助
        > 遇到什么难处
        chen: 老人走失了 穿灰衣服
        > 在哪个派出所辖区
        chen: 不清楚
        chen: 13900000000
        > 您的求助，看看对不对
        chen: 提交
        > 编号 Q26-0001
    """,
    "praise": """
        chen: 我要表扬户籍窗口的小姑娘 帮我妈填表跑了两趟
        > 这件表扬记下了。是哪个单位
        chen: 明德里派出所
        chen: 不用
        chen: 提交
        > 表扬收到，编号 Q26-0001
    """,
    "a question becomes a request for help": """
        chen: 身份证怎么补办
        > 0000-12345
        chen [当成求助转给人办]
        > 这件求助记下了
        chen: 跳过
        chen: 不留
        > 事情：身份证怎么补办
    """,
    "traditional characters": """
        chen: 我要投訴 窗口態度極差還罵人
        > 这件投诉记下了。事情是什么时候发生的？
        chen: 取消
        > 没有提交
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_matter(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])


async def test_photos_go_with_the_case(chats: Chats, cast: Cast) -> None:
    """A photo sent at any question is kept."""
    await play(
        chats,
        """
        chen: 我要投诉
        chen: 乱停车没人管
        chen + image
        > 收到，放进这件里了。事情是什么时候发生的？
        chen: 今天
        chen: 路口
        chen: 跳过
        chen: 不留
        chen + image
        > 收到，放进这件里了
        chen: 好了
        > 照片等：2 份
        chen: 提交
        """,
    )
    async with cast.chen.services.engine.connect() as connection:
        hung = (await connection.execute(select(attachments.c.case_id))).scalars().all()
    assert len(hung) == 2
    assert None not in hung


async def test_a_half_written_complaint_is_not_stored(chats: Chats, cast: Cast) -> None:
    await play(chats, OPENED + "\nchen: 算了")
    async with cast.chen.services.engine.connect() as connection:
        assert (await connection.execute(select(cases))).first() is None
