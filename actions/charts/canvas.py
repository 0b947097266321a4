"""A sheet of pixels to draw on with matplotlib, without pyplot and without what differs by machine.

Everything is measured in pixels from the upper left corner.
"""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from actions.fonts import missing, sans

WIDTH = 1080
MARGIN = 48
_DPI = 100
TITLE, TEXT, SMALL = 44, 29, 25  # pixels high

INK, GREY, FAINT, PAPER, STRIPE = "#1a1f24", "#5b6670", "#d5dae0", "#ffffff", "#f2f5f8"
# Okabe and Ito's colours, which people of any colour vision tell apart; their yellow is too light.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

mpl.rcdefaults()  # whatever a matplotlibrc of this machine says
mpl.rcParams["text.parse_math"] = False  # a unit may be called what it likes, $ included
mpl.rcParams["axes.unicode_minus"] = False
mpl.rcParams["hatch.linewidth"] = 1.0


class Canvas:
    def __init__(self, height: int) -> None:
        self._height = height
        self.figure = Figure((WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=PAPER)
        FigureCanvasAgg(self.figure)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int = TEXT,
        colour: str = INK,
        align: str = "left",
        vertical: str = "top",
    ) -> None:
        """Words at a point; long ones are the caller's to shorten or wrap."""
        self.figure.text(
            x / WIDTH,
            1 - y / self._height,
            drawable(words),
            fontproperties=font(size),
            color=colour,
            ha=align,
            va=vertical,
            linespacing=1.35,
        )

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """A field without frame whose tick labels are ours."""
        below = self._height - top - height
        axes = self.figure.add_axes(
            (left / WIDTH, below / self._height, width / WIDTH, height / self._height)
        )
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.set_facecolor("none")
        axes.tick_params(length=0, pad=8, colors=GREY)
        return axes

    def png(self) -> bytes:
        out = io.BytesIO()
        self.figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
        return out.getvalue()


def headed(height: int, title: str, subtitle: str, footer: str) -> tuple[Canvas, float]:
    """A canvas with `height` pixels of room between the heading and the footer, and where that room
    begins.
    """
    wide = WIDTH - 2 * MARGIN
    above = wrapped(title, wide, TITLE)
    under = wrapped(subtitle, wide, TEXT)
    below = wrapped(footer, wide, SMALL)
    top = 40 + len(above) * 60 + len(under) * 40 + 14
    bottom = len(below) * 34 + 44
    canvas = Canvas(round(top + height + bottom))
    canvas.text(MARGIN, 36, "\n".join(above), TITLE)
    canvas.text(MARGIN, 40 + len(above) * 60, "\n".join(under), TEXT, GREY)
    canvas.text(MARGIN, top + height + 14, "\n".join(below), SMALL, GREY)
    return canvas, top


def ticks(axes: Axes, size: int = SMALL) -> None:
    """Sets the typeface of the labels that stand at the ticks."""
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(size))
        label.set_color(GREY)


def drawable(words: str) -> str:
    """The words with □ for every character that the typeface has not."""
    return words.translate({ord(c): "□" for c in missing([words.replace("\n", "")])})


def font(pixels: float) -> FontProperties:
    return FontProperties(fname=Path(sans()), size=pixels * 72 / _DPI)


def width_of(words: str, size: float) -> float:
    """About how many pixels wide the words are, rather more than less."""
    return sum(size if unicodedata.east_asian_width(c) in "WF" else size * 0.6 for c in words)


def wrapped(words: str, wide: float, size: float) -> list[str]:
    """The words in lines no wider than that; [] for no words."""
    lines: list[str] = []
    for paragraph in filter(None, words.split("\n")):
        line = ""
        for piece in _pieces(paragraph, wide, size):
            if line and width_of(line + piece.rstrip(), size) > wide:
                lines.append(line.rstrip())
                line = ""
            line += piece.lstrip() if not line else piece
        lines.append(line.rstrip())
    return lines


def fitted(words: str, wide: float, size: float) -> str:
    """The words, with … where they had to be cut."""
    if width_of(words, size) <= wide:
        return words
    while words and width_of(words + "…", size) > wide:
        words = words[:-1]
    return words + "…"


def _pieces(paragraph: str, wide: float, size: float) -> list[str]:
    """Where a line may end: after every Chinese character, in English after a space, and within a
    word that is longer than a line.
    """
    pieces = [""]
    for c in paragraph:
        if width_of(pieces[-1] + c, size) > wide:
            pieces.append("")
        pieces[-1] += c
        if c == " " or unicodedata.east_asian_width(c) in "WF":
            pieces.append("")
    return [piece for piece in pieces if piece]
