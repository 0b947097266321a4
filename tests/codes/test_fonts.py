"""The typeface: what it can draw, and the small fonts cut from it."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfbase import ttfonts

from actions.fonts import missing, sans, truetype


def test_it_draws_all_of_gb2312_and_the_rare_characters_of_names() -> None:
    gb2312 = "".join(
        bytes([row, cell]).decode("gb2312", "ignore")
        for row in range(0xA1, 0xF8)
        for cell in range(0xA1, 0xFF)
    )
    assert len(gb2312) == 7445
    assert missing([gb2312]) == ""
    names = "堃喆犇昇珺垚翀鋆垟圩圳塬峧屺邙郯郾浐灞溱洧泃漯淏崀甪㙍㘵䶮𬱖𫖯𬭚龑𣲗𬇙𬍛"
    assert missing([names, "ABCabc0189 ·—“”①（）"]) == ""


def test_what_it_lacks_is_told_once() -> None:
    assert missing(["一😀二", "😀\U0001f680"]) == "😀\U0001f680"


def test_a_small_font_has_the_characters_with_their_widths() -> None:
    small = truetype(["回音 A", "音"])
    with TTFont(io.BytesIO(small.file)) as font, TTFont(sans(), lazy=True) as whole:
        cut, full = font.getBestCmap(), whole.getBestCmap()
        assert sorted(map(chr, cut)) == sorted("回音 A")
        for code in cut:
            assert font["hmtx"][cut[code]] == whole["hmtx"][full[code]]
        assert font["glyf"][cut[ord("回")]].numberOfContours > 0
    assert len(small.file) < 10_000
    assert ttfonts.TTFont(small.name, io.BytesIO(small.file)).face.name == small.name.encode()


def test_a_name_stands_for_the_characters() -> None:
    assert truetype(["回音"]) == truetype(["音", "回"])
    with TTFont(io.BytesIO(truetype(["回音"]).file)) as font, TTFont(sans(), lazy=True) as whole:
        assert font["head"].modified == whole["head"].modified  # not the moment it was cut
    assert truetype(["回"]).name != truetype(["音"]).name


def test_a_missing_character_is_a_fault() -> None:
    with pytest.raises(KeyError):
        truetype(["😀"])
