"""Acting on the phones from Python, through a running simulator's control API.

    async with Driver("http://127.0.0.1:8081") as driver:
        citizen = driver.wechat("陈女士")
        await citizen.scan("desk-12")
        await citizen.taps("不满意")
        heard = await citizen.hears("编号")
        officer = driver.telegram("李警官")
        await officer.hears(heard.text)
        await officer.taps("接单")

A verb returns when the gateway has answered the platform (or failed to). What comes later is
waited for with `hears`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp

from bot.simulator.group_chat import GroupChat
from bot.simulator.persons import (
    Citizen,
    Delivery,
    Handset,
    NotHeardError,
    Person,
    RefusedError,
    TelegramUser,
    WeComMember,
)
from bot.simulator.readable import readable
from bot.simulator.transcript import Entry

__all__ = [
    "Citizen",
    "Delivery",
    "Driver",
    "GroupChat",
    "Handset",
    "NotHeardError",
    "RefusedError",
    "TelegramUser",
    "WeComMember",
]


class Driver:
    """A connection to a running simulator. Use as an async context manager."""

    def __init__(self, base_url: str = "http://127.0.0.1:8081") -> None:
        self._base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._people: dict[tuple[str, str], Person] = {}

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=120)
        self._session = aiohttp.ClientSession(timeout=timeout)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session:
            await self._session.close()

    def wechat(self, name: str) -> Citizen:
        """The citizen of that name; the same object each time."""
        person = self._people.setdefault(("wechat", name), Citizen(self, name))
        assert isinstance(person, Citizen)
        return person

    def telegram(self, name: str) -> TelegramUser:
        person = self._people.setdefault(("telegram", name), TelegramUser(self, name))
        assert isinstance(person, TelegramUser)
        return person

    def wecom(self, name: str) -> WeComMember:
        """The member of that name, who acts like somebody on Telegram."""
        person = self._people.setdefault(("wecom", name), WeComMember(self, name))
        assert isinstance(person, WeComMember)
        return person

    def sms(self, name: str) -> Handset:
        """The phone of that name, for text messages."""
        person = self._people.setdefault(("sms", name), Handset(self, name))
        assert isinstance(person, Handset)
        return person

    async def group(self, title: str, members: Sequence[str] = ()) -> GroupChat:
        """The Telegram group of that title, made with the bot in it; `members` are added to it."""
        await self.post(f"/control/groups/{quote(title, safe='')}", {"members": list(members)})
        group = self._people.setdefault(("telegram", title), GroupChat(self, title))
        assert isinstance(group, GroupChat)
        return group

    async def ready(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Waits until the simulator answers. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while True:
                try:
                    await self.get("/control/health")
                    return
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.05)

    async def transcript(self) -> list[Entry]:
        """Everything on all phones, oldest first."""
        return [Entry.from_json(row) for row in await self.get("/control/transcript")]

    async def printed(self) -> str:
        """The same, to read."""
        return readable(await self.transcript())

    async def wire(self) -> list[dict[str, Any]]:
        """What went between the platforms and the gateway, oldest first."""
        return list(await self.get("/control/wire"))

    async def gives_cast(self, cast: dict[str, Any]) -> None:
        """The people and the wall of codes of the page."""
        await self.post("/control/cast", cast)

    async def breaks(self, path: str, **fault: Any) -> None:
        """Orders a fault: errcode=…, or status=…, delay=…, breaks=…, platform=…, times=…"""
        await self.post("/control/faults", {"path": path, **fault})

    async def mends(self, platform: str = "") -> None:
        """Takes back all faults not met yet, or those of one platform."""
        await self._request("DELETE", "/control/faults", params={"platform": platform})

    async def advances(self, seconds: float) -> None:
        """Moves the platforms' clock; the gateway keeps its own."""
        await self.post("/control/clock", {"advance": seconds})

    async def verifies(self, channel: str = "wechat") -> bool:
        """The URL check of the WeChat or the WeCom console."""
        return bool((await self.post("/control/verify", {"channel": channel}))["verified"])

    async def get(self, path: str, query: dict[str, Any] | None = None) -> Any:
        return await self._request("GET", path, params=query)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        return await self._request("POST", path, json=body)

    async def _request(self, method: str, path: str, **more: Any) -> Any:
        assert self._session, "use `async with Driver(…)`"
        async with self._session.request(method, self._base_url + path, **more) as response:
            if response.status >= 400:
                raise RefusedError(f"{path}: {response.status} {await response.text()}")
            return await response.json()
