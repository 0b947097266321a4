"""Pictures: the same drawing is the same bytes, a gap stays a gap, nothing leaves the sheet."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import Image

from actions.charts.drawing import Dot, Heat, Line, Point, TooFew, heat, plain
from actions.charts.picture import picture
from tests.charts.samples import HEAT, POINTS, RANKED, TREND

BLUE = (0, 114, 178)
_ELSEWHERE = """
import hashlib, json, sys
from actions.charts.drawing import from_plain
assert "matplotlib" not in sys.modules
from actions.charts.picture import picture
assert "matplotlib" not in sys.modules
for given in json.load(sys.stdin):
    print(hashlib.sha256(picture(from_plain(given))).hexdigest())
"""


def image(drawing) -> Image.Image:
    return Image.open(io.BytesIO(picture(drawing))).convert("RGB")


def count(shown: Image.Image, colour: tuple[int, int, int]) -> int:
    return sum(pixel == colour for pixel in shown.get_flattened_data())


def test_the_same_bytes_in_another_process_which_loads_matplotlib_only_to_draw():
    drawings = [TREND, RANKED, HEAT]
    here = [hashlib.sha256(picture(drawing)).hexdigest() for drawing in drawings]
    given = json.dumps([plain(drawing) for drawing in drawings])
    there = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE], input=given, capture_output=True, text=True, check=True
    )
    assert there.stdout.split() == here
    assert here == [hashlib.sha256(picture(drawing)).hexdigest() for drawing in drawings]


@pytest.mark.parametrize("drawing", [TREND, RANKED, HEAT])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_as_wide_as_a_phone_and_with_a_free_edge(drawing, language):
    shown = image(replace(drawing, language=language))
    assert shown.width == 1080
    white = (255, 255, 255)
    edge = [shown.getpixel((x, y)) for x in (0, 1079) for y in range(shown.height)]
    assert set(edge) <= {white, (242, 245, 248)}  # the paper, or a stripe of the ranking


def test_no_metadata_tells_a_version_or_a_date():
    assert Image.open(io.BytesIO(picture(HEAT))).info.keys() <= {"dpi"}


def test_nobody_rated_draws_nothing_where_a_zero_would_be():
    nobody = replace(
        TREND, before=None, lines=(Line("全部", (Point("1"), Point("2"), Point("3"))),)
    )
    some = replace(
        nobody, lines=(Line("全部", (Point("1"), Point("2", 0.0, 0.0, 0.3, 9), Point("3"))),)
    )
    assert count(image(nobody), BLUE) == 0
    assert count(image(some), BLUE) > 50


def test_a_gap_is_not_bridged():
    whole = tuple(Point(str(i), 0.9, 0.88, 0.92, 50) for i in range(9))
    gap = (*whole[:3], *(Point(str(i)) for i in range(3, 6)), *whole[6:])
    bare = replace(TREND, before=None)
    full, broken = (image(replace(bare, lines=(Line("全部", each),))) for each in (whole, gap))
    middle = (500, 0, 560, full.height - 400)
    assert count(full.crop(middle), BLUE) > 100
    assert count(broken.crop(middle), BLUE) == 0


def test_each_way_has_a_colour_of_its_own():
    ways = tuple(Line(f"途径 {i}", POINTS) for i in range(4))
    shown = image(replace(TREND, lines=ways, before=None))
    for colour in (BLUE, (213, 94, 0), (0, 158, 115), (204, 121, 167)):
        assert count(shown, colour) > 50


def test_up_to_40_units_are_drawn_one_by_one_then_both_ends():
    heights = [image(replace(RANKED, dots=RANKED.dots[:1] * n)).height for n in (1, 40, 41, 300)]
    assert (heights[1] - heights[0]) % 39 == 0
    row = (heights[1] - heights[0]) // 39
    assert heights[2] == heights[3] == heights[0] + 30 * row


def test_nothing_to_rank_and_only_too_few_are_said():
    nothing = image(replace(RANKED, dots=(), too_few=()))
    few = image(replace(RANKED, dots=(), too_few=(TooFew("北城派出所", 3),) * 50))
    assert 150 < nothing.height < 400 < few.height < 1200


@pytest.mark.parametrize("label", ["所" * 60, "a" * 80, "🚓 巡逻车", "$\\frac{1}{2}$", "", " "])
def test_any_name_of_a_unit_can_be_drawn(label):
    dots = (Dot(label, 0.5, 0.4, 0.6, 50, 1, 1), Dot("城东", 1.0, 0.9, 1.0, 50, 1, 1))
    shown = image(replace(RANKED, dots=dots, title=label or "排名", too_few=(TooFew(label, 4),)))
    assert {shown.getpixel((1060, y)) for y in range(shown.height)} <= {
        (255, 255, 255),
        (242, 245, 248),
    }


def test_an_empty_week_a_small_one_and_a_busy_one_look_different():
    def of(n: int) -> Heat:
        return heat([[n] * 24] * 7, title="", subtitle="", footer="")

    none, few, many = (image(of(n)) for n in (0, 3, 80))
    cell = (300, 700, 360, 740)
    assert len({each.crop(cell).tobytes() for each in (none, few, many)}) == 3
    assert picture(of(1)) == picture(of(4))
