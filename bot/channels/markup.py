"""Text for WeChat's and WeCom's clients, which show <a href=…> in any text as a link."""

from __future__ import annotations

import re

from bot.text import clean, split

TEXT_LIMIT = 2048  # bytes, of a passive reply, a customer message and an app message

# A "<" that could begin an element is replaced by its full-width twin; an entity would be shown as
# such by some clients.
_ELEMENT = re.compile(r"<(?=[A-Za-z/!?])")


def plain(text: str) -> str:
    """`text` that no client takes for markup, whoever wrote it."""
    return _ELEMENT.sub("＜", clean(text))


def pieces(text: str) -> list[str]:
    """`text` in messages of its own, none blank."""
    return [piece.strip() for piece in split(plain(text), TEXT_LIMIT) if piece.strip()]
