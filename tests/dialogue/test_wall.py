"""The wall screen in chat: a link, the list, the end, and who gets none."""

from __future__ import annotations

import dataclasses
import re

import pytest

from actions.bootstrap import Services, install
from tests.cast import Cast
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    """With the address that people reach us by."""
    return {**environ, "PUBLIC_URL": "https://huiyin.example"}


SCRIPTS = {
    "by command": """
        chief: /wall
        > 桥西分局的大屏
        > https://huiyin.example/login/
        > ?to=wall
        > 30 天
        ! 另外还挂着
    """,
    "of a unit below": """
        chief: 大屏 南站派出所
        > 桥西分局南站派出所的大屏
        chief: 明德里派出所的大屏
        > 桥西分局明德里派出所的大屏
    """,
    "of a unit that is not theirs": """
        chief: 大屏 桥东分局
        > 不在您的管辖范围
        chief: 大屏 天上的派出所
        > 不在您的管辖范围
    """,
    "in plain words": """
        chief: 给我满意度大屏的链接
        > 桥西分局的大屏
        chief: 我挂了哪些大屏
        > 现在没有您挂的大屏
    """,
    "nobody else's": """
        chen: 大屏
        > 数据只给有权限的岗位看
        li: /wall
        > 数据只给有权限的岗位看
        li: 关大屏
        > 数据只给有权限的岗位看
    """,
    "of the hall, a citizen speaks": """
        chen: 大厅的大屏幕坏了叫号看不清
        ! 数据只给有权限的岗位看
        chen: 大屏关了看不到号
        ! 数据只给有权限的岗位看
    """,
    "in between": """
        sub: 代录 热线 投诉
        > 群众怎么说的
        sub: 大屏
        > 桥西分局的大屏
        > 群众怎么说的
    """,
    "in English": """
        chief: english
        chief: wall
        > The wall screen of
        chief: wall off
        > You have no wall screen
    """,
    "help": """
        chief: 帮助
        > 大屏：大屏
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_the_wall_in_chat(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])


async def test_without_an_address(chats: Chats, services: Services) -> None:
    nowhere = services.settings.model_copy(update={"public_url": ""})
    install(dataclasses.replace(services, settings=nowhere))
    await play(
        chats,
        """
        chief: 大屏
        > 请管理员设 PUBLIC_URL
        chen: 大屏
        > 数据只给有权限的岗位看
        """,
    )


async def test_listed_and_taken_down(chats: Chats, services: Services, cast: Cast) -> None:
    for words in ("大屏", "大屏 南站派出所"):
        reply = await chats("chief").says(words)
        token = re.search(r"/login/([^?]+)", str(reply))
        assert token is not None
        opened = await services.sessions.open(token[1])
        assert opened is not None
    await services.screens.who(opened.token)
    await play(
        chats,
        """
        chief: 大屏 列表
        > 1. 桥西分局，
        > 还没连上过
        > 2. 桥西分局南站派出所，
        > 正亮着
        > 〔全部关掉〕
        chief: 关大屏 7
        > 没有这一块
        chief: 关大屏 1
        > 已关 1 块
        chief: 大屏
        > 另外还挂着 1 块
        chief [看挂着的]
        > 1. 桥西分局南站派出所
        chief [全部关掉]
        > 已关 1 块
        chief: 关大屏
        > 现在没有您挂的大屏
        """,
    )
    assert await services.screens.who(opened.token) is None
