"""What came in, as messages: the same for clouds and SMPP."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.message import Incoming, Kind
from bot.text import clean

NAME = "sms"
LONGEST_ID = 128  # characters of an id; the clouds' have 40 at most
LONGEST = 2000  # characters; a reply of thirty parts


def said(number: str, text: str, sent_at: datetime, key: str, extra: dict[str, str]) -> Incoming:
    """A reply from an E.164 number; `key` is the same whenever it is delivered again."""
    return Incoming(
        channel=NAME,
        sender=number,
        message_id=f"up:{clean(key)[:LONGEST_ID]}",
        kind=Kind.TEXT,
        sent_at=sent_at,
        text=clean(text).strip()[:LONGEST],
        extra={name: clean(value)[:LONGEST_ID] for name, value in extra.items() if value},
    )


def receipt(platform_id: str, *, delivered: bool, reason: str = "") -> Incoming:
    """What became of the part with this id; its text is `success`, or the gateway's reason."""
    platform_id = clean(platform_id)[:LONGEST_ID]
    return Incoming(
        channel=NAME,
        sender="",
        message_id=f"receipt:{platform_id}",
        kind=Kind.RECEIPT,
        sent_at=datetime.now(UTC),
        text="success" if delivered else f"failed: {clean(reason) or 'no reason given'}"[:200],
        extra={"platform_id": platform_id, "part": "1"},
    )
