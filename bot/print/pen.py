"""Drawing on a PDF page: words in Chinese and English, codes, cut marks. Millimetres from top left.

Everything is vectors and one embedded font, so that it prints sharp at any size on any machine.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import segno
from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from actions.errors import ConfigurationError
from actions.fonts import truetype
from bot.print.fitting import Fitted, fit

INK, BLUE, GREY = HexColor("#111111"), HexColor("#123a63"), HexColor("#55606b")
PALE, WHITE = HexColor("#e9f0f7"), HexColor("#ffffff")
_BOLD = 0.028  # a stroke around bold letters, as a share of their size
_OVERLAP = 0.05  # of a module: no white hairlines between the rows of a code
QUIET = 4  # white modules that a code needs around it


class Pen:
    """One PDF, page after page."""

    def __init__(
        self, file: BinaryIO, size: tuple[float, float], title: str, texts: Iterable[str]
    ) -> None:
        """`size` is a page's width and height; `texts` are all that will be written."""
        rl_config.useA85 = 0  # pages as plain bytes: a fifth smaller, and quicker
        font = truetype(texts)
        registerFont(TTFont(font.name, io.BytesIO(font.file)))
        self._font = font.name
        self._width, self._height = size
        self._canvas = Canvas(
            file, pagesize=(size[0] * mm, size[1] * mm), pageCompression=1, invariant=1
        )
        self._canvas.setTitle(title)
        self._canvas.setCreator("Huiyin 回音")

    def next_page(self) -> None:
        self._canvas.showPage()

    def close(self) -> None:
        self._canvas.save()

    def box(
        self, x: float, y: float, width: float, height: float, fill: Color, radius: float = 0
    ) -> None:
        """A filled rectangle whose upper left corner is at x, y."""
        self._canvas.setFillColor(fill)
        self._canvas.roundRect(
            x * mm, (self._height - y - height) * mm, width * mm, height * mm, radius * mm, 0, 1
        )

    def line(self, start: tuple[float, float], end: tuple[float, float], ink: Color = GREY) -> None:
        """A hairline."""
        self._canvas.setStrokeColor(ink)
        self._canvas.setLineWidth(0.3)
        self._canvas.line(
            start[0] * mm,
            (self._height - start[1]) * mm,
            end[0] * mm,
            (self._height - end[1]) * mm,
        )

    def words(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        size: tuple[float, float],
        ink: Color = INK,
        bold: bool = False,
        lines: int = 1,
    ) -> float:
        """Writes centred between x and x + width, from y on; returns where the next may begin.

        `size` is (largest, smallest) in points. Raises ConfigurationError when it does not fit.
        """
        if not text:
            return y
        largest, smallest = size
        fitted = fit(
            text, width * mm, self._measure, largest=largest, smallest=smallest, lines=lines
        )
        if fitted is None:
            raise ConfigurationError(f"“{text}” is too long for its place on paper; shorten it.")
        self._canvas.saveState()
        self._canvas.setFillColor(ink)
        self._canvas.setStrokeColor(ink)
        self._canvas.setLineWidth(_BOLD * fitted.size)
        y = self._write(fitted, x + width / 2, y, mode=2 if bold else 0)
        self._canvas.restoreState()
        return y

    def code(self, text: str, x: float, y: float, width: float) -> None:
        """A QR code with its quiet zone, upper left corner at x, y; at least level M."""
        rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
        module = width / (len(rows) + 2 * QUIET)
        left, top = x + QUIET * module, self._height - y - QUIET * module
        self._canvas.saveState()
        self._canvas.setFillColor(INK)
        self._canvas.translate(left * mm, top * mm)
        self._canvas.scale(module * mm, -module * mm)  # a module is 1, and rows count downwards
        self._canvas.addLiteral(_rectangles(rows))
        self._canvas.restoreState()

    def _write(self, fitted: Fitted, middle: float, y: float, mode: int) -> float:
        """`mode` of the letters: filled, or filled with a stroke around them."""
        size = fitted.size
        for line in fitted.lines:
            y += 0.38 * size  # millimetres from the top of a line to its foot
            begin = middle * mm - self._measure(line, size) / 2
            words = self._canvas.beginText(begin, (self._height - y) * mm)
            words.setFont(self._font, size)
            words.setTextRenderMode(mode)
            words.textOut(line)
            self._canvas.drawText(words)
            y += 0.10 * size
        return y

    def _measure(self, text: str, size: float) -> float:
        return float(stringWidth(text, self._font, size))


def _rectangles(rows: Sequence[bytes]) -> str:
    """The dark modules as PDF: a rectangle for each run of a row, then all are filled."""
    height = 1 + _OVERLAP
    runs = (
        f"{begin} {number} {length} {height} re"
        for number, row in enumerate(rows)
        for begin, length in _runs(row)
    )
    return "\n".join((*runs, "f"))


def _runs(row: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Where dark modules begin, and how many follow each other."""
    begin = None
    for place, dark in enumerate((*row, 0)):
        if dark and begin is None:
            begin = place
        elif not dark and begin is not None:
            yield begin, place - begin
            begin = None
