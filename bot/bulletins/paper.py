"""A bulletin on paper: A4, Chinese or English, page x of y; the same bulletin is the same file."""

from __future__ import annotations

import io
from collections.abc import Iterable

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, SimpleDocTemplate

from actions.bulletins.content import Bulletin
from actions.bulletins.drawings import Say, as_of, ranking_of, trend_of
from actions.bulletins.text import change_lines, formula_line, head, summary_lines, topic_lines
from actions.charts.drawing import Language
from actions.charts.picture import picture
from bot.bulletins.paper_parts import Part, flowables, words_of
from bot.bulletins.paper_style import MARGIN, drawable, font_of, numbered, styles_in
from bot.bulletins.tables import Tables


def paper(bulletin: Bulletin, say: Say, language: Language) -> bytes:
    """The PDF. Pictures take a moment to draw: call it in a thread."""
    parts = list(_parts(bulletin, say, language))
    page_words = say("bulletin_paper_page", language, page="{page}", pages="{pages}")
    footer = f"{head(bulletin, say, language)}｜{bulletin.number}"
    fonts = font_of([page_words, footer, *words_of(parts)])
    styles = styles_in(fonts)
    out = io.BytesIO()
    rl_config.useA85 = 0
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=16 * mm,
        bottomMargin=20 * mm,
        title=f"{head(bulletin, say, language)} {bulletin.number}",
        author="Huiyin 回音",
        creator="Huiyin 回音",
        invariant=1,
    )
    flow: list[Flowable] = []
    for part in parts:
        flow += flowables(part, styles)
    document.build(flow, canvasmaker=numbered(fonts, page_words, drawable(footer)))
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
