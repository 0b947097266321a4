"""The official account's own QR code for a place, for those who scanned inside WeChat."""

from __future__ import annotations

import structlog

from bot.channels.base import TransportError
from bot.channels.tokens import TokenStore
from bot.channels.wechat import WeChatChannel

LIFE = 29 * 24 * 3600  # seconds; the platform keeps a temporary code for thirty days

log = structlog.get_logger()


class NoAccount:
    """A `bot.channels.web.behind.Account` where no official account is connected."""

    async def code_url(self, scene: str) -> str | None:
        return None


class WeChatAccount:
    """A `bot.channels.web.behind.Account`: temporary codes, which cost nothing that is counted."""

    def __init__(self, channel: WeChatChannel, kept: TokenStore) -> None:
        self._channel = channel
        self._kept = kept

    async def code_url(self, scene: str) -> str | None:
        """See `Account.code_url`."""
        key = f"wechat:page-code:{scene}"
        url = await self._kept.get(key)
        if url is None:
            try:
                url = (await self._channel.api.create_code(scene, LIFE)).url
            except TransportError as error:  # then the chat opens here, which does as well
                log.warning("no code of the account", code=error.code, reason=error.message)
                return None
            await self._kept.set(key, url, LIFE - 3600)
        return url or None
