"""Keyboards under a message."""

from __future__ import annotations

from typing import Any

from bot.simulator.telegram.errors import bad_request
from bot.simulator.transcript import Choice

LONGEST_DATA = 64


def read_keyboard(markup: Any) -> list[Choice]:
    """The buttons of a reply_markup. Raises 400 for what Telegram refuses."""
    if not markup:
        return []
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return _reply_keyboard(markup.get("keyboard") or [])
    return [_inline(button, number) for number, row in enumerate(rows) for button in row]


def _inline(button: dict[str, Any], row: int) -> Choice:
    label = str(button.get("text") or "")
    if not label:
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if "url" in button:
        return Choice(label, str(button["url"]), "url", row)
    data = button.get("callback_data")
    if data is None:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed")
    if not 1 <= len(str(data).encode()) <= LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return Choice(label, str(data), "button", row)


def _reply_keyboard(rows: list[Any]) -> list[Choice]:
    """A keyboard that replaces the phone's: a tap says the words."""
    return [
        Choice(label, label, "reply", number)
        for number, row in enumerate(rows)
        for label in (b if isinstance(b, str) else str(b.get("text", "")) for b in row)
    ]
