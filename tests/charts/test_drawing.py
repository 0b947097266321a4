"""A drawing is plain data; what is too small to be shown is not in it."""

from __future__ import annotations

import json

import pytest

from actions.charts.drawing import Heat, from_plain, heat, plain
from tests.charts.samples import HEAT, RANKED, TREND


@pytest.mark.parametrize("drawing", [TREND, RANKED, HEAT])
def test_a_drawing_survives_json(drawing):
    assert from_plain(json.loads(json.dumps(plain(drawing)))) == drawing


def test_small_counts_are_not_kept_and_none_is_not_a_small_one():
    counts = [[0] * 24 for _ in range(7)]
    counts[2][9], counts[2][10], counts[2][11] = 4, 5, 1
    drawing = heat(counts, title="", subtitle="", footer="")
    assert drawing.counts[2][8:12] == (0, None, 5, None)


@pytest.mark.parametrize("counts", [[[0] * 24] * 6, [[0] * 23] * 7, []])
def test_a_week_has_seven_days_of_24_hours(counts):
    with pytest.raises(ValueError, match="7 days of 24 hours"):
        heat(counts, title="", subtitle="", footer="")


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        from_plain({"kind": "pie"})


def test_heat_is_what_from_plain_gives_for_heat():
    assert isinstance(from_plain(plain(HEAT)), Heat)
