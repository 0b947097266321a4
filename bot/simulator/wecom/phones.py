"""What a member does on the phone, turned into callbacks as the platform writes them."""

from __future__ import annotations

import secrets
from typing import Any

from bot.simulator.posted import Answer
from bot.simulator.transcript import Choice, Entry
from bot.simulator.wecom.callbacks import Callbacks
from bot.simulator.wecom.corp import CHANNEL, Corp, Member


class Phones:
    """Every method does one thing on the phone of `name` and returns the gateway's answers.

    `deliveries` posts the same callback that often (see Callbacks.deliver).
    """

    def __init__(self, corp: Corp, callbacks: Callbacks) -> None:
        self._corp = corp
        self._callbacks = callbacks

    async def say(self, name: str, text: str, deliveries: int = 1) -> list[Answer]:
        return await self._message(name, "text", {"Content": text}, deliveries, text=text)

    async def send_photo(
        self, name: str, data: bytes, content_type: str, deliveries: int = 1
    ) -> list[Answer]:
        item = self._corp.shelf.put(data, content_type, "photo.jpg")
        fields = {"PicUrl": f"/control/media/{item.key}", "MediaId": item.key}
        return await self._message(name, "image", fields, deliveries, kind="image", media=item.key)

    async def send_voice(self, name: str, data: bytes) -> list[Answer]:
        item = self._corp.shelf.put(data, "audio/amr", "voice.amr")
        fields = {"MediaId": item.key, "Format": "amr"}
        return await self._message(name, "voice", fields, kind="voice", media=item.key)

    async def send_video(self, name: str, data: bytes) -> list[Answer]:
        item = self._corp.shelf.put(data, "video/mp4", "video.mp4")
        fields = {"MediaId": item.key, "ThumbMediaId": item.key}
        return await self._message(name, "video", fields, kind="video", media=item.key)

    async def send_location(
        self, name: str, latitude: float, longitude: float, label: str
    ) -> list[Answer]:
        place = {"Location_X": latitude, "Location_Y": longitude, "Scale": 16, "Label": label}
        fields = {**place, "AppType": "wxwork"}
        return await self._message(name, "location", fields, kind="location", text=label)

    async def send_link(self, name: str, title: str, description: str, url: str) -> list[Answer]:
        fields = {"Title": title, "Description": description, "Url": url, "PicUrl": ""}
        return await self._message(name, "link", fields, kind="link", text=title)

    async def press(
        self, name: str, entry: Entry, choice: Choice, deliveries: int = 1
    ) -> list[Answer]:
        """A card's button. The event brings a new code that may change the card."""
        card = self._corp.cards.on(entry.message_id, name)
        fields = {
            "EventKey": choice.key,
            "TaskId": card.task_id,
            "CardType": "button_interaction",
            "ResponseCode": self._corp.cards.give_code(card),
            "SelectedItems": "",
        }
        note = self._note(name, choice.label, kind="press")
        return await self._event(name, "template_card_event", fields, deliveries, note)

    async def join(self, name: str) -> list[Answer]:
        """Comes (back) into the company and may use the app."""
        self._corp.person(name).employed = True
        return await self._event(name, "subscribe", {}, 1, self._note(name, "", kind="join"))

    async def leave(self, name: str) -> list[Answer]:
        """Leaves the company, or may not use the app any more: it cannot write to them."""
        self._corp.person(name).employed = False
        return await self._event(name, "unsubscribe", {}, 1, self._note(name, "", kind="leave"))

    async def leave_company(self, name: str) -> list[Answer]:
        """Leaves; the address book tells it in the company's name, not in the member's."""
        member = self._corp.person(name)
        member.employed = False
        fields = {"ChangeType": "delete_user", "UserID": member.userid}
        note = self._note(name, "", kind="leave")
        return await self._event(name, "change_contact", fields, 1, note, sender=Member("sys", ""))

    async def send_event(self, name: str, event: str, fields: dict[str, Any]) -> list[Answer]:
        """Any other event (enter_agent, LOCATION, click, …)."""
        return await self._event(name, event, fields)

    def _note(self, name: str, text: str, **fields: Any) -> Entry:
        self._corp.person(name)
        fields |= {"text": text, "state": "sending"}
        return self._corp.transcript.add(CHANNEL, name, "sent", **fields)

    async def _message(
        self, name: str, msg_type: str, fields: dict[str, Any], deliveries: int = 1, **shown: Any
    ) -> list[Answer]:
        member = self._corp.person(name)
        message_id = str(secrets.randbits(62) | 1 << 61)
        entry = self._corp.transcript.add(
            CHANNEL, name, "sent", state="sending", message_id=message_id, **shown
        )
        content = {"MsgType": msg_type, **fields, "MsgId": int(message_id)}
        answers = await self._callbacks.deliver(member, content, deliveries=deliveries)
        self._settle(entry, answers)
        return answers

    async def _event(
        self,
        name: str,
        event: str,
        fields: dict[str, Any],
        deliveries: int = 1,
        note: Entry | None = None,
        sender: Member | None = None,
    ) -> list[Answer]:
        content = {"MsgType": "event", "Event": event, **fields}
        answers = await self._callbacks.deliver(
            sender or self._corp.person(name), content, deliveries=deliveries
        )
        if note:
            self._settle(note, answers)
        return answers

    def _settle(self, entry: Entry, answers: list[Answer]) -> None:
        reached = any(answer.status == 200 for answer in answers)
        self._corp.transcript.change(entry, state="delivered" if reached else "failed")
