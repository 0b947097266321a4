"""How much one visitor or address may do, counted in Redis; without Redis everything is allowed."""

from __future__ import annotations

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from actions.privacy.vault import Vault

log = structlog.get_logger()


class RedisGuard:
    """A `bot.channels.web.behind.Guard`. Addresses are kept as digests: they name people."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault

    async def spent(self, what: str, who: str, most: int) -> bool:
        """See `Guard.spent`."""
        try:
            counted = await self._redis.get(self._key(what, who))
        except RedisError:
            return False
        return int(counted or 0) >= most

    async def count(self, what: str, who: str, most: int, seconds: int) -> bool:
        """See `Guard.count`. The span begins with the first."""
        key = self._key(what, who)
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(key, 0, ex=seconds, nx=True)
                pipe.incr(key)
                _, counted = await pipe.execute()
        except RedisError as error:
            log.warning("nothing is counted", error=type(error).__name__)
            return True
        return int(counted) <= most

    def _key(self, what: str, who: str) -> str:
        return f"web:{what}:{self._vault.digest(f'web-guard:{who}').hex()[:32]}"
