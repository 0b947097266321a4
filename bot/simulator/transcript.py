"""Everything that was said on the phones, and what went over the wire, in one order."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bot.simulator.clock import Clock

Direction = Literal["sent", "received", "notice"]
PER_PERSON = 200
WIRE_LINES = 200


@dataclass(slots=True)
class Choice:
    """Something to tap in a message. `key` is what the platform hands back; `row` lays it out.

    kind: `menu` (item of a menu message), `link` (a menu link inside the words), `button`
    (Telegram, answered by a callback query; a WeCom card, told by an event), `url` (opens a page,
    tells nobody), `grey` (cannot be pressed any more).
    """

    label: str
    key: str
    kind: str = "button"
    row: int = 0


@dataclass(slots=True)
class Entry:
    """One message on one phone. `direction` is seen from the person who holds it.

    `version` grows with every change of any entry. `via` names the way it came (passive,
    customer, template, subscribe, app, bot). `parts` are the words again, cut where they carry a link.
    A group's phone is everybody's: `member` names who wrote, or who alone is shown it.
    """

    seq: int
    version: int
    at: datetime
    channel: str
    person: str
    direction: Direction
    kind: str = "text"
    text: str = ""
    choices: list[Choice] = field(default_factory=list)
    parts: list[dict[str, str]] = field(default_factory=list)
    media: str = ""
    via: str = ""
    state: str = "delivered"
    message_id: str = ""
    tail: str = ""
    member: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Entry:
        choices = [Choice(**choice) for choice in data["choices"]]
        return cls(**{**data, "at": datetime.fromisoformat(data["at"]), "choices": choices})


@dataclass(frozen=True, slots=True)
class WireLine:
    """One exchange between a platform and the gateway, as the strip on the page shows it.

    `way`: callback, update (platform → gateway) or api (gateway → platform). `outcome` is a word
    of the protocol: passive, success, empty, timeout, refused, garbage, forged, ok, …
    """

    seq: int
    at: datetime
    channel: str
    person: str
    way: str
    what: str
    outcome: str
    status: int
    milliseconds: int
    attempt: int = 0
    attempts: int = 0

    def to_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "at": self.at.isoformat()}


class Transcript:
    """Keeps the last entries of each phone and tells listeners of every change."""

    def __init__(self, clock: Clock, journal: Path | None = None) -> None:
        """`journal`: a file to which every new entry is appended, a line of JSON each."""
        self._clock = clock
        self._journal = journal
        self._phones: dict[tuple[str, str], deque[Entry]] = {}
        self._listeners: set[asyncio.Queue[tuple[str, dict[str, Any]]]] = set()
        self._version = 0
        self._wire_seq = 0
        self.wire: deque[WireLine] = deque(maxlen=WIRE_LINES)

    def add(self, channel: str, person: str, direction: Direction, **fields: Any) -> Entry:
        """Writes a new entry and announces it. `fields` are those of Entry."""
        self._version += 1
        entry = Entry(
            seq=self._version,
            version=self._version,
            at=self._clock.now(),
            channel=channel,
            person=person,
            direction=direction,
            **fields,
        )
        self._phone(channel, person).append(entry)
        self.announce("entry", entry.to_json())
        self._write_down(entry)
        return entry

    def _write_down(self, entry: Entry) -> None:
        if self._journal is not None:
            with self._journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry.to_json(), ensure_ascii=False) + "\n")

    def change(self, entry: Entry, **fields: Any) -> None:
        """Alters an entry (an edited message, a delivery state) and announces it."""
        self._version += 1
        for name, value in {**fields, "version": self._version}.items():
            setattr(entry, name, value)
        self.announce("entry", entry.to_json())

    def write_wire(self, channel: str, person: str, **fields: Any) -> None:
        """Notes one exchange. `fields` are those of WireLine."""
        self._wire_seq += 1
        line = WireLine(
            seq=self._wire_seq, at=self._clock.now(), channel=channel, person=person, **fields
        )
        self.wire.append(line)
        self.announce("wire", line.to_json())

    def entries(self, channel: str = "", person: str = "", after: int = 0) -> list[Entry]:
        """Entries newer (or changed later) than version `after`, in the order of the talk."""
        if channel and person:  # not a look at everybody: many may wait for one each
            return [entry for entry in self._phone(channel, person) if entry.version > after]
        chosen = [
            entry
            for (on, who), phone in self._phones.items()
            if channel in ("", on) and person in ("", who)
            for entry in phone
            if entry.version > after
        ]
        return sorted(chosen, key=lambda entry: entry.seq)

    def find(self, channel: str, person: str, seq: int) -> Entry | None:
        return next((e for e in self._phone(channel, person) if e.seq == seq), None)

    def by_message(self, channel: str, person: str, message_id: str) -> Entry | None:
        phone = reversed(self._phone(channel, person))
        return next((e for e in phone if e.message_id == message_id), None)

    def newest_choice(self, channel: str, person: str, label: str) -> tuple[Entry, Choice] | None:
        """The choice with that label in the newest message that has one."""
        for entry in reversed(self._phone(channel, person)):
            for choice in entry.choices:
                if choice.label == label and choice.kind != "grey" and entry.state != "deleted":
                    return entry, choice
        return None

    def announce(self, kind: str, data: dict[str, Any]) -> None:
        for listener in self._listeners:
            listener.put_nowait((kind, data))

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[tuple[str, dict[str, Any]]]]:
        """A queue of (kind, data) of everything announced while the block runs."""
        queue: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    async def wait(self, channel: str, person: str, after: int, seconds: float) -> list[Entry]:
        """Like `entries`, but waits up to that long for there to be any, or for the end."""
        with self.listening() as news:
            try:
                async with asyncio.timeout(seconds):
                    kind = ""
                    while not (found := self.entries(channel, person, after)):
                        if kind == "closing":
                            break
                        kind, _ = await news.get()
                    return found
            except TimeoutError:
                return []

    def clear(self) -> None:
        self._phones.clear()
        self.wire.clear()
        self.announce("cleared", {})

    def load(self, entries: list[Entry]) -> None:
        """Takes up the memory of an earlier run."""
        for entry in entries:
            self._phone(entry.channel, entry.person).append(entry)
            self._version = max(self._version, entry.version, entry.seq)

    def _phone(self, channel: str, person: str) -> deque[Entry]:
        return self._phones.setdefault((channel, person), deque(maxlen=PER_PERSON))
