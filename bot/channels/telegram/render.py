"""Outgoing → texts and buttons as Telegram takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.message import Choice, Outgoing
from bot.text import clean, split, utf16_size

TEXT_LIMIT = 4096  # UTF-16 code units
CAPTION_LIMIT = 1024
ALERT_LIMIT = 200
_ROW_WIDTH = 18  # characters that stand side by side on a small phone
_ROW_LENGTH = 3


def pieces(text: str) -> list[str]:
    """`text` in messages of its own, none blank."""
    return [p.strip() for p in split(clean(text), TEXT_LIMIT, utf16_size) if p.strip()]


def alert(messages: Sequence[Outgoing]) -> tuple[str, bool]:
    """What pops up on the phone of who tapped, and whether it says all there is to say."""
    text = "\n".join(message.text.strip() for message in messages if message.text.strip())
    whole = not any(message.choices or message.image for message in messages)
    return shortened(text, ALERT_LIMIT), whole and utf16_size(clean(text)) <= ALERT_LIMIT


def shortened(text: str, limit: int) -> str:
    """`text` in one message of at most `limit`, with … where the rest was left out."""
    text = clean(text).strip()
    if utf16_size(text) <= limit:
        return text
    return split(text, limit - 1, utf16_size)[0].rstrip() + "…"


def keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """The choices as buttons under a message. Raises ValueError for a token over 64 bytes."""
    for choice in choices:
        if not 1 <= len(choice.token.encode()) <= 64:
            raise ValueError("a button carries 1 to 64 bytes")
    rows = [
        [InlineKeyboardButton(_label(c), callback_data=c.token) for c in row]
        for row in _rows(choices)
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _label(choice: Choice) -> str:
    return " ".join(clean(choice.label).split()) or "…"


def _rows(choices: Sequence[Choice]) -> Iterator[list[Choice]]:
    row: list[Choice] = []
    for choice in choices:
        width = sum(len(_label(c)) for c in [*row, choice])
        if row and (len(row) == _ROW_LENGTH or width > _ROW_WIDTH):
            yield row
            row = []
        row.append(choice)
    if row:
        yield row
