"""Writing down for a citizen in chat: question by question, in one line, changed, dropped, refused."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.tables import cases, deliveries, desk_entries, identities, ratings
from tests.cast import Cast
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

SCRIPTS = {
    "question by question": """
        sub: /record
        > 群众是怎么来的？
        > 〔热线来电〕
        > 〔上门走访〕
        sub [热线来电]
        > 是哪一类？
        > 〔评价〕
        sub [投诉]
        > 照原话记
        sub: 我在户籍窗口等了两个小时没人理
        > 是哪个单位
        sub: 明德里派出所
        > 什么时候的事
        sub: 昨天下午
        > 先告诉对方：电话
        sub: 139 0000 0000
        > 短信到这个号，要不要
        sub [要短信]
        > 热线来电的投诉，念给对方听听对不对
        > 原话：我在户籍窗口等了两个小时没人理
        > 单位：桥西分局明德里派出所
        > 电话：13900000000
        > 短信：要短信
        sub [提交]
        > 记好了，交桥西分局明德里派出所办
        > 编号 Q26-0001
        > 凭码 {code}
        > 也发短信给对方了
        zhou: 凭码 {code}
        > Q26-0001
    """,
    "in one line": """
        sub: /record 热线 桥西明德里派出所 等了两小时没人办 13900000000
        > 什么时候的事
        sub [跳过]
        > 要不要
        sub: 不用
        > 热线来电的投诉
        > 原话：等了两小时没人办
        > 单位：桥西分局明德里派出所
        > 短信：不要短信
        sub: 提交
        > 编号 Q26-0001
        ! 也发短信
    """,
    "in one line, with a kind and without a number": """
        head: 代录 来访 表扬 李警官帮老人找到家 不留
        > 当面来访的表扬
        > 单位：桥西分局明德里派出所
        > 电话：不留电话
        head [提交]
        > 编号 Q26-0001
    """,
    "changed before it is sent": """
        sub: 代录 热线 建议 希望周末也能办证 不留
        > 是哪个单位
        sub [跳过]
        > 单位：由我们来查
        sub: 来源改成上门
        > 上门走访的建议
        sub: 单位改成南站派出所
        > 单位：桥西分局南站派出所
        sub [改类别]
        > 是哪一类？
        sub: 求助
        > 什么时候的事
        sub [跳过]
        > 上门走访的求助
        sub: 还有，电梯也坏了
        > 原话：希望周末也能办证
        > 还有，电梯也坏了
        sub [提交]
        > 编号 Q26-0001
    """,
    "dropped": """
        sub: 代录 热线
        sub: 算了
        > 没有提交，刚才记的已删掉
        sub: 提交
        ! 编号
    """,
    "interrupted by another question": """
        sub: 代录 热线 投诉
        > 群众怎么说的
        sub: 案件
        > 刚才说到
        > 群众怎么说的
        sub: 民警态度恶劣骂人
        > 是哪个单位
    """,
    "another thing begins only when this one is done": """
        sub: 代录 热线 投诉
        sub: 窗口态度差
        sub [跳过]
        sub: 热线
        > 刚才说到
    """,
    "an officer meets people, calls come to others": """
        li: 代录 热线 投诉 等了两小时
        > 热线来电由所领导、分中心和中心来记
        > 〔当面来访〕
        ! 〔热线来电〕
        li [当面来访]
        > 什么时候的事
    """,
    "an officer's own unit is there already; another's is for the centre": """
        li: 代录 上门 求助 家里漏水没人管 不留
        > 什么时候的事
        li [跳过]
        > 单位：桥西分局明德里派出所
        li: 单位改成南站派出所
        > 不归您这边，先按原话记
        > 单位：
        li [提交]
        > 交云州市公安局办
    """,
    "a citizen is told what to do instead": """
        chen: /record 热线 投诉 等了两小时
        > 代录是给民警和回访人员用的
        chen: 你好
        ! 刚才说到
    """,
    "danger in the caller's words": """
        sub: 代录 热线 求助 有人拿刀要砍人 13900000000
        > 马上打 110
        > 值班台
        > 是哪个单位
    """,
    "danger while it is told": """
        sub: 代录 热线 求助
        sub: 他说不想活了要跳楼
        > 马上打 110
        > 是哪个单位
        sub [跳过]
        sub [跳过]
        sub [不留电话]
        > 原话：他说不想活了要跳楼
    """,
    "about oneself": """
        li: 代录 来访 投诉 民警警号 {li} 态度恶劣 不留
        > 什么时候的事
        li [跳过]
        li [提交]
        > 编号 Q26-0001
        > 涉及您本人
        > 交桥西分局办
        li: 详情 Q26-0001
        > 没查到这个编号
    """,
    "a rating by the level above": """
        sub: 代录 热线 评价
        > 群众评哪一档
        sub [满意]
        > 是哪个单位
        sub: 明德里派出所
        > 群众还说了什么
        sub [跳过]
        > 评价：满意
        sub [提交]
        > 记下了：桥西分局明德里派出所，满意
        > 单独统计
        sub: 统计 今天
        > 收到 1 条评价
    """,
    "not satisfied becomes a case": """
        sub: 代录 热线 不满意 明德里派出所 等了两小时
        > 先告诉对方
        sub: 不留
        > 评价：不满意
        sub [提交]
        > 编号 Q26-0001
        sub: 经过 Q26-0001
        > 热线代录
    """,
    "no grade by the unit itself": """
        head: 代录
        head [热线来电]
        ! 〔评价〕
        head: 评价
        > 没看明白
    """,
    "nor for one's own house": """
        sub: 代录 热线 评价 满意
        > 是哪个单位
        sub: 桥西分局
        > 只能由上一级
        > 是哪个单位
        sub: 没有这个地方
        > 是哪个单位
    """,
    "in English": """
        sub: english
        sub: record hotline complaint Mingdeli station waited two hours 13900000000
        > Which unit is it?
        sub [Skip]
        > When was it?
        sub [Skip]
        > number and news by text message
        sub [No texts]
        > Complaint, By hotline
        sub [Submit]
        > Number Q26-0001
    """,
    "in plain words": """
        sub: 我要替来访的人代录
        > 群众是怎么来的
    """,
    "an old button": """
        sub: 代录 热线
        sub: 算了
        sub / desk_answer
        > 现在没有等您回答的问题
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_writing_down(chats: Chats, cast: Cast, script: str) -> None:
    await play(chats, SCRIPTS[script].replace("{li}", cast.li.badge))


async def test_who_wrote_it_down_is_kept_and_is_not_the_citizen(
    chats: Chats, services: Services
) -> None:
    await play(chats, SCRIPTS["question by question"])
    async with services.engine.connect() as connection:
        query = select(cases.c.number, identities.c.channel, identities.c.officer_id).join(
            identities, identities.c.id == cases.c.identity_id
        )
        assert (await connection.execute(query)).all() == [("Q26-0001", "sms", None)]
        entry = (await connection.execute(select(desk_entries))).one()
        assert entry.source == "hotline"
        topics = select(deliveries.c.content_sealed).join(
            identities, identities.c.id == deliveries.c.identity_id
        )
        sealed = (await connection.execute(topics.where(identities.c.channel == "sms"))).scalars()
        texts = [services.vault.open_json(each)["text"] for each in sealed]
    assert len(texts) == 1
    assert "Q26-0001" in texts[0]
    assert "两个小时" not in texts[0]


async def test_a_rating_has_its_own_way(chats: Chats, services: Services) -> None:
    await play(chats, SCRIPTS["a rating by the level above"])
    async with services.engine.connect() as connection:
        row = (await connection.execute(select(ratings))).one()
    assert (row.channel, row.way, row.grade) == ("desk", "hotline", "satisfied")


async def test_the_link_to_the_page(chats: Chats, services: Services) -> None:
    await play(
        chats,
        """
        chen: 录入页
        > 代录是给民警和回访人员用的
        sub: /desk
        > 请管理员设 PUBLIC_URL
        """,
    )


async def test_the_words_for_a_call(chats: Chats) -> None:
    await play(
        chats,
        """
        chen: 话术
        > 这是给民警用的
        sub: 代录 热线 明德里派出所 等了两小时 13900000000
        sub [跳过]
        sub [不要短信]
        sub [提交]
        > 编号 Q26-0001
        sub: 话术 Q26-0001
        > 【开场】您好，这里是云州市公安局
        > 【先认人】
        > 对方发火
        ! 两小时
        chen: 话术 Q26-0001
        > 没查到这个编号
        """,
    )
