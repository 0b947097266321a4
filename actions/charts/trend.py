"""Satisfaction over time, the number of ratings below it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import batched

from matplotlib.axes import Axes

from actions.charts.canvas import (
    COLOURS,
    FAINT,
    GREY,
    MARGIN,
    MARKERS,
    SMALL,
    WIDTH,
    Canvas,
    drawable,
    headed,
    ticks,
    width_of,
)
from actions.charts.drawing import Line, Point, Trend
from actions.charts.words import words

_LEFT, _CURVES, _BARS, _LEGEND = 130, 600, 170, 46
_LEAST_SPAN = 0.1  # of the axis, so that a hair's breadth does not look like a fall
_MANY = 31  # points: more have no marker of their own


def draw(drawing: Trend) -> bytes:
    said = words(drawing.language)
    keys = list(_keys(drawing))
    legend = _LEGEND * _legend_rows(keys) + 16
    canvas, top = headed(
        legend + _CURVES + _BARS + 170, drawing.title, drawing.subtitle, drawing.footer
    )
    _draw_legend(canvas, top, keys)
    axes = canvas.axes(_LEFT, top + legend, WIDTH - _LEFT - MARGIN, _CURVES)
    low = _draw_curves(axes, drawing)
    if not any(_shown(line.points) for line in drawing.lines):
        middle = top + legend + _CURVES / 2
        canvas.text(WIDTH / 2, middle, said["no_ratings"], colour=GREY, align="center")
    bars = canvas.axes(_LEFT, top + legend + _CURVES + 50, WIDTH - _LEFT - MARGIN, _BARS)
    canvas.text(_LEFT, top + legend + _CURVES + 14, said["ratings"], SMALL, GREY)
    _draw_bars(bars, drawing)
    place = top + legend + _CURVES + _BARS + 104
    for pair in batched(_notes(drawing, low), 2):
        canvas.text(MARGIN, place, "　".join(pair), SMALL, GREY)
        place += 34
    return canvas.png()


def _notes(drawing: Trend, low: float) -> list[str]:
    """What a reader must know of this picture."""
    said = words(drawing.language)
    points = [point for line in drawing.lines for point in line.points]
    counts = [point.n for point in points]
    notes = [said["band"]]
    if 0 in counts:
        notes.append(said["nobody"])
    if any(point.n and point.share is None for point in points):
        notes.append(said["few"])
    if None in counts:
        notes.append(f"▨ {said['withheld']}")
    if low > 0:
        notes.append(said["axis_from"].format(low=f"{low:.0%}"))
    return notes


def _shown(points: tuple[Point, ...]) -> bool:
    return any(point.share is not None for point in points)


def _draw_curves(axes: Axes, drawing: Trend) -> float:
    """Draws the lines with their bands; returns where the axis begins."""
    places = range(len(drawing.lines[0].points))
    if drawing.before:
        values = [_number(point.share) for point in drawing.before.points[: len(places)]]
        axes.plot(places[: len(values)], values, color="#9aa5b1", lw=3, ls=(0, (2, 2)))
    for line, colour, marker in zip(drawing.lines, COLOURS, MARKERS, strict=False):
        _draw_line(axes, line, colour, marker)
    low, high = _span(drawing)
    axes.set_ylim(low, high)
    axes.set_xlim(-0.6, len(places) - 0.4)
    step = _step(high - low)
    hundredths = [mark for mark in range(0, 101, step) if low * 100 - 0.1 <= mark <= high * 100]
    axes.set_yticks([mark / 100 for mark in hundredths], [f"{mark}%" for mark in hundredths])
    axes.grid(axis="y", color=FAINT, lw=1.5)
    axes.set_axisbelow(True)
    axes.set_xticks([])
    ticks(axes)
    return low


def _draw_line(axes: Axes, line: Line, colour: str, marker: str) -> None:
    places = range(len(line.points))
    shares, lows, highs = (
        [_number(getattr(point, name)) for point in line.points]
        for name in ("share", "low", "high")
    )
    axes.fill_between(places, lows, highs, color=colour, alpha=0.16, lw=0)
    few = len(line.points) <= _MANY
    alone = [i for i in places if few or _stands_alone(shares, i)]
    axes.plot(places, shares, color=colour, lw=4)
    marked = [shares[i] for i in alone]
    axes.plot(alone, marked, ls="", marker=marker, ms=9, color=colour, mec="white", clip_on=False)
    # A point between two gaps has no band beside it: its interval is drawn as a line.
    for i in (i for i in places if _stands_alone(shares, i)):
        axes.plot([i, i], [lows[i], highs[i]], color=colour, lw=2.5, alpha=0.6)


def _stands_alone(shares: list[float], i: int) -> bool:
    beside = shares[max(0, i - 1) : i] + shares[i + 1 : i + 2]
    return not math.isnan(shares[i]) and all(math.isnan(share) for share in beside)


def _draw_bars(axes: Axes, drawing: Trend) -> None:
    """How many rated, of all lines together, stacked in their colours."""
    points = drawing.lines[0].points
    floor = [0] * len(points)
    for line, colour in zip(drawing.lines, COLOURS, strict=False):
        heights = [point.n or 0 for point in line.points]
        axes.bar(range(len(points)), heights, 0.72, floor, color=colour, alpha=0.75, lw=0)
        floor = [under + height for under, height in zip(floor, heights, strict=True)]
    most = max(max(floor), 1)
    for i in range(len(points)):
        if any(line.points[i].n is None for line in drawing.lines):
            axes.bar(i, most * 0.12, 0.72, floor[i], fill=False, hatch="///", ec=GREY, lw=1)
    axes.set_xlim(-0.6, len(points) - 0.4)
    axes.set_ylim(0, most * 1.18)
    axes.set_yticks([0, max(floor)] if max(floor) else [0])
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.axhline(0, color=GREY, lw=1.5)
    marks = _marks([point.label for point in points])
    axes.set_xticks(marks, [drawable(points[i].label) for i in marks])
    ticks(axes)


def _marks(labels: list[str]) -> list[int]:
    """Which places get their label: as many as fit, evenly, the last one among them."""
    widest = max(width_of(label, SMALL) for label in labels) + 24
    most = max(2, int((WIDTH - _LEFT - MARGIN) // widest))
    every = -(-len(labels) // most)
    return list(range((len(labels) - 1) % every, len(labels), every))


def _span(drawing: Trend) -> tuple[float, float]:
    """The ends of the axis: what is shown, in steps of 5 %, and never narrower than it may be."""
    lines = (*drawing.lines, *([drawing.before] if drawing.before else []))
    shown = [point for line in lines for point in line.points if point.share is not None]
    ends = [v for point in shown for v in (point.share, point.low, point.high) if v is not None]
    if not ends:
        return 0.0, 1.0
    high = min(1.0, math.ceil(max(ends) * 20) / 20)
    low = min(math.floor(min(ends) * 20) / 20, high - _LEAST_SPAN)
    low = 0.0 if low < 0.3 else round(low, 2)
    return low, high + (high - low) * 0.03


def _step(span: float) -> int:
    """Between the labels of the axis, in hundredths: five of them or so."""
    return next(step for step in (2, 5, 10, 20) if span * 100 / step <= 6.5)


def _keys(drawing: Trend) -> Iterator[tuple[str, str, str]]:
    """The legend: words, colour, marker ("" for the faint line). One line alone needs none."""
    if len(drawing.lines) > 1 or drawing.before:
        for line, colour, marker in zip(drawing.lines, COLOURS, MARKERS, strict=False):
            yield line.label, colour, marker
    if drawing.before:
        yield drawing.before.label, "#9aa5b1", ""


def _legend_rows(keys: list[tuple[str, str, str]]) -> int:
    return -(-len(keys) // 2)


def _draw_legend(canvas: Canvas, top: float, keys: list[tuple[str, str, str]]) -> None:
    if not keys:
        return
    axes = canvas.axes(MARGIN, top, WIDTH - 2 * MARGIN, _LEGEND * _legend_rows(keys))
    axes.set(xlim=(0, WIDTH - 2 * MARGIN), ylim=(_LEGEND * _legend_rows(keys), 0))
    axes.set_xticks([])
    axes.set_yticks([])
    for number, (label, colour, marker) in enumerate(keys):
        x, y = number % 2 * (WIDTH - 2 * MARGIN) / 2, (number // 2 + 0.5) * _LEGEND
        style = (0, (2, 2)) if not marker else "-"
        axes.plot([x, x + 56], [y, y], color=colour, lw=4, ls=style)
        if marker:
            axes.plot([x + 28], [y], marker=marker, ms=9, color=colour, mec="white")
        canvas.text(MARGIN + x + 72, top + y, label, SMALL, vertical="center")


def _number(value: float | None) -> float:
    return math.nan if value is None else value
