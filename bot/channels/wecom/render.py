"""Outgoing → texts and interactive cards, as an app's messages can carry them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from bot.channels.markup import pieces, plain
from bot.message import Choice, Outgoing
from bot.text import CHOOSE, shorten, split

# Characters that the client shows of each part, and buttons on a card (path/90236).
TITLE = 36
WORDS = 160
LABEL = 10
BUTTONS = 6
REPLACED = 20  # of the grey button that stands where the others were
_NOTHING_MORE = "—"
_NO_CHOICE = "done"


@dataclass(frozen=True, slots=True)
class Card:
    """A card with buttons; each button's key is the choice's token."""

    title: str
    words: str
    buttons: tuple[Choice, ...]

    def body(self, task_id: str) -> dict[str, Any]:
        """The platform's `template_card`. `task_id` is new: 128 of A-Za-z0-9_-@ at most."""
        return {
            **_head(self.title, self.words, task_id),
            "button_list": [{"text": b.label, "key": b.token} for b in self.buttons],
        }


@dataclass(frozen=True, slots=True)
class Layout:
    """What one message becomes, in this order."""

    texts: tuple[str, ...]
    cards: tuple[Card, ...]

    def __len__(self) -> int:
        return len(self.texts) + len(self.cards)


def layout(message: Outgoing) -> Layout:
    """Without choices texts. With choices a card, whose title is the first line.

    Words too long for a card go out before it as text. More than six choices take several cards.
    Where a label is longer than a button the words list all choices by number, and the buttons
    begin with it; a typed number works too.
    """
    if not message.choices:
        return Layout(tuple(pieces(message.text)), ())
    words, buttons = _worded(message)
    title, rest = _cut_title(words)
    texts: tuple[str, ...] = ()
    if len(rest) > WORDS:
        texts, title, rest = tuple(pieces(words)), shorten(words.partition("\n")[0], TITLE), ""
    return Layout(texts, tuple(_cards(title, rest, buttons)))


def revision(message: Outgoing, task_id: str) -> dict[str, Any]:
    """The `template_card` that takes an earlier card's place, the words cut to what it can show.

    Its buttons are `message`'s first six; without any there is one grey button that cannot be
    pressed and says the last line, or nothing where the title says it all.
    """
    words, buttons = _worded(message)
    title, rest = _cut_title(words)
    rest = rest if len(rest) <= WORDS else rest[: WORDS - 1].rstrip() + "…"
    if buttons:
        return Card(title, rest, buttons[:BUTTONS]).body(task_id)
    said = shorten(rest.splitlines()[-1], REPLACED) if rest else _NOTHING_MORE
    grey = Choice(shorten(said, LABEL), _NO_CHOICE)  # the platform wants a button under the grey
    return {**Card(title, rest, (grey,)).body(task_id), "replace_text": said}


def _head(title: str, words: str, task_id: str) -> dict[str, Any]:
    head = {"card_type": "button_interaction", "main_title": {"title": title}, "task_id": task_id}
    return {**head, "sub_title_text": words} if words else head


def _worded(message: Outgoing) -> tuple[str, tuple[Choice, ...]]:
    """The words, with a list of the choices where the buttons cannot say them; and the buttons."""
    words = plain(message.text).strip() or CHOOSE
    labels = [" ".join(plain(choice.label).split()) for choice in message.choices]
    if all(len(label) <= LABEL for label in labels):
        return words, _buttons(labels, message.choices)
    numbered = [f"{number} {label}" for number, label in enumerate(labels, 1)]
    return "\n".join([words, *numbered]), _buttons(numbered, message.choices)


def _buttons(labels: Sequence[str], choices: Sequence[Choice]) -> tuple[Choice, ...]:
    pairs = zip(labels, choices, strict=True)
    return tuple(Choice(shorten(label, LABEL), choice.token) for label, choice in pairs)


def _cut_title(words: str) -> tuple[str, str]:
    """The first line as far as a title can show it, and all the rest."""
    line, _, rest = words.partition("\n")
    title = split(line, TITLE, len)[0]
    return title.strip(), f"{line[len(title) :].strip()}\n{rest}".strip()


def _cards(title: str, words: str, buttons: Sequence[Choice]) -> Iterator[Card]:
    parts = list(batched(buttons, BUTTONS))
    yield Card(title, words, parts[0])
    for number, part in enumerate(parts[1:], 2):
        mark = f" {number}/{len(parts)}"
        yield Card(shorten(title, TITLE - len(mark)) + mark, "", part)
