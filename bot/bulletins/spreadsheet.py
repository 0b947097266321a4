"""A bulletin as an Excel workbook: real numbers, charts of Excel's own, nothing that is a formula.

The same bulletin is the same file, byte for byte: no moment of writing is in it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from actions.bulletins.content import Bulletin
from actions.bulletins.drawings import Say
from actions.bulletins.text import change_lines, formula_line, head, topic_lines
from actions.charts.drawing import Language
from actions.clock import beijing
from bot.bulletins.tables import Cell, Share, Table, Tables

_SHARE, _COUNT, _MEAN, _DAY = "0.0%", "#,##0", "0.00", "yyyy-mm-dd"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what a sheet's XML cannot hold
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]]")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_ZIPPED_AT = (1980, 1, 1, 0, 0, 0)
_HEADER = PatternFill("solid", fgColor="123A63")
_ABOVE = 5  # rows above a table: heading, period, formula, moment, and an empty one
_FACE = "Microsoft YaHei"


def workbook(bulletin: Bulletin, say: Say, language: Language) -> bytes:
    """The .xlsx file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    tables = Tables(bulletin, say, language)
    above = _heading(bulletin, say, language)
    _add(book, above, tables.overview())
    _add(book, above, tables.ways())
    for each in bulletin.rankings:
        table = tables.ranking(each)
        _chart_of_ranking(_add(book, above, table), table, sum(1 for _ in each.rows))
    trend = tables.trend()
    _chart_of_trend(_add(book, above, trend), trend)
    analysis = [
        *(change_lines(bulletin, say, language) if bulletin.changes else []),
        *topic_lines(bulletin, say, language),
    ]
    if analysis:
        _lines(book, say("bulletin_sheet_analysis", language), analysis)
    _lines(book, say("bulletin_sheet_notes", language), tables.notes())
    return _same(book, bulletin)


def plain(text: str) -> str:
    """The text as a cell may show it: what a spreadsheet would take for a formula has a ' before."""
    text = _CONTROL.sub("", text)
    return f"'{text}" if text.lstrip(" \u3000\u00a0\ufeff\u200b").startswith(_FORMULA) else text


def _heading(bulletin: Bulletin, say: Say, language: Language) -> list[str]:
    as_of = f"{beijing(bulletin.as_of):%Y-%m-%d %H:%M}"
    return [
        head(bulletin, say, language),
        formula_line(bulletin, say, language),
        say("bulletin_footer", language, as_of=as_of, number=bulletin.number),
    ]


def _add(book: Workbook, above: Sequence[str], table: Table) -> Worksheet:
    sheet: Worksheet = book.create_sheet(_name(book, table.name))
    for row, line in enumerate(above, 1):
        _write(sheet.cell(row, 1), line)
        sheet.cell(row, 1).font = Font(name=_FACE, size=14 if row == 1 else 10, bold=row == 1)
    for column, words in enumerate(table.header, 1):
        cell = sheet.cell(_ABOVE, column)
        _write(cell, words)
        cell.font = Font(name=_FACE, bold=True, color="FFFFFF")
        cell.fill = _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = table.wide[column - 1]
    for row, cells in enumerate(table.rows, _ABOVE + 1):
        for column, value in enumerate(cells, 1):
            _write(sheet.cell(row, column), value)
            sheet.cell(row, column).font = Font(name=_FACE)
    sheet.freeze_panes = f"A{_ABOVE + 1}"
    _print_setup(sheet)
    return sheet


def _print_setup(sheet: Worksheet) -> None:
    """A4 across, as wide as the page, the header on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_ABOVE}:{_ABOVE}"


def _write(cell: SheetCell | MergedCell, value: Cell) -> None:
    """Numbers as numbers, days as days; words never as a formula."""
    match value:
        case None:
            return
        case Share(share):
            cell.value, cell.number_format = share, _SHARE
        case str():
            cell.value, cell.data_type = plain(value), "s"
        case date():
            cell.value, cell.number_format = value, _DAY
        case int():
            cell.value, cell.number_format = value, _COUNT
        case _:
            cell.value, cell.number_format = value, _MEAN


def _lines(book: Workbook, name: str, lines: Sequence[str]) -> None:
    sheet = book.create_sheet(_name(book, name))
    sheet.column_dimensions["A"].width = 110
    for row, line in enumerate(lines, 1):
        cell = sheet.cell(row, 1)
        _write(cell, line)
        cell.font = Font(name=_FACE)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _name(book: Workbook, wanted: str) -> str:
    """A name that Excel takes, and that no other sheet has."""
    name = _NOT_IN_NAMES.sub(" ", wanted).strip()[:28] or "-"
    taken = {sheet.title for sheet in book.worksheets}
    return next(n for n in (name, *(f"{name} {i}" for i in range(2, 99))) if n not in taken)


def _chart_of_trend(sheet: Worksheet, table: Table) -> None:
    if not table.rows:
        return
    last = _ABOVE + len(table.rows)
    chart = LineChart()
    for column in (2, 3, 4):  # the share and the ends of its interval
        chart.add_data(
            Reference(sheet, column, min_row=_ABOVE, max_row=last), titles_from_data=True
        )
    chart.set_categories(Reference(sheet, 1, min_row=_ABOVE + 1, max_row=last))
    chart.title, chart.height, chart.width = table.name, 9, 20
    chart.y_axis.number_format = "0%"
    chart.y_axis.scaling.max = 1
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.display_blanks = "gap"  # where nobody rated there is no zero
    colours = ("0072B2", "9AA5B1", "9AA5B1")
    for series, colour in zip(chart.series, colours, strict=True):
        series.graphicalProperties.line.solidFill = colour
        series.smooth = False
    sheet.add_chart(chart, f"H{_ABOVE}")


def _chart_of_ranking(sheet: Worksheet, table: Table, ranked: int) -> None:
    if not ranked:
        return
    last = _ABOVE + ranked
    chart = BarChart()
    chart.type = "bar"
    chart.add_data(Reference(sheet, 4, min_row=_ABOVE, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, 3, min_row=_ABOVE + 1, max_row=last))
    chart.title, chart.legend = table.name, None
    chart.height, chart.width = max(7.0, 0.7 * ranked + 3), 20
    chart.x_axis.scaling.orientation = "maxMin"  # the first at the top
    chart.y_axis.number_format = "0%"
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.series[0].graphicalProperties.solidFill = "0072B2"
    sheet.add_chart(chart, f"K{_ABOVE}")


def _same(book: Workbook, bulletin: Bulletin) -> bytes:
    """The file without any moment of its own making: that of the figures instead."""
    made: datetime = bulletin.as_of.replace(tzinfo=None, microsecond=0)
    book.properties.creator = "Huiyin 回音"
    book.properties.title = bulletin.number
    book.properties.created = made
    written = io.BytesIO()
    book.save(written)
    out = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(
                    rb"\g<1>" + made.isoformat().encode() + b"Z" + rb"\g<2>", content
                )
            info = zipfile.ZipInfo(name, _ZIPPED_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()
