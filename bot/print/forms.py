"""What one sheet, sticker or badge card looks like. All measures are millimetres.

A code is read from about ten times its width: the sheet from across a counter, the sticker from
half a metre, the badge at arm's length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.print.pen import BLUE, GREY, INK, PALE, WHITE, Pen


@dataclass(frozen=True, slots=True)
class Card:
    """What is written on one: all sentences are filled already."""

    code: str  # in letters, as printed
    target: str  # what the QR code says
    address: str  # the same for people
    place: str  # the unit
    part: str  # desk, car or officer; "" for the unit itself
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """`cards` across and down an A4 page, each of `size`; `draw` puts one at its upper left.

    `wording` names its sentences in wording.yml.
    """

    name: str
    wording: str
    size: tuple[float, float]
    cards: tuple[int, int]
    draw: Callable[[Pen, Card, float, float], None]


def _sheet(pen: Pen, card: Card, x: float, y: float) -> None:
    pen.box(x, y, 210, 58, BLUE)
    begin = 12 if card.part else 19
    at = pen.words(card.place, x + 15, y + begin, 180, size=(34, 16), ink=WHITE, bold=True, lines=2)
    pen.words(card.part, x + 15, max(at + 2, y + 36), 180, size=(24, 12), ink=WHITE)
    at = pen.words(card.said["title"], x + 15, y + 66, 180, size=(32, 18), ink=BLUE, bold=True)
    pen.words(card.said["title_en"], x + 15, at, 180, size=(16, 9), ink=GREY)
    pen.code(card.target, x + 40, y + 88, 130)
    at = pen.words(card.said["how"], x + 15, y + 219, 180, size=(20, 11), bold=True)
    at = pen.words(card.said["how_en"], x + 15, at, 180, size=(12, 8), ink=GREY)
    at = pen.words(card.said["promise"], x + 15, at + 2, 180, size=(15, 9))
    pen.words(card.said["promise_en"], x + 15, at, 180, size=(11, 7), ink=GREY)
    pen.box(x + 15, y + 252, 180, 33, PALE, 3)
    at = pen.words(card.code, x + 15, y + 253, 180, size=(26, 10), bold=True)
    at = pen.words(card.said["letters"], x + 20, at, 170, size=(12, 7), lines=1)
    at = pen.words(card.said["letters_en"], x + 20, at, 170, size=(9, 6), ink=GREY)
    both = f"{card.said['hotline']}  {card.said['hotline_en']}"
    pen.words(both, x + 20, at, 170, size=(9, 6), ink=GREY)


def _sticker(pen: Pen, card: Card, x: float, y: float) -> None:
    pen.box(x, y, 90, 27, BLUE)
    begin = 4 if card.part else 8
    at = pen.words(card.place, x + 5, y + begin, 80, size=(17, 9), ink=WHITE, bold=True, lines=2)
    pen.words(card.part, x + 5, max(at, y + 15), 80, size=(14, 7), ink=WHITE)
    at = pen.words(card.said["title"], x + 5, y + 29, 80, size=(15, 9), ink=BLUE, bold=True)
    pen.words(card.said["title_en"], x + 5, at, 80, size=(8.5, 6), ink=GREY)
    pen.code(card.target, x + 12.5, y + 39.5, 65)
    at = pen.words(card.said["how"], x + 5, y + 104.5, 80, size=(11, 7), bold=True)
    at = pen.words(card.said["how_en"], x + 5, at, 80, size=(7.5, 5.5), ink=GREY)
    pen.box(x + 5, y + 114, 80, 18, PALE, 2)
    at = pen.words(card.code, x + 5, y + 114.5, 80, size=(17, 8), ink=INK, bold=True)
    at = pen.words(card.said["letters"], x + 7, at, 76, size=(8.5, 5.5))
    pen.words(card.said["letters_en"], x + 7, at, 76, size=(6.5, 5), ink=GREY)


def _badge(pen: Pen, card: Card, x: float, y: float) -> None:
    pen.box(x, y, 54, 20, BLUE)
    name, unit = (card.part, card.place) if card.part else (card.place, "")
    begin = 2.5 if unit else 5
    at = pen.words(name, x + 3, y + begin, 48, size=(17, 7), ink=WHITE, bold=True, lines=3)
    pen.words(unit, x + 3, max(at, y + 10), 48, size=(10, 6), ink=WHITE, lines=2)
    at = pen.words(card.said["title"], x + 3, y + 21, 48, size=(11, 7), ink=BLUE, bold=True)
    pen.words(card.said["title_en"], x + 3, at, 48, size=(7, 5), ink=GREY)
    pen.code(card.target, x + 6, y + 29.5, 42)
    at = pen.words(card.said["how"], x + 3, y + 71, 48, size=(8.5, 6))
    at = pen.words(card.said["how_en"], x + 3, at, 48, size=(6, 5), ink=GREY)
    pen.words(card.code, x + 3, at, 48, size=(11, 6), bold=True)


FORMS = {
    form.name: form
    for form in (
        Form("a4", "sheet", (210, 297), (1, 1), _sheet),
        Form("sticker", "sticker", (90, 135), (2, 2), _sticker),
        Form("badge", "badge", (54, 86), (3, 3), _badge),
    )
}
