"""What a person sent and what we say back, the same for every channel."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an incoming message asks for."""

    TEXT = "text"  # words, also the recognised words of a voice message
    CHOICE = "choice"  # a tapped choice; `token` names it
    SCAN = "scan"  # a scanned code; `scene` names it
    FOLLOW = "follow"  # subscribed, or pressed Start, without a code
    UNFOLLOW = "unfollow"
    MENU = "menu"  # an entry of the account's fixed menu; `token` is its key
    MEDIA = "media"  # photo, voice without words, video, place, file, link
    RECEIPT = "receipt"  # the platform reports the fate of a message of ours
    IGNORED = "ignored"  # acknowledged and logged, nobody is answered


class MediaKind(StrEnum):
    """The kinds of attachment that are kept with a case."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    FILE = "file"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Media:
    """An attachment as the platform names it; `reference` fetches its bytes, if it has any."""

    kind: MediaKind
    reference: str = ""
    caption: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from a person. `sender` is the platform's id and personal data.

    `message_id` is unique within the channel and the same for every delivery of the message.
    `sent_at` is aware, UTC. `chat` is the platform's id of the group that the message or tap came
    from, empty for what is between the person and us; when a group throws us out, it is the sender
    as well. `extra` carries what only the channel itself understands.
    """

    channel: str
    sender: str
    message_id: str
    kind: Kind
    sent_at: datetime
    text: str = ""
    token: str = ""
    scene: str = ""
    media: Media | None = None
    chat: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "sent_at": self.sent_at.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Incoming:
        media = data.get("media")
        return cls(
            **{
                **data,
                "kind": Kind(data["kind"]),
                "sent_at": datetime.fromisoformat(data["sent_at"]).astimezone(UTC),
                "media": Media(**{**media, "kind": MediaKind(media["kind"])}) if media else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap. `token` is short, opaque, and safe in any platform's button (≤ 32 ASCII)."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a person: words, choices to tap, a picture (PNG bytes).

    `drawn` says what a picture of ours shows (see actions/codes/sheets.py): it is kept with the message, and
    the picture is drawn again from it whenever the message goes out.

    A channel may have to send it in pieces; `skip` of them have gone out in an earlier attempt, and
    `gone_out` is told their number after each one more. It raises nothing. `key` names the message
    over all attempts, for platforms that can tell a repeated one by it; empty for none.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    image: bytes | None = None
    drawn: str = ""
    skip: int = 0
    key: str = field(default="", compare=False)
    gone_out: Callable[[int], Awaitable[None]] | None = field(
        default=None, compare=False, repr=False
    )

    def to_json(self) -> dict[str, Any]:
        """JSON of words and choices: pictures are made anew, never stored."""
        plain = {"text": self.text, "choices": [[c.label, c.token] for c in self.choices]}
        return {**plain, "drawn": self.drawn} if self.drawn else plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outgoing:
        choices = tuple(Choice(*pair) for pair in data["choices"])
        return cls(data["text"], choices, drawn=data.get("drawn", ""))
