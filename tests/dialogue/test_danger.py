"""Danger now: 110 first, the duty desk told, nothing asked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.store.tables import deliveries
from tests.cast import Cast
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

SCRIPTS = {
    "a crime under way": """
        chen: 有人在砸我家门 怎么办
        > 请马上打 110
        > 已提醒值班台
        = 1
        chen + location
        > 位置已转给值班台
    """,
    "self-harm": """
        chen: 我不想活了
        > 110
        > 12356
    """,
    "in English": """
        chen: help someone is breaking into my house
        > call 110 now
    """,
    "in the middle of a complaint": """
        chen: 我要投诉
        chen: 窗口没人
        > 事情是什么时候发生的？
        chen: 救命 他拿刀追我
        > 请马上打 110
        ! 刚才说到
        = 1
        chen + location
        > 位置已转给值班台
        ! 什么时候
        chen: 没事了
        > 刚才那件还留着
        > 事情是什么时候发生的？
        chen: 昨天
        > 在什么地方？
    """,
    "after a good rating": """
        chen ~ mdl-hj2-cspc
        chen [满意]
        chen: 救命 有人拿刀
        > 请马上打 110
        chen: 你好
        > 我是回音
    """,
    "a complaint about the past is a complaint": """
        chen: 去年有人砸我家门报警没人管
        ! 110
        > 事情是什么时候发生的？
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_danger(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])


async def test_the_duty_desk_hears_of_it_once(chats: Chats, cast: Cast) -> None:
    await play(chats, "chen: 有人在砸我家门")
    async with cast.centre.services.engine.connect() as connection:
        query = select(deliveries.c.topic).where(deliveries.c.topic == "duty")
        told = (await connection.execute(query)).all()
    assert len(told) == 1
