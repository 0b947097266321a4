"""Calls of WeChat's and WeCom's interfaces: with the access token, checked for their errcode."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp

from bot.channels.base import TransportError
from bot.channels.errcodes import Decision, ErrcodeError
from bot.channels.pictures import name_and_type
from bot.channels.tokens import AccessToken
from bot.channels.wire import Wire


class Calls:
    """Calls under `base_url`/cgi-bin/. All raise TransportError; what `error` makes of an errcode
    and the call's name is raised for every errcode other than 0.
    """

    def __init__(
        self, base_url: str, token: AccessToken, error: Callable[[int, str], ErrcodeError]
    ) -> None:
        self.wire = Wire()
        self._base = base_url.rstrip("/")
        self._token = token
        self._error = error

    async def bare(self, call: str, method: str, **options: Any) -> dict[str, Any]:
        """A call without a token, as the one for a token is. `options` are aiohttp's."""
        _, content = await self.wire.fetch(call, method, self.address(call), **options)
        return self.checked(call, content)

    async def post(self, call: str, body: Mapping[str, Any]) -> dict[str, Any]:
        content = as_json(body)
        return await self.send(call, lambda: content)

    async def upload_picture(self, picture: bytes) -> str:
        """Uploads a picture for three days; returns its media id."""
        name, kind = name_and_type(picture)

        def form() -> aiohttp.FormData:  # built anew for every attempt: a form is sent only once
            data = aiohttp.FormData()
            data.add_field("media", picture, filename=name, content_type=kind)
            return data

        answer = await self.send("media/upload", form, slow=True, type="image")
        return text_of(answer, "media_id")

    async def send(
        self, call: str, body: Callable[[], Any], *, slow: bool = False, **query: str
    ) -> dict[str, Any]:
        """Posts what `body` makes, anew for each attempt; `slow` where that is large."""

        async def attempt(token: str) -> dict[str, Any]:
            return await self.bare(
                call, "POST", slow=slow, data=body(), params={"access_token": token, **query}
            )

        return await self.with_token(attempt)

    async def with_token[T](self, attempt: Callable[[str], Awaitable[T]]) -> T:
        """Runs the attempt, and once more with a renewed token if the first one was refused."""
        token = await self._token.get()
        try:
            return await attempt(token)
        except ErrcodeError as error:
            if error.decision is not Decision.RENEW:
                raise
        return await attempt(await self._token.get(refused=token))

    def checked(self, call: str, content: bytes) -> dict[str, Any]:
        """The JSON object in `content`, whose errcode is 0 or missing."""
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
            raise self._error(code, call)
        return answer

    def address(self, call: str) -> str:
        return f"{self._base}/cgi-bin/{call}"

    async def close(self) -> None:
        await self.wire.close()


def as_json(body: Mapping[str, Any]) -> bytes:
    """JSON with Chinese as it is: some clients show \\u escapes literally."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def text_of(answer: Mapping[str, Any], name: str) -> str:
    """The answer's field as a text that is not empty. Raises TransportError."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise TransportError(f"an answer without {name}")
    return value


def granted(call: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to the call for a token, if it has one and its seconds. Raises TransportError."""
    if not isinstance(answer.get("expires_in"), int):
        raise TransportError(f"{call}: an answer without expires_in")
    return {**answer, "access_token": text_of(answer, "access_token")}
