"""Whose key a request shows, and whether that feed may ask now."""

from __future__ import annotations

from aiohttp import web
from redis.exceptions import RedisError

from actions.invitations.feeds import Feed, Feeds
from bot.web.intake.limits import WINDOW, Limits
from bot.web.intake.reading import Problem, problem


class Keys:
    def __init__(self, feeds: Feeds, limits: Limits) -> None:
        self._feeds = feeds
        self._limits = limits

    async def feed(self, request: web.Request) -> Feed:
        """The feed whose key it is, its request counted. Raises Problem."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        feed = None
        if scheme.lower() == "bearer" and key:
            feed = await self._feeds.by_key(key.strip())
        try:
            if feed is None:
                raise await self._wrong_key(request.remote or "")
            if not await self._limits.feed(feed.id):
                raise _too_many()
        except RedisError as error:  # without counting nobody is let in
            raise problem(
                503, "Not ready; send it again.", **{"Retry-After": str(WINDOW)}
            ) from error
        return feed

    async def _wrong_key(self, address: str) -> Problem:
        """Others behind the same address, with a right key, are not held up by wrong ones."""
        if not await self._limits.may_try(address):
            return _too_many()
        await self._limits.wrong_key(address)
        told = {"WWW-Authenticate": "Bearer"}
        return problem(401, "Send your feed's key as Authorization: Bearer KEY.", **told)


def _too_many() -> Problem:
    return problem(429, "Too many requests; wait a minute.", **{"Retry-After": str(WINDOW)})
