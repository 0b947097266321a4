"""Greeting, help, a human being, chat that leads nowhere, words that mean nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.store.tables import cases
from tests.cast import Cast
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

SCRIPTS = {
    "following the account": """
        chen / start
        > 您好，这里是回音
        > 〔投诉〕
    """,
    "the fixed menu": """
        chen / rate
        > 您要评价哪个单位
        chen / complain
        > 发生了什么事
        chen: 算了
        chen / my_cases
        > 还没有案件
        chen / help
        > 这些我都能办
        chen / hand_over
        > 0000-12345
    """,
    "a greeting": """
        chen: 你好 在吗
        > 我是回音
    """,
    "help": """
        chen: 你能干什么
        > 这些我都能办
    """,
    "a person": """
        chen: 我要人工
        > 0000-12345
    """,
    "thanks": """
        chen: 谢谢你了
        > 不客气
    """,
    "chat": """
        chen: 今天天气怎么样
        > 这个我帮不上
        = 1
        chen: 给我讲个笑话
        > 这个我帮不上
    """,
    "nonsense": """
        chen: 嘎嘎呜哩哇啦
        > 没太听懂
        > 〔转人工〕
        chen: ？？？。。
        = 1
    """,
    "answers to nothing": """
        chen: 是的
        > 现在没有等您回答的问题
        chen: 不用了
        > 好的
        chen: 算了
        > 什么也没提交
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_menu(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])


async def test_chat_opens_nothing(chats: Chats, cast: Cast) -> None:
    await play(chats, "chen: 给我讲个笑话\nchen: 你叫什么名字\nchen: 股票涨了没")
    async with cast.chen.services.engine.connect() as connection:
        assert (await connection.execute(select(cases))).first() is None
