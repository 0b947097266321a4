"""The people that a driver acts for: what they can do, and what they have heard."""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.simulator.readable import readable_entry
from bot.simulator.transcript import Entry

if TYPE_CHECKING:
    from bot.simulator.driver import Driver

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


class NotHeardError(AssertionError):
    """What was waited for did not come; the message shows what came instead."""


class RefusedError(AssertionError):
    """The simulator could not do it, such as a tap on a choice that is nowhere."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the gateway answered one delivery of a callback.

    `outcome`: passive, success, empty, timeout, refused, status, garbage, forged, unencrypted.
    `text` is the passive reply's.
    """

    outcome: str
    status: int
    milliseconds: int
    text: str


class Person:
    """Somebody with a phone. Messages are heard once each."""

    channel = ""

    def __init__(self, driver: Driver, name: str) -> None:
        self._driver = driver
        self.name = name
        self._messages: dict[int, Entry] = {}
        self._heard: dict[int, str] = {}
        self._seen = 0

    async def says(self, text: str, *, deliveries: int = 1, wait: bool = True) -> list[Delivery]:
        """Writes words; `deliveries` > 1 delivers the same message that often at once."""
        return await self.does("say", text=text, deliveries=deliveries, wait=wait)

    async def taps(self, label: str, *, deliveries: int = 1, wait: bool = True) -> list[Delivery]:
        """Taps the choice of that name in the newest message that has it."""
        return await self.does("tap", label=label, deliveries=deliveries, wait=wait)

    async def sends_photo(
        self, data: bytes = PICTURE, content_type: str = "image/png", **more: Any
    ) -> list[Delivery]:
        return await self.does("photo", data=_coded(data), content_type=content_type, **more)

    async def sends_location(
        self, latitude: float, longitude: float, label: str = "", **more: Any
    ) -> list[Delivery]:
        return await self.does(
            "location", latitude=latitude, longitude=longitude, label=label, **more
        )

    async def does(self, verb: str, **body: Any) -> list[Delivery]:
        """Any verb of the control API."""
        path = f"/control/{self.channel}/{quote(self.name, safe='')}/{verb}"
        answer = await self._driver.post(path, body)
        return [Delivery(**row) for row in answer.get("answers", [])]

    async def identity(self) -> str:
        """The person's id on the platform (openid, chat id)."""
        path = f"/control/{self.channel}/{quote(self.name, safe='')}"
        return str((await self._driver.get(path))["id"])

    async def hears(self, *words: str, timeout: float = 5.0) -> Entry:  # noqa: ASYNC109
        """The next message not yet heard that contains all `words`. NotHeardError after `timeout`
        seconds. Messages passed over stay unheard; a message reworded since counts as new."""
        deadline = time.monotonic() + timeout
        while True:
            for entry in await self.unheard():
                if all(word in _whole(entry) for word in words):
                    self._heard[entry.seq] = entry.text
                    return entry
            rest = deadline - time.monotonic()
            if rest <= 0:
                raise NotHeardError(self._complaint(words, timeout))
            await self._listen(wait=rest)

    async def unheard(self) -> list[Entry]:
        """Messages to this person that no `hears` has returned yet, oldest first."""
        await self._listen()
        return [
            entry
            for entry in self._messages.values()
            if entry.direction != "sent"
            and entry.state != "deleted"
            and self._heard.get(entry.seq) != entry.text
        ]

    async def forgets(self) -> None:
        """Takes all that has come so far as heard."""
        for entry in await self.unheard():
            self._heard[entry.seq] = entry.text

    async def transcript(self) -> list[Entry]:
        """All that this person sent and got, oldest first."""
        await self._listen()
        return list(self._messages.values())

    async def _listen(self, wait: float | None = None) -> None:
        query: dict[str, Any] = {"channel": self.channel, "person": self.name, "after": self._seen}
        for row in await self._driver.get(
            "/control/transcript", query | ({} if wait is None else {"wait": wait})
        ):
            entry = Entry.from_json(row)
            self._messages[entry.seq] = entry
            self._seen = max(self._seen, entry.version)

    def _complaint(self, words: Sequence[str], seconds: float) -> str:
        last = "\n".join(readable_entry(e) for e in list(self._messages.values())[-6:])
        return f"{self.name} did not hear {'、'.join(words)} within {seconds:g} s. Last:\n{last}"


class Citizen(Person):
    """A person with WeChat."""

    channel = "wechat"

    async def scan(self, scene: str, *, deliveries: int = 1, wait: bool = True) -> list[Delivery]:
        """Scans the code that leads to `scene`; the first scan follows the account."""
        return await self.does("scan", scene=scene, deliveries=deliveries, wait=wait)

    async def follows(self, event_key: str = "") -> list[Delivery]:
        return await self.does("follow", event_key=event_key)

    async def unfollows(self) -> list[Delivery]:
        return await self.does("unfollow")

    async def clicks(self, key: str) -> list[Delivery]:
        """An entry of the fixed menu, by its key."""
        return await self.does("click", key=key)

    async def speaks(self, recognition: str | None, data: bytes = b"#!AMR\n") -> list[Delivery]:
        """A voice message; `recognition` None leaves the field out, "" leaves it empty."""
        return await self.does("voice", data=_coded(data), recognition=recognition)

    async def sends_video(self, data: bytes = b"\0") -> list[Delivery]:
        return await self.does("video", data=_coded(data))

    async def accepts_notice(self, template_id: str, count: int = 1) -> None:
        await self.does("accept_notice", template_id=template_id, count=count)


class Officer(Person):
    """A person who works in a chat with the bot."""

    async def types(self, text: str, *, deliveries: int = 1, wait: bool = True) -> None:
        await self.says(text, deliveries=deliveries, wait=wait)

    async def presses(self, label: str, *, deliveries: int = 1, wait: bool = True) -> None:
        await self.taps(label, deliveries=deliveries, wait=wait)


class TelegramUser(Officer):
    """A person with Telegram."""

    channel = "telegram"

    async def starts(self, payload: str = "") -> None:
        await self.does("start", payload=payload)

    async def sends_document(self, data: bytes, name: str) -> None:
        await self.does("document", data=_coded(data), name=name)

    async def blocks(self) -> None:
        await self.does("block")

    async def unblocks(self) -> None:
        await self.does("unblock")


class WeComMember(Officer):
    """A person of the company. Acts like a TelegramUser, except that members cannot send files."""

    channel = "wecom"

    async def starts(self, payload: str = "") -> None:
        """Comes into the company; types the code of an invitation, if there is one."""
        await self.joins()
        if payload:
            await self.types(f"/bind {payload}")

    async def joins(self) -> None:
        await self.does("join")

    async def leaves(self, *, told_by_company: bool = False) -> None:
        """Leaves; the platform tells it as the member's event, or as the address book's."""
        await self.does("leave", company=told_by_company)

    async def blocks(self) -> None:
        await self.leaves()

    async def unblocks(self) -> None:
        await self.joins()

    async def sends_voice(self, data: bytes = b"#!AMR\n") -> None:
        await self.does("voice", data=_coded(data))

    async def dropped(self) -> int:
        """How many messages to this member the platform has dropped without telling."""
        path = f"/control/{self.channel}/{quote(self.name, safe='')}"
        return int((await self._driver.get(path))["dropped"])


class Handset(Person):
    """A phone with text messages; what is offered is written back as a digit."""

    channel = "sms"

    async def has_number(self, number: str) -> None:
        """Gives the phone an E.164 number."""
        await self.does("number", number=number.lstrip("+"))

    async def switches_off(self) -> None:
        await self.does("switch", on=False)

    async def switches_on(self) -> None:
        await self.does("switch", on=True)


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _whole(entry: Entry) -> str:
    labels = " ".join(choice.label for choice in entry.choices)
    return f"{entry.text}\n{labels}\n{entry.tail}"
