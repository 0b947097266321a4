"""Reading a `template_card`: what the phone shows of it, or why the platform refuses it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.simulator.transcript import Choice
from bot.simulator.wecom.errors import RefusedError

INTERACTIVE = ("button_interaction",)
NOTICES = ("text_notice",)
TITLE, DESC, SUBTITLE, LABEL, BUTTONS, KEY, REPLACED = 36, 44, 160, 10, 6, 1024, 40
_TASK_ID = re.compile(r"[A-Za-z0-9_@-]{1,128}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as a phone shows it; `task_id` is empty for a notice, which cannot be answered."""

    title: str
    desc: str
    words: str
    choices: list[Choice]
    task_id: str

    def fields(self) -> dict[str, Any]:
        """The fields of a transcript's entry."""
        below = [words for words in (self.desc, self.words) if words]
        title = [{"text": self.title, "style": "bold"}]
        return {
            "kind": "template",
            "text": "\n".join([self.title, *below]).strip(),
            "parts": title + [{"text": f"\n{words}"} for words in below],
            "choices": self.choices,
            "message_id": self.task_id,
        }


def read_card(card: object) -> Shown:
    """Raises 40008, 40058 or 42045 for a card that the client could not show whole."""
    if not isinstance(card, dict) or card.get("card_type") not in (*INTERACTIVE, *NOTICES):
        raise RefusedError(40008, "card_type")
    head = card.get("main_title")
    title = str(head.get("title") or "") if isinstance(head, dict) else ""
    desc = str(head.get("desc") or "") if isinstance(head, dict) else ""
    words = str(card.get("sub_title_text") or "")
    _fit("main_title.title", title, TITLE)
    _fit("main_title.desc", desc, DESC)
    _fit("sub_title_text", words, SUBTITLE)
    if not title and not words:
        raise RefusedError(40058, "main_title.title and sub_title_text are empty")
    if card["card_type"] in NOTICES:
        _check_action(card.get("card_action"))
        return Shown(title, desc, words, [], "")
    task_id = card.get("task_id")
    if not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id):
        raise RefusedError(40058, "task_id")
    return Shown(title, desc, words, _buttons(card), task_id)


def grey(label: object) -> Choice:
    """The button that cannot be pressed any more. Raises 40058."""
    words = str(label or "")
    if not words:
        raise RefusedError(40058, "button.replace_name")
    _fit("button.replace_name", words, REPLACED)
    return Choice(words, "", "grey")


def _buttons(card: dict[str, Any]) -> list[Choice]:
    rows = card.get("button_list")
    if not isinstance(rows, list) or not 1 <= len(rows) <= BUTTONS:
        raise RefusedError(40058, "button_list")
    choices = [
        Choice(str(row.get("text") or ""), str(row.get("key") or ""), "button", number // 2)
        for number, row in enumerate(rows)
    ]
    for choice in choices:
        _fit("button_list.text", choice.label, LABEL)
        if not choice.label or not 1 <= len(choice.key.encode()) <= KEY:
            raise RefusedError(40058, "button_list.key")
    if len({choice.key for choice in choices}) < len(choices):
        raise RefusedError(40058, "button_list.key is there twice")
    return [grey(card["replace_text"])] if card.get("replace_text") else choices


def _check_action(action: object) -> None:
    if not isinstance(action, dict) or action.get("type") not in (1, 2):
        raise RefusedError(42045)


def _fit(name: str, words: str, most: int) -> None:
    """The platform takes more and shows less; the fake refuses what would be cut."""
    if len(words) > most:
        raise RefusedError(40058, f"{name} is longer than {most}")
