"""`./huiyin check`: one sentence per thing that is wrong."""

from __future__ import annotations

from bot.app import Bot
from bot.watch import gateway_readiness

_CITIZENS_ONLY = frozenset({"console", "web", "sms"})  # no officer hears of anything there


async def check(bot: Bot) -> list[str]:
    """Problems, each a sentence that says what to do; empty when all is well."""
    found = await gateway_readiness(bot).look()
    problems = [*found.missing, *found.limited]
    if not bot.channels.keys() - _CITIZENS_ONLY:
        problems.append(
            "No platform is connected; set WECHAT_APP_ID, WECOM_CORP_ID or TELEGRAM_TOKEN."
        )
    await bot.close()
    return problems
