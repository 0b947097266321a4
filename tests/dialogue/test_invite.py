"""One-time codes in the dialogue: the officer asks, the citizen rates; coverage and the funnel."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from actions.bootstrap import Services
from actions.codes.sheets import sheet_in
from actions.store.tables import cases, officers, one_time_codes, ratings
from tests.cast import Cast
from tests.conftest import FrozenClock
from tests.dialogue.chat import Chat
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play
from tests.invitations.asking import Counter

CODE = "li: 邀码\n> 邀码 {code}\n"

SCRIPTS = {
    "asked, scanned, rated": """
        li: /invite
        > 桥西分局明德里派出所 · 李警官
        > 邀码 {code}
        > 今天 14:34 前有效，只评一次
        > 〔再来一个〕
        = 1
        chen ~ {code}
        > 您在评价：桥西分局明德里派出所 · 李警官。这次办得怎么样？您选哪档，民警看不到。
        > 〔满意〕
        chen [满意]
        > 谢谢，记下了：满意。还想说什么，直接回一句；您选了什么、写了什么，民警都看不到。
        chen: 小伙子特别耐心
        > 这句也记下了。谢谢。
        ! 会让他们看到
    """,
    "for a visit, and another one": """
        li: 给我一个邀码 上门
        > 李警官（上门）
        > 邀码 {first}
        li [再来一个]
        > 李警官（上门）
        > 邀码 {second}
        ! {first}
    """,
    "what to say in English": """
        li: 邀码
        li [英文怎么说]
        > Could you scan this and rate how we did?
        li: 邀码
        > 邀码 {again}
    """,
    "not satisfied goes past the officer": CODE
    + """
        chen ~ {code}
        chen [不满意]
        > 抱歉，没办好。主要是哪方面？
        chen [态度]
        chen: 话都不让人说完
        chen [不留]
        > 编号 {number}
        li: 案件
        ! {number}
    """,
    "used already": CODE
    + """
        chen ~ {code}
        zhou ~ {code}
        chen [满意]
        > 记下了
        zhou [满意]
        > 慢了一步，这张邀码刚被评过
        zhou ~ {code}
        > 这张邀码已经评过了，一张只评一次。还想评桥西分局明德里派出所 · 李警官
        > 〔说单位名〕
        zhou [说单位名]
        > 您要评价哪个单位？
        zhou: 明德里派出所
        zhou [满意]
        > 记下了：满意
    """,
    "the officer scans it": CODE
    + """
        li ~ {code}
        li [满意]
        > 自己要的自己评不算
        chen ~ {code}
        chen [满意]
        > 记下了
    """,
    "a citizen asks for one": """
        chen: /invite
        > 民警
        ! 邀码 K
    """,
    "a citizen asks about one": """
        chen: 邀码过期了怎么办
        ! 有效，只评一次
    """,
    "no such service": """
        li: 邀码 警情 20261120-0017
        > 您名下没有编号 20261120-0017 的事项
    """,
    "too many ahead": """
        li: /invite 21
        > 一次最多预取 20 张邀码
    """,
    "in the middle of writing an answer": """
        li: 邀码
        > 邀码 {code}
        li: 邀评覆盖
        > 您的邀评 · 11 月
        > 这段时间没有能邀评的事项
        > 要了 1 张邀码（不到 5 张，不显示用了几张）
        ! 名下评价
    """,
    "a supervisor": """
        chief: /coverage 本月 桥西
        > 桥西分局 11 月 · 邀评覆盖
        > 只数次数，不评好坏
        chief: 邀评情况
        > 桥西分局 11 月 · 邀评进展
        > 这段时间没有事项
        chief: /invitations 上个月
        > 桥西分局 10 月 · 邀评进展
        other: 邀评覆盖 本月 桥西
        > 这个单位不在您的管辖范围
        chen: 邀评覆盖
        > 数据只给有权限的岗位看
        li: 邀评情况
        > 数据只给有权限的岗位看
    """,
    "in plain words": """
        li: 生成一个一次性评价码
        > 邀码
        > 〔再来一个〕
        chief: 本月桥西分局谁有事项没邀评
        > 桥西分局 11 月 · 邀评覆盖
        chief: 上个月邀评短信发出去多少
        > 桥西分局 10 月 · 邀评进展
    """,
    "in English": """
        li: english
        li: invite visit
        > (visit)
        > Good until
        > 〔Another one〕
        chief: english
        chief: coverage this month
        > asked or not
        chief: invitations this month
        > how far invitations came
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_invite(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])


async def pictures(chat: Chat, text: str) -> list[str]:
    """What the pictures of the answer show."""
    _, body = await chat.post(chat.new_message(), text=text)
    return [reply["image"] for reply in body["replies"] if reply["image"]]


async def test_a_code_comes_with_its_picture(services: Services, chats: Chats) -> None:
    (drawn,) = await pictures(chats("li"), "/invite")
    sheet = sheet_in(drawn)
    assert sheet is not None
    assert await services.org.code(sheet.scenes[0]) is not None


async def test_a_pack_comes_in_sheets(services: Services, chats: Chats) -> None:
    sheets = [sheet_in(drawn) for drawn in await pictures(chats("li"), "邀码 10")]
    assert [(s.first, len(s.scenes)) for s in sheets if s] == [(1, 6), (7, 4)]
    await play(
        chats,
        """
        wang: 邀码 十张
        > 10 张邀码，每张只评一次，今天 23:59 前有效
        > 10. {last}
        > 第 7–10 张
        = 3
        chen ~ {last}
        chen [满意]
        > 记下了
        """,
    )


async def test_the_figures_keep_it_apart(services: Services, chats: Chats) -> None:
    await play(
        chats,
        CODE
        + """
        chen ~ {code}
        chen [满意]
        zhou ~ mdl-hj2-cspc
        zhou [不满意]
        zhou [态度]
        zhou [跳过]
        zhou [不留]
        chief: 统计 今天
        > 收到 2 条评价
        > 人太少，看得出是谁
        ! 邀评
        """,
    )
    async with services.engine.connect() as connection:
        query = select(ratings.c.way).where(ratings.c.one_time_id.is_not(None))
        assert (await connection.execute(query)).scalars().all() == ["invited_by_officer"]


async def test_the_case_knows_whom_it_is_about(services: Services, chats: Chats) -> None:
    await play(chats, SCRIPTS["not satisfied goes past the officer"])
    async with services.engine.connect() as connection:
        of = await connection.execute(select(one_time_codes.c.officer_id))
        row = (await connection.execute(select(cases.c.subject_id))).scalar_one()
        assert row == of.scalar_one()


async def test_too_late_says_what_to_do(
    services: Services, chats: Chats, frozen: FrozenClock
) -> None:
    kept = await play(chats, CODE + "chen ~ {code}")
    frozen.advance(minutes=39)
    await chats("chen").taps("满意")  # opened in time: counts
    assert "记下了" in chats("chen").heard[0]
    kept = await play(chats, CODE + "zhou ~ {code}")
    frozen.advance(minutes=41)
    await chats("zhou").taps("满意")
    assert "这张邀码过了时间，没有记上" in chats("zhou").heard[0]
    await chats("zhou").scans(kept["code"])
    assert "请民警再给一张" in chats("zhou").heard[0]


async def test_who_never_asked_is_named_with_the_counts(
    services: Services, cast: Cast, chats: Chats
) -> None:
    counter = await Counter.opened(services)
    for someone in (cast.li, cast.wang):
        await counter.takes(counter.event(officer=someone.badge, unit="YZ-QX-MDL"))
    await play(
        chats,
        CODE
        + f"""
        chief: 邀评覆盖
        > 能邀评的事项 2 件，在 2 个班次里；其中 1 个班次（50.0%）一张邀码没要
        > · 桥西分局明德里派出所 王警官 {cast.wang.badge}：1 个班次里 1 个，事项共 1 件
        ! 李警官
        wang: 我的邀评
        > 能邀评的事项 1 件，在 1 个班次里；其中 1 个班次（100%）一张邀码没要
        ! 李警官
        """,
    )


async def test_inside_a_complaint_the_code_names_the_unit(chats: Chats) -> None:
    await play(
        chats,
        CODE
        + """
        chen: 我要投诉
        chen: 窗口没人
        chen ~ {code}
        > 桥西分局明德里派出所 · 李警官
        > 事情是什么时候发生的？
        """,
    )


async def test_a_leaver_gets_none_and_their_codes_are_over(
    services: Services, cast: Cast, chats: Chats
) -> None:
    kept = await play(chats, CODE)
    async with services.engine.begin() as connection:
        left = update(officers).where(officers.c.badge == cast.li.badge).values(active=False)
        await connection.execute(left)
    await chats("chen").scans(kept["code"])
    assert "这张邀码过了时间" in chats("chen").heard[0]
    await chats("li").says("邀码")
    assert "有效" not in chats("li").heard[0]
