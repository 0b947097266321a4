"""Sending to members, and changing a card that was sent."""

from __future__ import annotations

import json
import secrets
from typing import Any

from bot.simulator.wecom.callbacks import Callbacks
from bot.simulator.wecom.cards import Card
from bot.simulator.wecom.corp import CHANNEL, Corp, Member
from bot.simulator.wecom.errors import RefusedError
from bot.simulator.wecom.template import grey, read_card

LARGEST_TEXT = 2048  # bytes; the rest is cut off
MOST_RECIPIENTS = 1000
LONGEST_CHECK = 4 * 3600  # seconds
OK = RefusedError(0).body()


class Messages:
    """The calls under /cgi-bin/message. Each takes the JSON, and returns it or raises."""

    def __init__(self, corp: Corp, callbacks: Callbacks) -> None:
        self._corp = corp
        self._callbacks = callbacks
        self._seen: dict[str, int] = {}  # messages to be checked for repeats, and when they came

    async def send(self, body: dict[str, Any]) -> dict[str, Any]:
        """message/send. Members out of reach are listed; only if all are it is an error.

        A member who got too much lately gets nothing, and the answer does not say so.
        """
        self._check_agent(body)
        kind = str(body.get("msgtype", ""))
        content = body.get(kind)
        if not isinstance(content, dict):
            raise RefusedError(40008)
        members, invalid = self._recipients(body)
        fields = await self._fields(kind, content)
        if not members:
            raise RefusedError(81013)
        answer = {**OK, "invaliduser": "|".join(invalid), "msgid": secrets.token_urlsafe(40)}
        if self._is_repeated(body):
            return answer
        if kind == "template_card" and fields["message_id"]:
            card = self._corp.cards.add(fields["message_id"], [member.name for member in members])
            answer["response_code"] = self._corp.cards.give_code(card)
        for member in members:
            self._show(member, fields)
        return answer

    async def update_card(self, body: dict[str, Any]) -> dict[str, Any]:
        """message/update_template_card: greys the buttons, or puts another card in its place."""
        self._check_agent(body)
        code = body.get("response_code")
        card = self._corp.cards.usable(code)
        change = self._change(body, card)
        names, invalid = self._changed(body, card)
        for name in names:
            entry = self._corp.transcript.by_message(CHANNEL, name, card.task_id)
            if entry:
                self._corp.transcript.change(entry, **change)
        self._corp.cards.use(code)
        return {**OK, "invaliduser": invalid}

    def _change(self, body: dict[str, Any], card: Card) -> dict[str, Any]:
        """The fields of the card's entry that change."""
        if "template_card" not in body:
            button = body.get("button")
            name = button.get("replace_name") if isinstance(button, dict) else None
            return {"choices": [grey(name)]}
        shown = read_card(body["template_card"])
        self._corp.cards.replace(card, shown.task_id)
        return {**shown.fields(), "message_id": card.task_id}

    async def _fields(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """What the phones will show. Raises what the platform refuses about the content."""
        if kind == "text":
            words = str(content.get("content") or "")
            if not words.strip():
                raise RefusedError(44004)
            return {"text": words.encode()[:LARGEST_TEXT].decode(errors="ignore")}
        if kind == "image":
            return {"kind": "image", "media": self._corp.media(content.get("media_id")).key}
        if kind != "template_card":
            raise RefusedError(40008)
        shown = read_card(content)
        if shown.task_id and not await self._callbacks.verified():
            raise RefusedError(40057, "an interactive card needs a callback address")
        return shown.fields()

    def _is_repeated(self, body: dict[str, Any]) -> bool:
        """Whether the same JSON came shortly before, where the caller wants to have that checked."""
        if not body.get("enable_duplicate_check"):
            return False
        now, told = self._corp.clock.seconds(), json.dumps(body, sort_keys=True)
        before = self._seen.get(told)
        self._seen[told] = now
        span = min(int(body.get("duplicate_check_interval", 1800)), LONGEST_CHECK)
        return before is not None and now - before < span

    def _recipients(self, body: dict[str, Any]) -> tuple[list[Member], list[str]]:
        """Whom the message goes to, and the ids that are nobody's, in lower case."""
        listed = str(body.get("touser") or "")
        if listed == "@all":
            return [member for member in self._corp.members() if member.employed], []
        ids = list(dict.fromkeys(name.lower() for name in listed.split("|") if name))
        if len(ids) > MOST_RECIPIENTS:
            raise RefusedError(40032)
        found = {userid: self._corp.member(userid) for userid in ids}
        members = [member for member in found.values() if member]
        return members, [userid for userid, member in found.items() if member is None]

    def _changed(self, body: dict[str, Any], card: Card) -> tuple[list[str], list[str]]:
        """Names of those whose card changes, and the ids that did not get the card."""
        if body.get("atall") == 1:
            return card.names, []
        ids = [str(userid).lower() for userid in body.get("userids") or []]
        found = {userid: self._corp.member(userid) for userid in ids}
        names = [m.name for m in found.values() if m and m.name in card.names]
        return names, [i for i, m in found.items() if m is None or m.name not in card.names]

    def _show(self, member: Member, fields: dict[str, Any]) -> None:
        if self._corp.admits(member):
            self._corp.transcript.add(CHANNEL, member.name, "received", via="app", **fields)
            return
        self._corp.transcript.write_wire(
            CHANNEL,
            member.name,
            way="api",
            what="message/send",
            outcome="dropped",
            status=200,
            milliseconds=0,
        )

    def _check_agent(self, body: dict[str, Any]) -> None:
        agent = body.get("agentid")
        if not isinstance(agent, int):
            raise RefusedError(40056)
        if agent != self._corp.config.agent_id:
            raise RefusedError(301002)
