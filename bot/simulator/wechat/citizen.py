"""What a person does on the phone, turned into callbacks as the platform writes them."""

from __future__ import annotations

import secrets
from typing import Any
from xml.sax.saxutils import escape

from bot.simulator.transcript import Choice, Entry
from bot.simulator.wechat.account import CHANNEL, Account, Follower
from bot.simulator.wechat.callbacks import Answer, Callbacks
from bot.simulator.wechat.windows import Trigger


class Citizens:
    """Every method does one thing on the phone of `name` and returns the gateway's answers.

    `deliveries` posts the same callback that often (see Callbacks.deliver).
    """

    def __init__(self, account: Account, callbacks: Callbacks) -> None:
        self._account = account
        self._callbacks = callbacks

    async def say(self, name: str, text: str, deliveries: int = 1) -> list[Answer]:
        return await self._message(name, "text", {"Content": text}, deliveries, text=text)

    async def tap(
        self, name: str, entry: Entry, choice: Choice, deliveries: int = 1
    ) -> list[Answer]:
        """A menu item or menu link: comes as text with `bizmsgmenuid`, opens the short window."""
        fields = {"Content": choice.label, "bizmsgmenuid": choice.key}
        return await self._message(
            name, "text", fields, deliveries, trigger=Trigger.TOUCH, text=choice.label, kind="tap"
        )

    async def send_photo(
        self, name: str, data: bytes, content_type: str, deliveries: int = 1
    ) -> list[Answer]:
        item = self._account.shelf.put(data, content_type, "photo.jpg")
        fields = {"PicUrl": self._account.media_url(item.key), "MediaId": item.key}
        return await self._message(name, "image", fields, deliveries, kind="image", media=item.key)

    async def send_voice(
        self, name: str, data: bytes, recognition: str | None, deliveries: int = 1
    ) -> list[Answer]:
        """`recognition`: words, "" for the empty field the platform now often sends, None for no
        field at all."""
        item = self._account.shelf.put(data, "audio/amr", "voice.amr")
        fields = {"MediaId": item.key, "Format": "amr", "MediaId16K": item.key}
        if recognition is not None:
            fields["Recognition"] = recognition
        return await self._message(
            name,
            "voice",
            fields,
            deliveries,
            kind="voice",
            media=item.key,
            text=recognition or "",
        )

    async def send_video(self, name: str, data: bytes, deliveries: int = 1) -> list[Answer]:
        item = self._account.shelf.put(data, "video/mp4", "video.mp4")
        fields = {"MediaId": item.key, "ThumbMediaId": item.key}
        return await self._message(name, "video", fields, deliveries, kind="video", media=item.key)

    async def send_location(
        self, name: str, latitude: float, longitude: float, label: str, deliveries: int = 1
    ) -> list[Answer]:
        fields = {"Location_X": latitude, "Location_Y": longitude, "Scale": 16, "Label": label}
        return await self._message(
            name, "location", fields, deliveries, kind="location", text=label
        )

    async def send_link(
        self, name: str, title: str, description: str, url: str, deliveries: int = 1
    ) -> list[Answer]:
        fields = {"Title": title, "Description": description, "Url": url}
        return await self._message(name, "link", fields, deliveries, kind="link", text=title)

    async def send_raw(
        self, name: str, msg_type: str, fields: dict[str, Any], deliveries: int = 1
    ) -> list[Answer]:
        """Any other message, such as the undocumented `file`."""
        return await self._message(name, msg_type, fields, deliveries, kind=msg_type)

    async def follow(self, name: str, event_key: str = "", deliveries: int = 1) -> list[Answer]:
        """Follows without a code; `event_key` for oddities such as `last_trade_no_…`."""
        follower = self._account.person(name)
        self._subscribe(follower)
        note = self._note(follower, "关注了公众号", kind="follow")
        return await self._event(follower, "subscribe", {"EventKey": event_key}, deliveries, note)

    async def scan(self, name: str, scene: str, deliveries: int = 1) -> list[Answer]:
        """Scans a code of the account: SCAN, or a subscribe with `qrscene_` at the first time."""
        follower = self._account.person(name)
        ticket = self._account.tickets.for_scene(scene).ticket
        note = self._note(follower, scene, kind="scan")
        if follower.subscribed:
            fields = {"EventKey": scene, "Ticket": ticket}
            return await self._event(follower, "SCAN", fields, deliveries, note)
        self._subscribe(follower, scene)
        fields = {"EventKey": f"qrscene_{scene}", "Ticket": ticket}
        return await self._event(follower, "subscribe", fields, deliveries, note)

    async def click(self, name: str, key: str, deliveries: int = 1) -> list[Answer]:
        """An entry of the fixed menu."""
        follower = self._follower(name)
        label = next((b["name"] for b in self._account.menu if b.get("key") == key), key)
        note = self._note(follower, str(label), kind="click")
        return await self._event(follower, "CLICK", {"EventKey": key}, deliveries, note)

    async def unfollow(self, name: str) -> list[Answer]:
        follower = self._follower(name)
        follower.subscribed = False
        follower.windows.close()
        note = self._note(follower, "取消了关注", kind="unfollow")
        return await self._event(follower, "unsubscribe", {"EventKey": ""}, 1, note, trigger=None)

    async def send_event(
        self, name: str, event: str, fields: dict[str, Any], deliveries: int = 1
    ) -> list[Answer]:
        """Any other event (LOCATION, VIEW, TEMPLATESENDJOBFINISH, …); opens no window."""
        return await self._event(self._follower(name), event, fields, deliveries, trigger=None)

    def _follower(self, name: str) -> Follower:
        """The person, who follows by now: one cannot write to an account otherwise."""
        follower = self._account.person(name)
        if not follower.subscribed:
            self._subscribe(follower)
        return follower

    def _subscribe(self, follower: Follower, scene: str = "") -> None:
        follower.subscribed = True
        follower.since = self._account.clock.now()
        follower.scene = scene

    def _note(self, follower: Follower, text: str, **fields: Any) -> Entry:
        fields |= {"text": text, "state": "sending"}
        return self._account.transcript.add(CHANNEL, follower.name, "sent", **fields)

    async def _message(
        self,
        name: str,
        msg_type: str,
        fields: dict[str, Any],
        deliveries: int,
        *,
        trigger: Trigger = Trigger.MESSAGE,
        **shown: Any,
    ) -> list[Answer]:
        follower = self._follower(name)
        message_id = str(secrets.randbits(62) | 1 << 61)
        entry = self._account.transcript.add(
            CHANNEL, name, "sent", state="sending", message_id=message_id, **shown
        )
        follower.windows.open(trigger, self._account.clock.now())
        body = self._xml(follower, msg_type, {**fields, "MsgId": message_id})
        answers = await self._callbacks.deliver(follower, body, deliveries=deliveries)
        self._settle(entry, answers)
        return answers

    async def _event(
        self,
        follower: Follower,
        event: str,
        fields: dict[str, Any],
        deliveries: int,
        note: Entry | None = None,
        *,
        trigger: Trigger | None = Trigger.TOUCH,
    ) -> list[Answer]:
        if trigger:
            follower.windows.open(trigger, self._account.clock.now())
        body = self._xml(follower, "event", {"Event": event, **fields})
        answers = await self._callbacks.deliver(
            follower, body, deliveries=deliveries, quiet=trigger is None
        )
        if note:
            self._settle(note, answers)
        return answers

    def _settle(self, entry: Entry, answers: list[Answer]) -> None:
        reached = any(answer.status == 200 for answer in answers)
        self._account.transcript.change(entry, state="delivered" if reached else "failed")

    def _xml(self, follower: Follower, msg_type: str, fields: dict[str, Any]) -> str:
        rows = {
            "ToUserName": self._account.config.original_id,
            "FromUserName": follower.openid,
            "CreateTime": self._account.clock.seconds(),
            "MsgType": msg_type,
            **fields,
        }
        return "".join(_element(name, value) for name, value in rows.items())


def _element(name: str, value: object) -> str:
    """Numbers bare, words in CDATA, a list as the element repeated."""
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(k, v) for k, v in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    words = str(value)
    if name in ("MsgId", "MsgID"):
        return f"<{name}>{words}</{name}>"
    body = escape(words) if "]]>" in words else f"<![CDATA[{words}]]>"
    return f"<{name}>{body}</{name}>"
