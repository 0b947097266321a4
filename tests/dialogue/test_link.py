"""Linking a number in the chat, and numbers that nobody is to ask."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.tables import contacts, deliveries, opt_outs
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    """A policy that asks in the official account first."""
    return {**environ, "POLICY": "callbacks2014"}


async def code(services: Services) -> str:
    query = select(deliveries.c.content_sealed).where(deliveries.c.topic == "contact_code")
    newest = query.order_by(deliveries.c.created_at.desc(), deliveries.c.id.desc()).limit(1)
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(newest)).scalar_one()
    found = re.search(r"\d{6}", services.vault.open_json(sealed)["text"])
    assert found
    return found[0]


async def count(services: Services, table: object) -> int:
    async with services.engine.connect() as connection:
        return len((await connection.execute(select(table))).all())  # type: ignore[call-overload]


async def test_a_number_is_linked_in_three_messages(chats: Chats, services: Services) -> None:
    await play(
        chats,
        """
        chen: 绑定手机号
        > 绑哪个手机号？
        > 随时回“解绑”
        chen: 139 0000 0000
        > 验证码发到 139****0000 了
        chen: 帮助
        > 短信里的 6 位数字是？
        """,
    )
    given = await code(services)
    await play(
        chats,
        f"""
        chen: {given[:3]} {given[3:]}
        > 绑好了：139****0000
        chen: 解绑
        > 解绑了：139****0000
        chen: 解绑
        > 没有绑定手机号
        """,
    )
    assert await count(services, contacts) == 0


async def test_the_number_may_come_with_the_word_and_a_wrong_code_is_asked_again(
    chats: Chats, services: Services
) -> None:
    await play(chats, "chen: 绑定 13900000000\n> 验证码发到 139****0000 了")
    given = await code(services)
    wrong = f"{(int(given) + 1) % 10**6:06}"
    await play(
        chats,
        f"""
        chen: 收到了吗
        chen: {wrong}
        > 不是这个数
        > 还能试 4 次
        chen: {given}
        > 绑好了
        """,
    )
    assert await count(services, contacts) == 1


async def test_linking_can_be_left_and_asked_about(chats: Chats, services: Services) -> None:
    await play(
        chats,
        """
        chen: 绑定手机号
        chen: 12345
        > 绑哪个手机号？
        = 1
        chen: 0310-1234567
        > 收不了短信
        chen: 13900000000
        > 139****0000
        chen [不绑了]
        chen: 进度
        ! 6 位数字
        """,
    )
    assert await count(services, contacts) == 0


async def test_in_english(chats: Chats, services: Services) -> None:
    await play(
        chats,
        """
        chen: english
        chen: link my number
        > Which mobile number?
        chen: 13900000000
        > 6 digits within ten minutes
        """,
    )
    await play(chats, f"chen: {await code(services)}\n> Linked: 139****0000")


async def test_who_answers_the_hotline_notes_it_for_the_caller(
    chats: Chats, services: Services
) -> None:
    await play(
        chats,
        """
        sub: 不再邀评
        > 哪个号码不再邀评？
        sub: 不再邀评 139 0000 0000
        > 139****0000 以后不再邀评
        sub: 恢复邀评 13900000000
        > 139****0000 可以再邀评
        li: 不再邀评 13900000000
        > 由分中心、中心或督察来做
        """,
    )
    assert await count(services, opt_outs) == 0


async def test_a_citizen_says_so_for_themselves(chats: Chats, services: Services) -> None:
    await play(chats, "chen: 不再邀评\n> 以后不再请您评价了")
    assert await count(services, opt_outs) == 1
    await play(chats, "chen: 恢复邀评\n> 再请您说一句")
    assert await count(services, opt_outs) == 0
