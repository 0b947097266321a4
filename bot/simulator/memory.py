"""What outlives a restart: people's ids, the phones' last messages, the codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.simulator.stage import Stage
from bot.simulator.telegram.bot import Chat
from bot.simulator.transcript import Entry

FILE = "simulator.json"


def save(stage: Stage, folder: Path) -> None:
    """Writes the whole memory, replacing the file in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.part"
    part.write_text(json.dumps(_dump(stage), ensure_ascii=False), encoding="utf-8")
    part.replace(folder / FILE)


def load(stage: Stage, folder: Path) -> None:
    """Takes up what an earlier run saved; a file that cannot be read counts as none."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        _restore(stage, data)
    except (OSError, ValueError, KeyError, TypeError):
        return


def _dump(stage: Stage) -> dict[str, Any]:
    return {
        "followers": [
            {"name": f.name, "openid": f.openid, "subscribed": f.subscribed}
            for f in stage.account.followers()
        ],
        "tickets": stage.account.tickets.dump(),
        "members": [
            {"name": m.name, "userid": m.userid, "employed": m.employed}
            for m in stage.corp.members()
        ],
        "handsets": [
            {"name": h.name, "number": h.number, "on": h.on} for h in stage.carrier.handsets()
        ],
        "cards": stage.corp.cards.dump(),
        "chats": [_dump_chat(chat) for chat in stage.bot.chats()],
        "last_update": stage.updates.last_id,
        "entries": [entry.to_json() for entry in stage.transcript.entries()],
    }


def _dump_chat(chat: Chat) -> dict[str, Any]:
    names = ("id", "name", "kind", "started", "blocked", "last_id", "members", "moved_to")
    row = {name: getattr(chat, name) for name in names}
    return {**row, "messages": list(chat.messages.values())}


def _restore(stage: Stage, data: dict[str, Any]) -> None:
    for row in data["followers"]:
        stage.account.people.give(row["name"], row["openid"])
        stage.account.person(row["name"]).subscribed = row["subscribed"]
    stage.account.tickets.load(data["tickets"])
    for row in data.get("members", []):
        stage.corp.people.give(row["name"], row["userid"])
        stage.corp.person(row["name"]).employed = row["employed"]
    for row in data.get("handsets", []):
        stage.carrier.phone(row["name"], row["number"]).on = row["on"]
    if "cards" in data:
        stage.corp.cards.load(data["cards"])
    for row in data["chats"]:
        messages = {message["message_id"]: message for message in row.pop("messages")}
        stage.bot.restore(Chat(**row, messages=messages))
    stage.updates.last_id = data["last_update"]
    stage.transcript.load([Entry.from_json(row) for row in data["entries"]])
