"""What a page of the web chat shows: plain values, known to the channel and to the pages alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.message import Choice

type LineKind = Literal["text", "scan", "image", "voice", "location"]


class VisitorGoneError(LookupError):
    """There is no such visitor, or the conversation was ended."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message in a visitor's conversation. `sent_at` is aware, UTC.

    `number` is its place; `change` grows whenever a line is added or revised, so that a page that
    has seen everything up to a change asks for what came after. `key` is the browser's own id of
    what it sent. `mine`: said by the visitor. `has_file`: its picture or sound can be asked for.
    """

    number: int
    change: int
    key: str
    mine: bool
    kind: LineKind
    text: str
    sent_at: datetime
    choices: tuple[Choice, ...] = ()
    has_file: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A line on its way into a conversation; the same `key` is taken once.

    `image` is shown with it (PNG); `file` names a file that is kept already.
    """

    key: str
    mine: bool
    text: str
    kind: LineKind = "text"
    choices: tuple[Choice, ...] = ()
    image: bytes | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor who has spoken with us: in which language, and whether they have cleared it."""

    language: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """What a scanned code stands for. `scene` is the code that counts now, `label` its place.

    `state`: live; moved: the sticker is older, `was` is on it, and the page says so and goes on;
    retired, or used or expired of a one-time code: nothing is rated by it any more, the page says
    so and offers the rest. `account_url`: what the official account's own code for the place says,
    where there is one for ever. `one_time`: an officer's, for one rating.
    """

    scene: str
    label: str
    state: Literal["live", "moved", "retired", "used", "expired"] = "live"
    was: str = ""
    account_url: str = ""
    one_time: bool = False

    @property
    def rated(self) -> bool:
        """Whether it can be rated."""
        return self.state in ("live", "moved")


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of the policy's scale, and what it is called in each language."""

    name: str
    labels: dict[str, str]
