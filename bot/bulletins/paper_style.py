"""How paper looks: the page, the typeface made of what is written, the styles, the page numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from actions.fonts import missing, truetype

BLUE, RULE, PALE = HexColor("#123a63"), HexColor("#c9d2db"), HexColor("#f2f5f8")
_GREY, _WHITE = HexColor("#55606b"), HexColor("#ffffff")
MARGIN, WIDE = 18 * mm, A4[0] - 36 * mm


def drawable(words: str) -> str:
    """The words with □ for what the typeface has not; control characters are left out."""
    kept = "".join(c for c in words if c.isprintable() or c == "\u3000")
    return kept.translate({ord(c): "□" for c in missing([kept])})


def font_of(texts: Sequence[str]) -> str:
    """The name of a registered font that has what the texts are written in, and no more."""
    font = truetype(drawable(text) for text in texts)
    registerFont(TTFont(font.name, io.BytesIO(font.file)))
    return font.name


def styles_in(font: str) -> dict[str, ParagraphStyle]:
    """Every style of the paper by its name."""
    text = ParagraphStyle("text", fontName=font, fontSize=10.5, leading=16, wordWrap="CJK")
    small = {"fontSize": 8.5, "leading": 11.5}
    return {
        "text": text,
        "title": ParagraphStyle(
            "title", text, fontSize=18, leading=25, textColor=BLUE, spaceAfter=6
        ),
        "heading": ParagraphStyle(
            "heading", text, fontSize=13, leading=19, textColor=BLUE, spaceBefore=6, spaceAfter=3
        ),
        "small": ParagraphStyle("small", text, **small, textColor=_GREY, spaceAfter=8),
        "cell": ParagraphStyle("cell", text, **small),
        "number": ParagraphStyle("number", text, **small, alignment=TA_RIGHT),
        "header": ParagraphStyle("header", text, **small, textColor=_WHITE),
        "header_right": ParagraphStyle(
            "header_right", text, **small, textColor=_WHITE, alignment=TA_RIGHT
        ),
    }


def numbered(font: str, page_words: str, footer: str) -> type[Canvas]:
    """A canvas that knows how many pages there are when it writes their numbers."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(font, 8.5)
                self.setFillColor(_GREY)
                words = page_words.format(page=number, pages=len(self._pages))
                self.drawString(MARGIN, 11 * mm, _cut(footer, 60))
                self.drawRightString(A4[0] - MARGIN, 11 * mm, words)
                super().showPage()
            super().save()

    return Numbered


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 3]}..."
