"""The Bot API as far as the channel uses it, and updates as Telegram sends them."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from channel_stubs import NOW, StubPlatform

TOKEN = "7000000042:AA-test_token"
SECRET = "telegram-secret_1"
CITIZEN = 42
BOT = {"id": 7000000042, "is_bot": True, "first_name": "回音", "username": "huiyin_bot"}
PERSON = {"id": CITIZEN, "is_bot": False, "first_name": "市民", "language_code": "zh-hans"}
PRIVATE = {"id": CITIZEN, "type": "private", "first_name": "市民"}
GROUP = {"id": -100777, "type": "supergroup", "title": "值班群"}


class TelegramPlatform(StubPlatform):
    """Answers as the Bot API does. getUpdates gives `updates` from the offset on, then waits."""

    prefix = f"/bot{TOKEN}/"

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[dict[str, Any]] = []
        self.confirmed = 0
        self.drained = asyncio.Event()

    def default(self, call: str) -> Any:
        if call == "getUpdates":
            return self._poll
        if call.startswith("/file/"):
            return self._file
        message = {"message_id": 7, "date": int(NOW), "chat": PRIVATE, "text": "x"}
        file = {"file_id": "f1", "file_unique_id": "u", "file_size": 4, "file_path": "photos/1.jpg"}
        said = dict.fromkeys(
            ("sendMessage", "sendPhoto", "sendDocument", "editMessageText"), message
        )
        results = {"getMe": BOT, "getFile": file, **said}
        return {"ok": True, "result": results.get(call, True)}

    async def _poll(self, _: web.Request) -> Any:
        offset = int(self.seen[-1].body.get("offset", 0))
        self.confirmed = max(self.confirmed, offset)
        left = [update for update in self.updates if update["update_id"] >= offset]
        if not left:
            self.drained.set()
            await asyncio.Event().wait()
        return {"ok": True, "result": left}

    async def _file(self, _: web.Request) -> web.Response:
        return web.Response(body=b"jpeg", content_type="application/octet-stream")


def refused(status: int, description: str, **parameters: Any) -> Any:
    """An answer of the Bot API that says no."""

    async def reply(_: web.Request) -> web.Response:
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        return web.json_response(
            body | ({"parameters": parameters} if parameters else {}), status=status
        )

    return reply


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    body = {"message_id": 5, "date": int(NOW), "chat": chat, "from": PERSON, **content}
    return {"update_id": 900, "message": body}


def tap(
    data: str | None, update_id: int = 900, chat: dict[str, Any] = PRIVATE, **extra: Any
) -> dict[str, Any]:
    """A tapped button of a message that offered 满意 (g1) and 不满意 (g3)."""
    row = [{"text": "满意", "callback_data": "g1"}, {"text": "不满意", "callback_data": "g3"}]
    offered = {
        "message_id": 4,
        "date": int(NOW),
        "chat": chat,
        "from": BOT,
        "text": "满意吗？",
        "reply_markup": {"inline_keyboard": [row]},
    }
    query = {"id": "q1", "from": PERSON, "chat_instance": "1", "message": offered, **extra}
    return {"update_id": update_id, "callback_query": query | ({"data": data} if data else {})}


def membership(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    member: dict[str, Any] = {"user": BOT, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    change = {
        "chat": chat,
        "from": PERSON,
        "date": int(NOW),
        "old_chat_member": {"user": BOT, "status": "member"},
        "new_chat_member": member,
    }
    return {"update_id": 900, "my_chat_member": change}
