"""Platforms' access tokens in Redis, sealed, so that all processes share one."""

from __future__ import annotations

from cryptography.fernet import InvalidToken
from redis.asyncio import Redis

from actions.privacy.vault import Vault


class RedisTokens:
    """A `bot.channels.tokens.TokenStore`."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault

    async def get(self, key: str) -> str | None:
        sealed = await self._redis.get(key)
        try:
            return self._vault.open(str(sealed).encode()) if sealed else None
        except InvalidToken:  # sealed with a key that is gone: fetch a new one
            return None

    async def set(self, key: str, value: str, seconds: int) -> None:
        await self._redis.set(key, self._vault.seal(value), ex=max(1, seconds))
