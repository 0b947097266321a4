"""`./huiyin check`: one sentence per thing that is wrong."""

from __future__ import annotations

import asyncio

from alembic.script import ScriptDirectory
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from actions.store.migrate import MIGRATIONS
from bot.app import Bot


async def check(bot: Bot) -> list[str]:
    """Problems, each a sentence that says what to do; empty when all is well."""
    found = await asyncio.gather(_database(bot), _redis(bot), _rasa(bot), _actions(bot))
    problems = [problem for problem in found if problem]
    if not bot.channels:
        problems.append("No platform is connected; set WECHAT_APP_ID or TELEGRAM_TOKEN.")
    await bot.close()
    return problems


async def _database(bot: Bot) -> str:
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    try:
        async with bot.services.engine.connect() as connection:
            known = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
            query = text("SELECT version_num FROM alembic_version")
            version = await connection.scalar(query) if known else None
    except SQLAlchemyError:
        return "The database cannot be reached; check DATABASE_URL."
    if version != head:
        return "The database's schema is not this version's; run ./huiyin migrate."
    return ""


async def _redis(bot: Bot) -> str:
    try:
        await bot.services.redis.ping()
    except RedisError:
        return "Redis cannot be reached; check REDIS_URL."
    return ""


async def _rasa(bot: Bot) -> str:
    if await bot.nlu.healthy():
        return ""
    return f"Rasa does not answer at {bot.settings.nlu_url}; run ./huiyin nlu or check NLU_URL."


async def _actions(bot: Bot) -> str:
    if await bot.health.actions():
        return ""
    url = bot.settings.actions_url
    return f"The action server does not answer at {url}; run ./huiyin actions or check ACTIONS_URL."
