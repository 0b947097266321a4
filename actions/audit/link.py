"""One link of the chain. Pure."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

FIRST = bytes(32)  # what the first link follows


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry in its place. `content` is JSON text as PostgreSQL writes it, moments are aware;
    `words` is the hash of what the row sealed, empty where it sealed nothing.
    """

    seq: int
    entry_id: int
    source: str
    key: str
    verb: str
    content: str
    written_at: datetime
    linked_at: datetime
    words: bytes

    def follow(self, key: bytes, before: bytes) -> bytes:
        """The link, 32 bytes: nobody without `key` can make one that fits after `before`."""
        told = json.dumps(
            [
                self.seq,
                self.entry_id,
                self.source,
                self.key,
                self.verb,
                self.content,
                round(self.written_at.timestamp() * 1_000_000),
                round(self.linked_at.timestamp() * 1_000_000),
                self.words.hex(),
            ],
            separators=(",", ":"),
        )
        return hmac.digest(key, before + told.encode(), sha256)


@dataclass(frozen=True, slots=True)
class Head:
    """The last link at a moment. Kept elsewhere, it shows later that nothing was cut off."""

    seq: int
    link: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.link.hex()}"


def parse_head(written: str) -> Head:
    """What `str(head)` wrote. Raises ValueError."""
    seq, _, link = written.strip().partition(":")
    found = Head(int(seq), bytes.fromhex(link))
    if len(found.link) != len(FIRST) or found.seq < 0:
        raise ValueError("not a head")
    return found
