"""The typeface for everything that is printed or drawn here: one that has Chinese, on any machine.

Noto Sans SC (SIL Open Font License) comes as a Python package, so no font needs to be installed.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

_ERROR = 1.0  # units of a thousandth of an em by which a curve may differ: nothing that prints
_NEEDED = ".notdef"


def sans() -> Path:
    """The file: OpenType with PostScript outlines, as Pillow and matplotlib read it."""
    return pylopdf_fonts_zh_cn.sans_path()


def missing(texts: Iterable[str]) -> str:
    """The characters of the texts that the typeface cannot draw, each once, in order."""
    wanted = dict.fromkeys("".join(texts))
    return "".join(c for c in wanted if ord(c) not in _known())


@dataclass(frozen=True, slots=True)
class Small:
    """A font with some characters only; the same characters have the same `name`."""

    name: str
    file: bytes


def truetype(texts: Iterable[str]) -> Small:
    """A TrueType font with the characters of the texts, for what reads no other (reportlab).

    Raises KeyError for a character that is `missing`.
    """
    wanted = sorted({ord(c) for c in "".join(texts)} | {ord(" ")})
    name = f"Huiyin-{hashlib.sha256(repr(wanted).encode()).hexdigest()[:12]}"
    with TTFont(sans(), lazy=True) as font:
        cmap, outlines, widths = font.getBestCmap(), font.getGlyphSet(), font["hmtx"]
        names = [_NEEDED, *dict.fromkeys(cmap[code] for code in wanted)]
        units, across = font["head"].unitsPerEm, font["hhea"]
        glyphs = {name: _quadratic(outlines, name) for name in names}
        builder = FontBuilder(units, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap({code: cmap[code] for code in wanted})
        builder.setupGlyf(glyphs)
        builder.setupHorizontalMetrics({name: widths[name] for name in names})
        builder.setupHorizontalHeader(ascent=across.ascent, descent=across.descent)
        builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
        builder.setupOS2(sTypoAscender=across.ascent, sTypoDescender=across.descent)
        builder.setupPost()
        builder.font.recalcTimestamp = False  # the same characters are the same file
        builder.updateHead(created=font["head"].created, modified=font["head"].modified)
    out = io.BytesIO()
    builder.save(out)
    return Small(name, out.getvalue())


def _quadratic(outlines: Mapping[str, Any], name: str) -> Any:
    """The glyph with its curves as TrueType has them."""
    pen = TTGlyphPen(None)
    outlines[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
    return pen.glyph()


@cache
def _known() -> frozenset[int]:
    with TTFont(sans(), lazy=True) as font:
        return frozenset(font.getBestCmap())
