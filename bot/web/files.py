"""The files that pages load and the pages' frames, read once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib import resources

_KINDS = {"chat.css": "text/css", "chat.js": "text/javascript", "mark.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Static:
    """A file that pages load: as it is, zipped, and a mark that changes with it."""

    content_type: str
    plain: bytes
    zipped: bytes
    version: str


def frame(name: str) -> str:
    """The HTML around what a page shows, with its gaps."""
    return (resources.files("bot.web") / "static" / name).read_text("utf-8")


def static_files() -> dict[str, Static]:
    """What pages load, by name."""
    folder = resources.files("bot.web") / "static"
    return {name: packed(kind, (folder / name).read_bytes()) for name, kind in _KINDS.items()}


def packed(content_type: str, content: bytes) -> Static:
    """The file as it is served."""
    version = hashlib.sha256(content).hexdigest()[:12]
    return Static(content_type, content, gzip.compress(content, 9, mtime=0), version)
