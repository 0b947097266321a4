"""Rating: by a code, by a unit's name, satisfied and not."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from actions.store.tables import cases, ratings
from tests.cast import Cast
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

SCRIPTS = {
    "satisfied: two messages in all": """
        chen ~ mdl-hj2-cspc
        > 您在评价：桥西分局明德里派出所 · 户籍 2 号窗口。这次办得怎么样？
        > 〔满意〕
        > 〔不满意〕
        = 1
        chen: 1
        > 谢谢，记下了：满意
        = 1
    """,
    "the sentence after it is praise": """
        chen ~ mdl-hj2-cspc
        chen [满意]
        chen: 2号窗口那个姑娘特别耐心
        > 这句也记下了
    """,
    "thanks are praise, whatever else they sound like": """
        chen ~ y10101-6eh6
        chen [满意]
        chen: 感谢您在我们最着急的时候帮忙，孩子报上名了
        > 这句也记下了
    """,
    "a polite word after it is none": """
        chen ~ mdl-hj2-cspc
        chen [满意]
        chen: 谢谢
        > 不客气
        ! 记下了
    """,
    "something else after it is something else": """
        chen ~ mdl-hj2-cspc
        chen [满意]
        chen: 我要投诉
        > 发生了什么事
    """,
    "another code after it is another rating": """
        chen ~ mdl-hj2-cspc
        chen [满意]
        chen ~ nz-92gt
        > 您在评价：桥西分局南站派出所
        chen [基本满意]
        > 记下了：基本满意
    """,
    "basically satisfied, in words": """
        chen ~ mdl-hj2-cspc
        chen: 一般
        > 记下了：基本满意。哪里还能更好
        chen: 叫号机老坏 希望修一下
        > 这句也记下了
    """,
    "not satisfied, told in words": """
        chen ~ mdl-hj2-cspc
        chen: 3
        > 抱歉，没办好。主要是哪方面？
        > 〔没讲清〕
        chen: 等了俩小时没人理
        > 明白了：等太久（“等了俩小时没人理”）。要留个电话吗？
        chen: 138 0000 0000
        > 编号 Q26-0001
        > 前给您结果
        > 凭码 {code}
    """,
    "not satisfied, all tapped or skipped": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen [态度]
        > 明白了：态度。用一句话说说经过？
        chen [跳过]
        > 要留个电话吗？
        chen [不留]
        > 编号 Q26-0001
    """,
    "a wrong number is asked again": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen [别的]
        chen: 里面太吵
        > 记下了。要留个电话吗？
        chen: 1380000000
        > 这个号码看着不对
        > 要留个电话吗？
        chen: 一三八零零零零零零零零
        > 编号 Q26-0001
    """,
    "a landline with full-width digits": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen [太慢]
        chen: 慢
        chen: ０３１１－８１２３４５６７
        > 编号 Q26-0001
    """,
    "a question in between": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen [太慢]
        chen: 排了一上午
        chen: 你们热线多少
        > 0000-12345
        > ——刚才说到：要留个电话吗？
        chen: 不留
        > 编号 Q26-0001
    """,
    "what sounds like a question is what happened": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen [没办成]
        chen: 来办身份证，中午户籍室窗口没有人
        > 记下了。要留个电话吗？
    """,
    "left half-way: the rating stays": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen: 算了
        > 您的评价已记下，没有立案
    """,
    "rather a complaint": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen: 投诉
        > 发生了什么事
        chen: 窗口的人骂我
        chen: 今天
        chen: 大厅
        > 要留个电话吗？
    """,
    "something else instead of a unit": """
        chen: 我要评价
        chen: 投诉
        > 发生了什么事
    """,
    "without a scan": """
        chen: 我要评价
        > 您要评价哪个单位
        chen: 明德里派出所
        > 您在评价：桥西分局明德里派出所
        chen [满意]
        > 记下了：满意
    """,
    "the unit named at once": """
        chen: 给南站所打个分
        > 您在评价：桥西分局南站派出所
        chen: 满意
        > 记下了：满意
    """,
    "the grade before the unit": """
        chen: 满意
        > 您要评价哪个单位
        chen: 明德里所
        > 记下了：满意
    """,
    "an ambiguous name": """
        chen: 我要评价
        chen: 城关派出所
        > 是哪一个？
        > 〔安平县公安局城关派出所〕
        chen [清河县公安局城关派出所]
        > 您在评价：清河县公安局城关派出所
    """,
    "an unknown name": """
        chen: 我要评价
        chen: 火星基地
        > 没对上这个名字。您要评价哪个单位
        chen: 月球基地
        > 还是没对上
        > 0000-12345
        chen: 算了
        > 什么也没提交
    """,
    "an unknown code": """
        chen ~ no-such-code
        > 这个码我不认得
        chen [说单位名]
        > 您要评价哪个单位
    """,
    "nobody rates themselves": """
        li ~ {badge_code}
        li [满意]
        > 自己不能评自己
    """,
}


@pytest.mark.parametrize("script", [k for k in SCRIPTS if "themselves" not in k])
async def test_rate(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])


async def test_nobody_rates_themselves(chats: Chats, cast: Cast) -> None:
    from actions.store.tables import codes, officers

    query = (
        select(codes.c.scene)
        .join(officers, officers.c.id == codes.c.officer_id)
        .where(officers.c.badge == cast.li.badge)
    )
    async with cast.li.services.engine.connect() as connection:
        scene = (await connection.execute(query)).scalar_one()
    await play(chats, SCRIPTS["nobody rates themselves"].replace("{badge_code}", scene))


async def test_unsatisfied_is_written_at_once(chats: Chats, cast: Cast) -> None:
    """The rating stands before the reason is told; the case carries it."""
    await play(chats, "chen ~ mdl-hj2-cspc\nchen [不满意]")
    assert await _count(cast, ratings) == 1
    await play(chats, "chen [太慢]\nchen [跳过]\nchen [不留]")
    assert await _count(cast, ratings) == 1
    assert await _count(cast, cases) == 1
    async with cast.chen.services.engine.connect() as connection:
        row = (await connection.execute(select(cases))).one()
    assert (row.kind, row.reason, row.rating_id is not None) == ("unsatisfied", "speed", True)


async def _count(cast: Cast, table: object) -> int:
    async with cast.chen.services.engine.connect() as connection:
        query = select(func.count()).select_from(table)  # type: ignore[arg-type]
        return int((await connection.execute(query)).scalar_one())
