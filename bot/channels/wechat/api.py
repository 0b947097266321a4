"""The platform's HTTP interface: the calls we make, each one checked for its `errcode`."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.channels.base import TransportError
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.errors import Decision, WeChatError
from bot.channels.wechat.tokens import AccessToken, TokenStore
from bot.channels.wechat.wire import Wire
from bot.message import Choice

MEDIA_LIMIT = 20 * 1024 * 1024
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
        self._wire = Wire()
        self._token = AccessToken(config.app_id, store, self._stable_token)

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
        self, openid: str, template_id: str, fields: Mapping[str, str], url: str = ""
    ) -> str:
        """Sends a template message; returns the id under which its fate will be reported."""
        return await self._notice("message/template/send", openid, template_id, fields, url=url)

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
        answer = await self._post("qrcode/create", body)
        return Code(_text(answer, "ticket"), answer.get("url", ""), answer.get("expire_seconds"))

    def picture_of(self, ticket: str) -> str:
        """The public address of a code's picture."""
        base = self._config.picture_url.rstrip("/")
        return f"{base}/cgi-bin/showqrcode?ticket={quote(ticket, safe='')}"

    async def upload_image(self, png: bytes) -> str:
        """Uploads a picture for three days; returns its media id."""

        def form() -> aiohttp.FormData:  # built anew for every attempt: a form is sent only once
            data = aiohttp.FormData()
            data.add_field("media", png, filename="picture.png", content_type="image/png")
            return data

        return _text(await self._call("media/upload", form, {"type": "image"}), "media_id")

    async def download(self, media_id: str) -> tuple[str, bytes]:
        """Content type and bytes, MEDIA_LIMIT at most. A video comes from the address it names."""

        async def attempt(token: str) -> tuple[str, bytes]:
            query = {"access_token": token, "media_id": media_id}
            content_type, content = await self._wire.fetch(
                "media/get", "GET", self._address("media/get"), params=query, limit=MEDIA_LIMIT
            )
            if content_type in _TEXTS:
                return await self._video(self._checked("media/get", content))
            return content_type, content

        return await self._with_token(attempt)

    async def close(self) -> None:
        await self._wire.close()

    async def _custom(self, openid: str, kind: str, content: dict[str, Any]) -> None:
        await self._post("message/custom/send", {"touser": openid, "msgtype": kind, kind: content})

    async def _notice(
        self, call: str, openid: str, template_id: str, fields: Mapping[str, str], **link: str
    ) -> str:
        data = {name: {"value": value} for name, value in fields.items()}
        links = {name: value for name, value in link.items() if value}
        body = {"touser": openid, "template_id": template_id, "data": data, **links}
        return str((await self._post(call, body)).get("msgid", ""))

    async def _post(self, call: str, body: dict[str, Any]) -> dict[str, Any]:
        content = _json(body)
        return await self._call(call, lambda: content, {})

    async def _call(
        self, call: str, body: Callable[[], Any], query: dict[str, str]
    ) -> dict[str, Any]:
        async def attempt(token: str) -> dict[str, Any]:
            full = {"access_token": token, **query}
            _, content = await self._wire.fetch(
                call, "POST", self._address(call), data=body(), params=full
            )
            return self._checked(call, content)

        return await self._with_token(attempt)

    async def _with_token[T](self, attempt: Callable[[str], Awaitable[T]]) -> T:
        """Runs the attempt, and once more with a renewed token if the first one was refused."""
        token = await self._token.get()
        try:
            return await attempt(token)
        except WeChatError as error:
            if error.decision is not Decision.RENEW:
                raise
        return await attempt(await self._token.get(refused=token))

    async def _stable_token(self, force: bool) -> dict[str, Any]:
        body = {
            "grant_type": "client_credential",
            "appid": self._config.app_id,
            "secret": self._config.app_secret,
            "force_refresh": force,
        }
        address = self._address("stable_token")
        _, content = await self._wire.fetch("stable_token", "POST", address, data=_json(body))
        try:
            answer = self._checked("stable_token", content)
        except WeChatError as error:
            if error.errcode == 40001:  # here, and only here, it means the secret
                raise WeChatError(40125, "stable_token", self._clock()) from None
            raise
        if not isinstance(answer.get("expires_in"), int):
            raise TransportError("stable_token: an answer without expires_in")
        return {**answer, "access_token": _text(answer, "access_token")}

    async def _video(self, answer: dict[str, Any]) -> tuple[str, bytes]:
        url = _text(answer, "video_url")
        host, own = urlsplit(url).hostname or "", urlsplit(self._config.base_url).hostname
        if host != own and not host.endswith(_PLATFORM_HOSTS):
            raise TransportError("media/get: the video lies on a foreign host", permanent=True)
        return await self._wire.fetch("video", "GET", url, limit=MEDIA_LIMIT)

    def _checked(self, call: str, content: bytes) -> dict[str, Any]:
        """The JSON object in `content`. Raises WeChatError for an errcode other than 0."""
        try:
            answer = json.loads(content)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TransportError(f"{call}: the answer is not a JSON object")
        code = answer.get("errcode", 0)
        if not isinstance(code, int):
            raise TransportError(f"{call}: the errcode is not a number")
        if code != 0:
            raise WeChatError(code, call, self._clock())
        return answer

    def _address(self, call: str) -> str:
        return f"{self._config.base_url.rstrip('/')}/cgi-bin/{call}"


def _json(body: Mapping[str, Any]) -> bytes:
    """JSON with Chinese as it is: some clients show \\u escapes literally."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise TransportError(f"an answer without {name}")
    return value
