"""Excel and PDF, read back: real numbers, no formulas, nothing outside the page, the same bytes."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator

import openpyxl
import pypdfium2
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bot.bulletins.paper import paper
from bot.bulletins.spreadsheet import plain, workbook
from tests.bulletins.bulletin_samples import EVIL, LONG, NAMES, SAY, quarter

BULLETIN = quarter()
_ELSEWHERE = """
import hashlib
from bot.bulletins.paper import paper
from bot.bulletins.spreadsheet import workbook
from tests.bulletins.bulletin_samples import SAY, quarter
for language in ("zh", "en"):
    for write in (workbook, paper):
        print(hashlib.sha256(write(quarter(), SAY, language)).hexdigest())
"""


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(BULLETIN, SAY, "zh")))


@pytest.fixture(scope="module")
def pages() -> Iterator[list[pypdfium2.PdfPage]]:
    document = pypdfium2.PdfDocument(paper(BULLETIN, SAY, "zh"))
    yield list(document)
    document.close()


def rows(sheet: Worksheet) -> list[tuple[object, ...]]:
    return [row for row in sheet.iter_rows(min_row=6, values_only=True) if any(row)]


def test_the_same_bulletin_is_the_same_file_in_another_process() -> None:
    here = [
        hashlib.sha256(write(quarter(), SAY, language)).hexdigest()
        for language in ("zh", "en")
        for write in (workbook, paper)
    ]
    there = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE], capture_output=True, text=True, check=True
    )
    assert there.stdout.split() == here


def test_sheets_headers_and_widths(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [
        *("总览", "途径", "排名·分局、县局", "排名·派出所", "走势", "分析", "口径")
    ]
    for name in book.sheetnames[:5]:
        sheet = book[name]
        assert sheet.freeze_panes == "A6"
        header = [cell.value for cell in sheet[5] if cell.value]
        assert len(header) >= 5
        for column in range(1, len(header) + 1):
            assert sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width >= 8


def test_numbers_are_numbers_with_their_formats(book: openpyxl.Workbook) -> None:
    ways = book["途径"]
    first = next(iter(ways.iter_rows(min_row=6, max_row=6)))
    assert [cell.value for cell in first[:7]] == ["微信公众号", "扫码", 4000, 3680, 106, 214, 0.92]
    assert (first[2].number_format, first[6].number_format) == ("#,##0", "0.0%")
    few = rows(ways)[4]
    assert few == ("人工代录", "热线来电", *[None] * 7, "不足 5 条")
    item = {row[0]: row for row in rows(book["总览"])}
    assert item["满意率"][1:3] == (pytest.approx(0.941, abs=1e-4), 12_045)
    assert item["按期答复"][1:3] == (pytest.approx(290 / 305), 305)
    assert item["去年同期满意率"][1] is None
    assert item["去年同期满意率"][5] == "无评价"


def test_a_month_without_ratings_is_empty_and_not_zero(book: openpyxl.Workbook) -> None:
    found = rows(book["走势"])
    assert len(found) == 12
    assert found[0][1:] == (None, None, None, 0, "无评价")
    assert found[1][1:] == (None, None, None, None, "不足 5 条")


def test_charts_are_of_excels_own_and_over_the_numbers(book: openpyxl.Workbook) -> None:
    ranked = len(BULLETIN.rankings[1].rows)
    (bars,) = book["排名·派出所"]._charts
    assert bars.series[0].val.numRef.f.endswith(f"$D$6:$D${5 + ranked}")
    (lines,) = book["走势"]._charts
    assert [series.val.numRef.f.split("!")[1] for series in lines.series] == [
        *("$B$6:$B$17", "$C$6:$C$17", "$D$6:$D$17")
    ]
    assert lines.display_blanks == "gap"


def test_no_cell_is_a_formula_whatever_units_are_called(book: openpyxl.Workbook) -> None:
    texts = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                if isinstance(cell.value, str):
                    texts.append(cell.value)
                    assert cell.value.lstrip()[0] not in "=+-@"
    assert f"'{EVIL}" in texts
    assert {name.lstrip("\t") for name in NAMES} <= {text.lstrip("'\t") for text in texts}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("明德里派出所", "明德里派出所"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("\u3000=1", "'\u3000=1"),
        ("\x00=1", "'=1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_reckon_is_only_shown(text: str, kept: str) -> None:
    assert plain(text) == kept


def test_every_page_says_which_of_how_many(pages: list[pypdfium2.PdfPage]) -> None:
    for number, page in enumerate(pages, 1):
        assert page.get_size() == pytest.approx((595.3, 841.9), abs=0.1)
        assert f"第 {number} 页 共 {len(pages)} 页" in page.get_textpage().get_text_range()


def test_the_paper_says_what_the_chat_says(pages: list[pypdfium2.PdfPage]) -> None:
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    flat = "".join(text.split())
    for words in ("满意率94.1%（93.6–94.6%，12,045条评价）", "没有表态的不算满意", "B26-0012"):
        assert words in flat
    for name in NAMES:
        assert "".join(name.split()) in flat
    assert "□" not in flat


def test_nothing_stands_outside_the_page_or_over_the_margin(
    pages: list[pypdfium2.PdfPage],
) -> None:
    assert len(LONG) > 30
    for page in pages:
        found = page.get_textpage()
        for i in range(found.count_rects()):
            left, bottom, right, top = found.get_rect(i)
            assert left > 40
            assert right < 595 - 40
            assert bottom > 20
            assert top < 842 - 30


def test_the_ends_of_an_interval_are_rounded_outwards_everywhere(
    pages: list[pypdfium2.PdfPage],
) -> None:
    """93.66 to 94.51 is 93.6–94.6% in the chat, and in the table on paper."""
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    assert "94.1% 12,045 93.6% 94.6%" in " ".join(text.split())
