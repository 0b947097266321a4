"""A bulletin on paper: A4, Chinese or English, page x of y; the same bulletin is the same file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Image,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as PdfTable

from actions.bulletins.content import Bulletin
from actions.bulletins.drawings import Say, as_of, ranking_of, trend_of
from actions.bulletins.text import (
    change_lines,
    formula_line,
    head,
    summary_lines,
    topic_lines,
)
from actions.charts.drawing import Language
from actions.charts.picture import picture
from actions.fonts import missing, truetype
from actions.reports.intervals import percent, percent_range
from bot.bulletins.tables import Cell, Share, Table, Tables

_BLUE, _GREY, _RULE = HexColor("#123a63"), HexColor("#55606b"), HexColor("#c9d2db")
_PALE, _WHITE = HexColor("#f2f5f8"), HexColor("#ffffff")
_MARGIN, _WIDE = 18 * mm, A4[0] - 36 * mm
_TALLEST = 205 * mm  # of a picture
_ROOM = 55 * mm  # that a table needs on a page to begin there
_ALWAYS = "0123456789%.,–:/-□ ()"

type Part = str | Table | bytes | tuple[str, str]  # a sentence, a table, a PNG, or (style, words)


def paper(bulletin: Bulletin, say: Say, language: Language) -> bytes:
    """The PDF. Pictures take a moment to draw: call it in a thread."""
    parts = list(_parts(bulletin, say, language))
    page_words = say("bulletin_paper_page", language, page="{page}", pages="{pages}")
    footer = f"{head(bulletin, say, language)}｜{bulletin.number}"
    fonts = _font([page_words, footer, *_words_of(parts)])
    styles = _styles(fonts)
    out = io.BytesIO()
    rl_config.useA85 = 0
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=16 * mm,
        bottomMargin=20 * mm,
        title=f"{head(bulletin, say, language)} {bulletin.number}",
        author="Huiyin 回音",
        creator="Huiyin 回音",
        invariant=1,
    )
    flow: list[Flowable] = []
    for part in parts:
        flow += _flowables(part, styles)
    document.build(flow, canvasmaker=_numbered(fonts, page_words, _drawable(footer)))
    return out.getvalue()


def _parts(bulletin: Bulletin, say: Say, language: Language) -> Iterable[Part]:
    """What stands on the pages, from top to bottom."""
    tables = Tables(bulletin, say, language)
    yield ("title", head(bulletin, say, language))
    yield from "\n".join(summary_lines(bulletin, say, language)).splitlines()
    made = say("bulletin_footer", language, as_of=as_of(bulletin), number=bulletin.number)
    yield ("small", f"{made}｜{formula_line(bulletin, say, language)}")
    yield picture(trend_of(bulletin, say, language))
    yield tables.overview()
    yield tables.ways()
    for each in bulletin.rankings:
        if each.rows:
            yield picture(ranking_of(bulletin, each, say, language))
        yield tables.ranking(each)
    if bulletin.changes or bulletin.topics:
        yield ("heading", say("bulletin_sheet_analysis", language))
        yield from change_lines(bulletin, say, language) if bulletin.changes else ()
        yield from topic_lines(bulletin, say, language)
    yield tables.trend()
    yield ("heading", say("bulletin_sheet_notes", language))
    yield from tables.notes()


def _flowables(part: Part, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    match part:
        case str(words):
            return [_paragraph(words, styles["text"])]
        case bytes(png):
            return [_image(png), Spacer(1, 4 * mm)]
        case Table():
            heading = _paragraph(part.name, styles["heading"])
            return [
                CondPageBreak(_ROOM),
                heading,
                _table(part, styles),
                Spacer(1, 4 * mm),
            ]
        case (style, words):
            return [_paragraph(words, styles[style])]


def _table(table: Table, styles: dict[str, ParagraphStyle]) -> PdfTable:
    """The columns share the width as in Excel; what is too long for its cell wraps."""
    total = sum(table.wide)
    words = [
        any(isinstance(row[i], str) for row in table.rows) or not any(row[i] for row in table.rows)
        for i in range(len(table.header))
    ]
    heads = zip(table.header, words, strict=True)
    rows = [
        [_paragraph(each, styles["header" if left else "header_right"]) for each, left in heads]
    ]
    for cells in table.rows:
        rows.append(
            [
                _paragraph(shown(cell), styles["cell" if isinstance(cell, str) else "number"])
                for cell in cells
            ]
        )
    made = PdfTable(rows, [_WIDE * wide / total for wide in table.wide], repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), _BLUE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, _RULE),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [None, _PALE]),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ]
        )
    )
    return made


def shown(cell: Cell) -> str:
    """A cell's value as people read it."""
    match cell:
        case None:
            return ""
        case Share(value, "low"):
            return f"{percent_range(value, value).partition('–')[0]}%"
        case Share(value, "high"):
            return percent_range(value, value).partition("–")[2]
        case Share(value):
            return percent(value)
        case bool() | str():
            return str(cell)
        case int():
            return f"{cell:,}"
        case float():
            return f"{cell:.2f}"
        case _:
            return cell.isoformat()


def _image(png: bytes) -> Image:
    """Large enough to be read, small enough to stand on the page with its text."""
    width, height = ImageReader(io.BytesIO(png)).getSize()
    wide = min(_WIDE * 0.6, _TALLEST * width / height)
    return Image(io.BytesIO(png), wide, wide * height / width)


def _paragraph(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(_drawable(words)), style)


def _drawable(words: str) -> str:
    """The words with □ for what the typeface has not; control characters are left out."""
    kept = "".join(c for c in words if c.isprintable() or c == "\u3000")
    return kept.translate({ord(c): "□" for c in missing([kept])})


def _words_of(parts: Iterable[Part]) -> list[str]:
    """Everything that will be written, for the font that is made of it."""
    found = [_ALWAYS]
    for part in parts:
        match part:
            case str(words) | (_, words):
                found.append(_drawable(words))
            case Table():
                cells = [shown(cell) for row in part.rows for cell in row]
                found += map(_drawable, (part.name, *part.header, *cells))
            case _:
                pass
    return found


def _font(texts: Sequence[str]) -> str:
    font = truetype(_drawable(text) for text in texts)
    registerFont(TTFont(font.name, io.BytesIO(font.file)))
    return font.name


def _styles(font: str) -> dict[str, ParagraphStyle]:
    text = ParagraphStyle("text", fontName=font, fontSize=10.5, leading=16, wordWrap="CJK")
    small = {"fontSize": 8.5, "leading": 11.5}
    return {
        "text": text,
        "title": ParagraphStyle(
            "title", text, fontSize=18, leading=25, textColor=_BLUE, spaceAfter=6
        ),
        "heading": ParagraphStyle(
            "heading", text, fontSize=13, leading=19, textColor=_BLUE, spaceBefore=6, spaceAfter=3
        ),
        "small": ParagraphStyle("small", text, **small, textColor=_GREY, spaceAfter=8),
        "cell": ParagraphStyle("cell", text, **small),
        "number": ParagraphStyle("number", text, **small, alignment=TA_RIGHT),
        "header": ParagraphStyle("header", text, **small, textColor=_WHITE),
        "header_right": ParagraphStyle(
            "header_right", text, **small, textColor=_WHITE, alignment=TA_RIGHT
        ),
    }


def _numbered(font: str, page_words: str, footer: str) -> type[Canvas]:
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
                self.drawString(_MARGIN, 11 * mm, _cut(footer, 60))
                self.drawRightString(A4[0] - _MARGIN, 11 * mm, words)
                super().showPage()
            super().save()

    return Numbered


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 3]}..."
