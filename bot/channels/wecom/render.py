"""Outgoing → texts and interactive cards, as an app's messages can carry them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any

from bot.channels.markup import pieces, plain
from bot.message import Choice, Outgoing
from bot.text import CHOOSE, shorten, split

# Characters that the client shows of each part, and buttons on a card (path/90236).
TITLE = 36
SUBTITLE = 44
WORDS = 160
LABEL = 10
BUTTONS = 6
GREY = 40  # columns of the grey line that stands where the buttons were; a Chinese character has 2
_SETTLED = "✓"
_NO_CHOICE = "done"
_CLAUSES = re.compile(r"[，。；！？\n]\s*|[,;!?.]\s+")


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a card that say something, from above: the platform sets each on its own lines,
    so that the first two lines of a message stay apart whatever a client makes of line breaks.
    """

    title: str
    subtitle: str
    rest: str

    @classmethod
    def of(cls, text: str) -> Words:
        """`text` on a card; `rest` may be longer than it can show."""
        line, _, more = text.partition("\n")
        title = split(line, TITLE, len)[0]
        below = f"{line[len(title) :].strip()}\n{more}".strip()
        second, _, rest = below.partition("\n")
        if len(second) > SUBTITLE:
            return cls(title.strip(), "", below)
        return cls(title.strip(), second.strip(), rest.strip())

    @property
    def fits(self) -> bool:
        return len(self.rest) <= WORDS

    def body(self, task_id: str) -> dict[str, Any]:
        """The head of the platform's `template_card`."""
        main = {"title": self.title} | ({"desc": self.subtitle} if self.subtitle else {})
        head = {"card_type": "button_interaction", "main_title": main, "task_id": task_id}
        return head | ({"sub_title_text": self.rest} if self.rest else {})


@dataclass(frozen=True, slots=True)
class Card:
    """A card with buttons; each button's key is the choice's token."""

    words: Words
    buttons: tuple[Choice, ...]

    def body(self, task_id: str) -> dict[str, Any]:
        """The platform's `template_card`. `task_id` is new: 128 of A-Za-z0-9_-@ at most."""
        buttons = [{"text": b.label, "key": b.token} for b in self.buttons]
        return {**self.words.body(task_id), "button_list": buttons}


@dataclass(frozen=True, slots=True)
class Layout:
    """What one message becomes, in this order."""

    texts: tuple[str, ...]
    cards: tuple[Card, ...]

    def __len__(self) -> int:
        return len(self.texts) + len(self.cards)


def layout(message: Outgoing) -> Layout:
    """Without choices texts. With choices a card, whose title is the first line.

    Words too long for a card go out before it as text, and the card keeps the first two lines.
    More than six choices take several cards. Where a label is longer than a button the words list
    all choices by number, and the buttons begin with it; a typed number works too.
    """
    if not message.choices:
        return Layout(tuple(pieces(message.text)), ())
    text, buttons = _worded(message)
    words = Words.of(text)
    if words.fits:
        return Layout((), tuple(_cards(words, buttons)))
    line, _, _ = text.partition("\n")
    head = Words(shorten(line, TITLE), words.subtitle if len(line) <= TITLE else "", "")
    return Layout(tuple(pieces(text)), tuple(_cards(head, buttons)))


def revision(message: Outgoing, task_id: str) -> dict[str, Any]:
    """The `template_card` that takes an earlier card's place, the words cut to what it can show.

    Its buttons are `message`'s first six. Without any, the last clause stands where they were as a
    grey line that cannot be pressed, or a tick where that clause is too long or the only one. (The
    platform would also put a notice without any button there; but it must then lead to an address,
    and could never be changed again.)
    """
    text, buttons = _worded(message)
    if buttons:
        return Card(_cut(Words.of(text)), buttons[:BUTTONS]).body(task_id)
    said, grey = _settled(text)
    under = Choice(shorten(grey, LABEL), _NO_CHOICE)  # the platform wants a button under the grey
    return {**Card(_cut(Words.of(said)), (under,)).body(task_id), "replace_text": grey}


def _cut(words: Words) -> Words:
    return words if words.fits else replace(words, rest=words.rest[: WORDS - 1].rstrip() + "…")


def _settled(text: str) -> tuple[str, str]:
    """`text` without its last clause, and that clause as the grey line."""
    whole = text.rstrip(" 。.\n")
    ends = [found for found in _CLAUSES.finditer(whole) if found.start()]
    if ends:
        said, last = whole[: ends[-1].start()].rstrip(), whole[ends[-1].end() :]
        if 0 < _columns(last) <= GREY:
            return said, last
    return text, _SETTLED


def _columns(text: str) -> int:
    """How wide `text` is, in columns of a Latin letter."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


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


def _cards(words: Words, buttons: Sequence[Choice]) -> Iterator[Card]:
    parts = list(batched(buttons, BUTTONS))
    yield Card(words, parts[0])
    for number, part in enumerate(parts[1:], 2):
        mark = f" {number}/{len(parts)}"
        yield Card(Words(shorten(words.title, TITLE - len(mark)) + mark, "", ""), part)
