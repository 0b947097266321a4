"""Pictures that we draw: one-time codes, to be held up to another phone; figures."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

import segno
import structlog
from PIL import Image, ImageDraw, ImageFont

from actions.bootstrap import Services
from actions.charts.drawing import Drawing
from actions.charts.picture import picture
from actions.codes.sheets import Sheet, sheet_in
from actions.codes.spelling import address
from actions.fonts import sans
from bot.message import Outgoing

_QUIET = 4  # white modules around a code
_ONE, _MANY = 640, 380  # pixels across a code alone, and in a sheet
_INK, _PAPER, _GREY = "#111111", "#ffffff", "#55606b"


type Source = Callable[[str], Awaitable[Drawing | None]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Drawings:
    """Draws what messages show. `public_url`: the gateway's address as people reach it; without
    one there is nothing that a camera could open, and no picture of codes.

    `sources` find the drawing of a figure: what stands before the first colon of `drawn` names the
    source, the rest is what it is asked for.
    """

    public_url: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)

    async def on(self, message: Outgoing) -> Outgoing:
        """The message with its picture, if it has one to be drawn. Figures are told in the words,
        too: what cannot be drawn does not keep them back.
        """
        sheet = sheet_in(message.drawn)
        if sheet is not None:
            if not self.public_url:
                return message
            codes = await asyncio.to_thread(codes_picture, sheet, self.public_url)
            return replace(message, image=codes)
        mark, _, reference = message.drawn.partition(":")
        if mark not in self.sources:
            return message
        try:
            drawing = await self.sources[mark](reference)
            image = await asyncio.to_thread(picture, drawing) if drawing else None
        except Exception:
            log.exception("a picture could not be drawn", drawn=message.drawn)
            return message
        return replace(message, image=image)


def drawings(services: Services, public_url: str) -> Drawings:
    """Knows everything that a message of ours may show."""
    sources = {"bulletin": services.bulletins.drawing, "chart": services.queries.chart}
    return Drawings(public_url, sources)


def codes_picture(codes: Sheet, public_url: str) -> bytes:
    """A PNG with each code and its letters below; those of a sheet are numbered, two in a row."""
    scenes, alone = codes.scenes, codes.first == 0
    side = _ONE if alone else _MANY
    below, across = side // 5, 1 if alone else 2
    rows = -(-len(scenes) // across)
    sheet = Image.new("L", (side * across, (side + below) * rows), _PAPER)
    pen = ImageDraw.Draw(sheet)
    for number, scene in enumerate(scenes):
        left, top = number % across * side, number // across * (side + below)
        sheet.paste(_code(address(public_url, scene), side), (left, top))
        words = scene if alone else f"{codes.first + number}   {scene}"
        middle = (left + side // 2, top + side + below // 3)
        pen.text(middle, words, _INK, _font(side // 9), anchor="mm")
    if not alone:
        _rule(pen, side, below, rows)
    png = io.BytesIO()
    sheet.save(png, "PNG", optimize=True)
    return png.getvalue()


def _code(text: str, side: int) -> Image.Image:
    """The QR code in the middle of a white square, each module a whole number of pixels."""
    modules = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    scale = side // (len(modules) + 2 * _QUIET)
    dots = Image.new("L", (len(modules), len(modules)), 255)
    dots.putdata([0 if dark else 255 for row in modules for dark in row])
    large = dots.resize((len(modules) * scale,) * 2, Image.Resampling.NEAREST)
    square = Image.new("L", (side, side), _PAPER)
    square.paste(large, ((side - large.width) // 2,) * 2)
    return square


def _rule(pen: ImageDraw.ImageDraw, side: int, below: int, rows: int) -> None:
    """Lines between the codes of a sheet."""
    height = (side + below) * rows
    pen.line([(side, 0), (side, height)], _GREY)
    for row in range(1, rows):
        y = row * (side + below)
        pen.line([(0, y), (2 * side, y)], _GREY)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans()), size)
