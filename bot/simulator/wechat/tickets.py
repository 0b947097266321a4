"""Parametric QR codes: tickets, what they carry, how long they last."""

from __future__ import annotations

import io
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import segno

from bot.simulator.clock import Clock
from bot.simulator.wechat.errors import PlatformError

PERMANENT_CODES = 100_000
LONGEST = 2_592_000
SHORTEST = 60
KINDS = ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A code: `scene` is what a scan reports, `until` None for a permanent one."""

    ticket: str
    url: str
    scene: str
    until: datetime | None

    def picture(self, kind: str = "png", scale: int = 10) -> bytes:
        """The code as `png` or `svg`."""
        out = io.BytesIO()
        options: dict[str, Any] = {"scale": scale, "border": 2}
        if kind == "svg":
            options |= {"xmldecl": False, "omitsize": True, "dark": "#14202b"}
        segno.make(self.url, error="m").save(out, kind=kind, **options)
        return out.getvalue()


class Tickets:
    """All codes of the account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tickets: dict[str, Ticket] = {}

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to qrcode/create. Raises 40053 / 40035 for what the platform refuses.

        A body without `action_info.scene` gets a code of scene 0: the platform does not complain.
        """
        kind = request.get("action_name")
        if kind not in KINDS:
            raise PlatformError(40053)
        scene = _scene(str(kind), request.get("action_info") or {})
        if kind.startswith("QR_LIMIT"):
            return self._permanent(scene)
        seconds = min(max(int(request.get("expire_seconds") or SHORTEST), SHORTEST), LONGEST)
        made = self._make(scene, self._clock.now() + timedelta(seconds=seconds))
        return {"ticket": made.ticket, "expire_seconds": seconds, "url": made.url}

    def get(self, ticket: str) -> Ticket | None:
        found = self._tickets.get(ticket)
        if found and found.until and found.until <= self._clock.now():
            return None
        return found

    def for_scene(self, scene: str) -> Ticket:
        """A living code of that scene, made if the account has none (the demo's wall)."""
        for ticket in reversed(self._tickets):
            found = self.get(ticket)
            if found and found.scene == scene:
                return found
        return self._make(scene, None)

    def dump(self) -> list[dict[str, Any]]:
        return [
            {**asdict(t), "until": t.until and t.until.isoformat()} for t in self._tickets.values()
        ]

    def load(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            until = row["until"] and datetime.fromisoformat(row["until"])
            self._tickets[row["ticket"]] = Ticket(**{**row, "until": until})

    def _permanent(self, scene: str) -> dict[str, Any]:
        known = [t for t in self._tickets.values() if t.until is None]
        same = next((t for t in known if t.scene == scene), None)
        if same is None and len(known) >= PERMANENT_CODES:
            raise PlatformError(45009, "permanent qrcode")
        made = same or self._make(scene, None)
        return {"ticket": made.ticket, "url": made.url}

    def _make(self, scene: str, until: datetime | None) -> Ticket:
        key = "gQ" + secrets.token_urlsafe(66) + "=="
        made = Ticket(key, "http://weixin.qq.com/q/" + secrets.token_urlsafe(15), scene, until)
        self._tickets[key] = made
        return made


def _scene(kind: str, action_info: dict[str, Any]) -> str:
    scene = action_info.get("scene") or {}
    if not scene:
        return "0"
    if kind.endswith("STR_SCENE"):
        words = str(scene.get("scene_str", ""))
        if not 1 <= len(words) <= 64:
            raise PlatformError(40035, "scene_str")
        return words
    number = scene.get("scene_id")
    highest = 100_000 if kind == "QR_LIMIT_SCENE" else 0xFFFFFFFF
    if not isinstance(number, int) or not 1 <= number <= highest:
        raise PlatformError(40035, "scene_id")
    return str(number)
