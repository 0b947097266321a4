"""The platform's HTTP interface: the calls we make, each one checked for its `errcode`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.base import ATTACHMENT_LIMIT, TransportError
from bot.channels.calls import Calls, granted
from bot.channels.errcodes import HOUR
from bot.channels.tokens import AccessToken, TokenStore
from bot.channels.wecom.config import WeComConfig
from bot.channels.wecom.errors import TOKEN_CALL, WeComError

REPEAT = 4 * 3600  # seconds; the longest that the platform allows


class WeComApi:
    """Calls on behalf of one app. They raise TransportError (WeComError for an errcode)."""

    def __init__(
        self, config: WeComConfig, store: TokenStore, clock: Callable[[], float] = time.time
    ) -> None:
        self._config = config
        self._clock = clock
        key = f"wecom:token:{config.corp_id}:{config.agent_id}"
        self._calls = Calls(config.base_url, AccessToken(key, store, self._get_token), self._error)

    async def send_text(self, userid: str, text: str) -> str:
        """Returns the message's id."""
        return _id(await self._send(userid, "text", {"content": text}))

    async def send_image(self, userid: str, media_id: str) -> str:
        """Returns the message's id."""
        return _id(await self._send(userid, "image", {"media_id": media_id}))

    async def send_card(self, userid: str, card: Mapping[str, Any]) -> str:
        """Returns the code that may change the card, once, within 72 hours; "" where the platform
        had it before: sent again within REPEAT seconds, the same card does not come a second time.
        """
        check = {"enable_duplicate_check": 1, "duplicate_check_interval": REPEAT}
        answer = await self._send(userid, "template_card", card, **check)
        return str(answer.get("response_code") or "")

    async def update_card(self, userid: str, code: str, card: Mapping[str, Any]) -> None:
        """Replaces a card on one member's phone; a code that was used or is too old is refused.

        That the card is not on that phone does not say that the member is gone.
        """
        body = {"userids": [userid], "agentid": self._config.agent_id, "response_code": code}
        call = "message/update_template_card"
        answer = await self._calls.post(call, {**body, "template_card": card})
        if userid.lower() in _listed(answer, "invaliduser"):
            raise TransportError(f"{call}: not on this phone", permanent=True, code="invaliduser")

    async def upload_image(self, png: bytes) -> str:
        """Uploads a picture for three days; returns its media id."""
        return await self._calls.upload_picture(png)

    async def download(self, media_id: str) -> tuple[str, bytes]:
        """Content type and bytes, ATTACHMENT_LIMIT at most."""

        async def attempt(token: str) -> tuple[str, bytes]:
            query = {"access_token": token, "media_id": media_id}
            address = self._calls.address("media/get")
            content_type, content = await self._calls.wire.fetch(
                "media/get", "GET", address, params=query, limit=ATTACHMENT_LIMIT
            )
            if content_type == "application/json":  # never a medium: members cannot send files
                self._calls.checked("media/get", content)
                raise TransportError("media/get: an answer without a medium")
            return content_type, content

        return await self._calls.with_token(attempt)

    async def close(self) -> None:
        await self._calls.close()

    async def _send(
        self, userid: str, kind: str, content: Mapping[str, Any], **options: int
    ) -> dict[str, Any]:
        body = {"touser": userid, "msgtype": kind, "agentid": self._config.agent_id, kind: content}
        body |= options
        answer = await self._calls.post("message/send", body)
        _expect_reached("message/send", userid, answer)
        return answer

    async def _get_token(self, _: bool) -> dict[str, Any]:
        """The app's token; the platform gives the same one until it ends and knows no force."""
        query = {"corpid": self._config.corp_id, "corpsecret": self._config.secret}
        return granted(TOKEN_CALL, await self._calls.bare(TOKEN_CALL, "GET", params=query))

    def _error(self, errcode: int, call: str) -> WeComError:
        return WeComError(errcode, call, self._clock())


def _expect_reached(call: str, userid: str, answer: Mapping[str, Any]) -> None:
    """An errcode of 0 does not say that the member got it: those it did not reach are listed."""
    if userid.lower() in _listed(answer, "invaliduser"):
        raise TransportError(f"{call}: the member is out of reach", gone=True, code="invaliduser")
    if userid.lower() in _listed(answer, "unlicenseduser"):
        words = f"{call}: the member has no interface licence"
        raise TransportError(words, code="unlicenseduser", retry_after=HOUR)


def _listed(answer: Mapping[str, Any], name: str) -> list[str]:
    """Members' ids in lower case, however this call lists them: `a|b` or a list."""
    value = answer.get(name) or ()
    names = value.split("|") if isinstance(value, str) else value
    return [str(name).lower() for name in names]


def _id(answer: Mapping[str, Any]) -> str:
    return str(answer.get("msgid", ""))
