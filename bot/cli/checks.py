"""`./huiyin check`: one sentence per thing that is wrong."""

from __future__ import annotations

import asyncio

from cryptography.fernet import InvalidToken
from redis.exceptions import RedisError
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from actions.store.migrate import MIGRATIONS
from actions.store.tables import identities, officers
from bot.app import Bot

_CITIZENS_ONLY = frozenset({"console", "web", "sms"})  # no officer hears of anything there
WRONG_KEYS = "DATA_KEYS holds no key that opens the data in this database; add the key it had."


async def check(bot: Bot) -> list[str]:
    """Problems, each a sentence that says what to do; empty when all is well."""
    found = await asyncio.gather(
        _database(bot), _data_keys(bot), _redis(bot), _rasa(bot), _actions(bot)
    )
    problems = [problem for problem in found if problem]
    if not bot.channels.keys() - _CITIZENS_ONLY:
        problems.append(
            "No platform is connected; set WECHAT_APP_ID, WECOM_CORP_ID or TELEGRAM_TOKEN."
        )
    await bot.close()
    return problems


async def _database(bot: Bot) -> str:
    from alembic.script import ScriptDirectory

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


async def _data_keys(bot: Bot) -> str:
    """Whether the keys open what is there: the newest identity and any officer's name."""
    newest = select(identities.c.sender_sealed).order_by(identities.c.created_at.desc()).limit(1)
    try:
        async with bot.services.engine.connect() as connection:
            for query in (newest, select(officers.c.name_sealed).limit(1)):
                sealed = (await connection.execute(query)).scalar_one_or_none()
                if sealed is not None:
                    bot.services.vault.open(sealed)
    except SQLAlchemyError:
        return ""  # said by _database
    except InvalidToken:
        return WRONG_KEYS
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
