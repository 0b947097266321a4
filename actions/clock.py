"""The one source of "now" and of new ids. Tests freeze it; nothing else asks the system clock."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

_now: Callable[[], datetime] | None = None


def now() -> datetime:
    """The current moment, aware, UTC."""
    return _now() if _now else datetime.now(UTC)


def beijing(moment: datetime) -> datetime:
    """The same moment as people here read it on a clock."""
    return moment.astimezone(BEIJING)


def freeze(source: Callable[[], datetime] | None) -> None:
    """Replaces the clock; None gives the system's back. For tests and replays."""
    global _now
    _now = source


def follow(file: Path) -> None:
    """Takes the time from `file`: an ISO moment with its zone, from when the file was written on.

    For demonstrations and replays, where several processes live through the same days. An empty or
    missing file means the system's own clock.
    """

    def shown() -> datetime:
        system = datetime.now(UTC)
        try:
            text, written = file.read_text(encoding="ascii").strip(), file.stat().st_mtime
        except FileNotFoundError:
            return system
        if not text:
            return system
        return datetime.fromisoformat(text).astimezone(UTC) + timedelta(
            seconds=system.timestamp() - written
        )

    freeze(shown)


def new_id() -> uuid.UUID:
    """A new id whose first bits are the time, so that rows lie in the order they came."""
    milliseconds = int(now().timestamp() * 1000)
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def new_token(characters: int = 16) -> str:
    """A random URL-safe token of that many characters (6 bits each)."""
    return secrets.token_urlsafe(characters)[:characters]


CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U


def new_code(characters: int = 6) -> str:
    """A random code of two or more characters that a person can read out and type (5 bits each).

    It has a digit and a letter, by which it is told from a word and from a number when it is typed
    alone (nlu/codes.py).
    """
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(characters))
        if not code.isdigit() and not code.isalpha():
            return code
