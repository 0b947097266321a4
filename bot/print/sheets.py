"""A PDF of many codes: what stands on each, where it lies on the page, and the cut marks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from pathlib import Path

from actions.codes.listing import Listed
from actions.codes.spelling import address, shown
from actions.errors import ConfigurationError
from actions.fonts import missing
from bot.print.forms import FORMS, Card, Form
from bot.print.pen import Pen
from bot.print.wording import PrintWording

A4 = (210.0, 297.0)
_GAP = 4.0  # between cards: two cuts
_MARK = (1.0, 4.0)  # a cut mark begins and ends so far outside of a card's corner


def write_sheets(
    path: Path,
    form_name: str,
    listed: Sequence[Listed],
    public_url: str,
    hotline: str,
    wording: PrintWording | None = None,
) -> int:
    """Writes the PDF; returns its number of pages. The file appears whole or not at all.

    Raises ConfigurationError when a label cannot be drawn or is too long.
    """
    form, said = FORMS[form_name], wording or PrintWording()
    cards = [_card(form, code, public_url, hotline, said) for code in listed]
    _check_glyphs(cards)
    rough = path.with_name(path.name + ".part")
    try:
        with rough.open("wb") as file:
            pages = _draw(Pen(file, A4, "回音 Huiyin", _texts(cards)), form, cards)
        rough.replace(path)
    finally:
        rough.unlink(missing_ok=True)
    return pages


def _card(form: Form, code: Listed, public_url: str, hotline: str, wording: PrintWording) -> Card:
    target, letters = address(public_url, code.scene), shown(code.scene)
    plain = target.partition("://")[2]
    known = {"code": letters, "address": plain, "hotline": hotline}
    said = {key: wording.say(form.wording, key, **known) for key in wording.keys(form.wording)}
    return Card(letters, target, plain, code.place, code.part, said)


def _texts(cards: Sequence[Card]) -> set[str]:
    return {
        text for card in cards for text in (card.code, card.place, card.part, *card.said.values())
    }


def _check_glyphs(cards: Sequence[Card]) -> None:
    if not missing(_texts(cards)):
        return
    for card in cards:
        lacking = missing([card.place, card.part, *card.said.values()])
        if lacking:
            names = ", ".join(f"{c} (U+{ord(c):04X})" for c in lacking)
            raise ConfigurationError(
                f"{card.code} cannot be printed: the typeface has no {names}; write the name "
                "otherwise, for instance with ./huiyin codes move … --label."
            )


def _draw(pen: Pen, form: Form, cards: Sequence[Card]) -> int:
    across, down = form.cards
    width, height = form.size
    left = (A4[0] - across * width - (across - 1) * _GAP) / 2
    top = (A4[1] - down * height - (down - 1) * _GAP) / 2
    pages = 0
    for page in batched(cards, across * down):
        for place, card in enumerate(page):
            x = left + place % across * (width + _GAP)
            y = top + place // across * (height + _GAP)
            try:
                form.draw(pen, card, x, y)
            except ConfigurationError as error:
                raise ConfigurationError(f"{card.code}: {error}") from error
            if across * down > 1:
                _cut_marks(pen, x, y, width, height)
        pen.next_page()
        pages += 1
    pen.close()
    return pages


def _cut_marks(pen: Pen, x: float, y: float, width: float, height: float) -> None:
    """Eight short lines that point at the four corners, half in the gap to the next card."""
    begin, end = _MARK[0], min(_MARK[1], _GAP - 1.0)
    for cut_x, out in ((x, -1), (x + width, 1)):
        for cut_y, up in ((y, -1), (y + height, 1)):
            pen.line((cut_x + out * begin, cut_y), (cut_x + out * end, cut_y))
            pen.line((cut_x, cut_y + up * begin), (cut_x, cut_y + up * end))
