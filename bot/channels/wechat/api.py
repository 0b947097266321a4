"""The platform's HTTP interface: the calls we make, each one checked for its `errcode`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from bot.channels.base import ATTACHMENT_LIMIT, TransportError
from bot.channels.calls import Calls, as_json, granted, text_of
from bot.channels.tokens import AccessToken, TokenStore
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.errors import WeChatError
from bot.message import Choice

_TEXTS = ("application/json", "text/plain")
_PLATFORM_HOSTS = ".qq.com"  # where the address of a video may lie


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: `ticket` makes its picture, `url` is what the picture says."""

    ticket: str
    url: str
    seconds: int | None


class WeChatApi:
    """Calls on behalf of one account. They raise TransportError (WeChatError for an errcode)."""

    def __init__(
        self, config: WeChatConfig, store: TokenStore, clock: Callable[[], float] = time.time
    ) -> None:
        self._config = config
        self._clock = clock
        token = AccessToken(f"wechat:token:{config.app_id}", store, self._stable_token)
        self._calls = Calls(config.base_url, token, self._error)

    async def send_text(self, openid: str, text: str) -> None:
        await self._custom(openid, "text", {"content": text})

    async def send_menu(self, openid: str, text: str, choices: tuple[Choice, ...]) -> None:
        entries = [{"id": choice.token, "content": choice.label} for choice in choices]
        await self._custom(
            openid, "msgmenu", {"head_content": text, "list": entries, "tail_content": ""}
        )

    async def send_image(self, openid: str, media_id: str) -> None:
        await self._custom(openid, "image", {"media_id": media_id})

    async def send_template(
        self,
        openid: str,
        template_id: str,
        fields: Mapping[str, str],
        url: str = "",
        key: str = "",
    ) -> str:
        """Sends a template message; returns the id under which its fate will be reported. The
        platform sends one of the same `key` to the same person once within ten minutes.
        """
        return await self._notice(
            "message/template/send", openid, template_id, fields, url=url, client_msg_id=key
        )

    async def send_notice(
        self, openid: str, template_id: str, fields: Mapping[str, str], page: str = ""
    ) -> str:
        """Sends a subscription notice; returns its id, if the platform gives one."""
        return await self._notice(
            "message/subscribe/bizsend", openid, template_id, fields, page=page
        )

    async def create_code(self, scene: str, seconds: int | None = None) -> Code:
        """A code that scans as `scene`, for `seconds` (30 days at most) or for ever.

        There are 100,000 codes for ever, and none can be taken back. Raises ValueError for a scene
        that is not 1 to 64 characters long.
        """
        if not 1 <= len(scene) <= 64:
            raise ValueError("a scene has 1 to 64 characters")
        body: dict[str, Any] = {"action_info": {"scene": {"scene_str": scene}}}
        if seconds is None:
            body["action_name"] = "QR_LIMIT_STR_SCENE"
        else:
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": min(seconds, 2_592_000)}
        answer = await self._calls.post("qrcode/create", body)
        return Code(text_of(answer, "ticket"), answer.get("url", ""), answer.get("expire_seconds"))

    def picture_of(self, ticket: str) -> str:
        """The public address of a code's picture."""
        base = self._config.picture_url.rstrip("/")
        return f"{base}/cgi-bin/showqrcode?ticket={quote(ticket, safe='')}"

    async def upload_image(self, png: bytes) -> str:
        """Uploads a picture for three days; returns its media id."""
        return await self._calls.upload_picture(png)

    async def download(self, media_id: str) -> tuple[str, bytes]:
        """Content type and bytes, ATTACHMENT_LIMIT at most. A video comes from the address it names."""

        async def attempt(token: str) -> tuple[str, bytes]:
            query = {"access_token": token, "media_id": media_id}
            address = self._calls.address("media/get")
            content_type, content = await self._calls.wire.fetch(
                "media/get", "GET", address, params=query, limit=ATTACHMENT_LIMIT
            )
            if content_type in _TEXTS:
                return await self._video(self._calls.checked("media/get", content))
            return content_type, content

        return await self._calls.with_token(attempt)

    async def close(self) -> None:
        await self._calls.close()

    async def _custom(self, openid: str, kind: str, content: dict[str, Any]) -> None:
        await self._calls.post(
            "message/custom/send", {"touser": openid, "msgtype": kind, kind: content}
        )

    async def _notice(
        self, call: str, openid: str, template_id: str, fields: Mapping[str, str], **more: str
    ) -> str:
        data = {name: {"value": value} for name, value in fields.items()}
        links = {name: value for name, value in more.items() if value}
        body = {"touser": openid, "template_id": template_id, "data": data, **links}
        return str((await self._calls.post(call, body)).get("msgid", ""))

    async def _stable_token(self, force: bool) -> dict[str, Any]:
        body = {
            "grant_type": "client_credential",
            "appid": self._config.app_id,
            "secret": self._config.app_secret,
            "force_refresh": force,
        }
        try:
            answer = await self._calls.bare("stable_token", "POST", data=as_json(body))
        except WeChatError as error:
            if error.errcode == 40001:  # here, and only here, it means the secret
                raise self._error(40125, "stable_token") from None
            raise
        return granted("stable_token", answer)

    async def _video(self, answer: dict[str, Any]) -> tuple[str, bytes]:
        url = text_of(answer, "video_url")
        host, own = urlsplit(url).hostname or "", urlsplit(self._config.base_url).hostname
        if host != own and not host.endswith(_PLATFORM_HOSTS):
            raise TransportError("media/get: the video lies on a foreign host", permanent=True)
        return await self._calls.wire.fetch("video", "GET", url, limit=ATTACHMENT_LIMIT)

    def _error(self, errcode: int, call: str) -> WeChatError:
        return WeChatError(errcode, call, self._clock())
