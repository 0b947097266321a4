"""「删除我的资料」: said what goes and what stays, done after a tap."""

from __future__ import annotations

from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.tables import audit_entries
from tests.dialogue.conftest import Chats


async def _done(services: Services) -> int:
    query = select(audit_entries.c.id).where(audit_entries.c.verb == "forgotten")
    async with services.engine.connect() as connection:
        return len((await connection.execute(query)).all())


async def test_a_citizen_is_asked_first_and_then_it_is_done(
    chats: Chats, services: Services
) -> None:
    chen = chats("chen")
    assert "确定吗" in "\n".join(await chen.says("删除我的资料"))
    assert await _done(services) == 0
    assert "删好了" in "\n".join(await chen.taps("删掉"))
    assert await _done(services) == 1


async def test_an_officer_is_refused(chats: Chats, services: Services) -> None:
    assert "民警身份" in "\n".join(await chats("li").says("删除我的资料"))
    assert await _done(services) == 0


async def test_no_more_invitations_by_a_word(chats: Chats) -> None:
    assert "不再请您评价" in "\n".join(await chats("chen").says("退订"))
