"""The hours of the week: how much came when."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from actions.charts.canvas import FAINT, GREY, INK, MARGIN, SMALL, WIDTH, font, headed, ticks
from actions.charts.drawing import HOURS, WEEKDAYS, Heat
from actions.charts.words import words

_LEFT, _ROW, _HEAD, _NOTE = 130, 54, 56, 60
_COLOURS = LinearSegmentedColormap.from_list("huiyin", ["#e3eef6", "#0072b2", "#08304b"])


def draw(drawing: Heat) -> bytes:
    said = words(drawing.language)
    room = _HEAD + HOURS * _ROW + _NOTE
    canvas, top = headed(room, drawing.title, drawing.subtitle, drawing.footer)
    axes = canvas.axes(_LEFT, top + _HEAD, WIDTH - _LEFT - MARGIN, HOURS * _ROW)
    axes.set(xlim=(0, WEEKDAYS), ylim=(HOURS, 0))
    most = max((n for day in drawing.counts for n in day if n), default=1)
    for day, hours in enumerate(drawing.counts):
        for hour, n in enumerate(hours):
            _draw_cell(axes, day, hour, n, most, said["under"].format(n=drawing.smallest))
    axes.xaxis.tick_top()
    axes.set_xticks([day + 0.5 for day in range(WEEKDAYS)], said["weekdays"].split())
    marks = range(0, HOURS, 2)
    axes.set_yticks([hour + 0.5 for hour in marks], [said["hour"].format(hour=h) for h in marks])
    ticks(axes)
    note = said["heat_note"].format(n=drawing.smallest)
    canvas.text(MARGIN, top + _HEAD + HOURS * _ROW + 16, note, SMALL, GREY)
    return canvas.png()


def _draw_cell(axes: Axes, day: int, hour: int, n: int | None, most: int, under: str) -> None:
    """Nothing at all: white in a thin frame. Too few: hatched. Else the darker, the more."""
    cell = Rectangle((day + 0.03, hour + 0.05), 0.94, 0.9, fc="white", ec=FAINT, lw=1.5)
    if n is None:
        cell.set_hatch("//")
    elif n:
        cell.set(fc=_COLOURS(n / most), ec="none")
    axes.add_patch(cell)
    if n == 0:
        return
    words_on = under if n is None else f"{n:,}"
    colour = "white" if n is not None and n > most * 0.4 else INK
    axes.text(
        day + 0.5,
        hour + 0.52,
        words_on,
        fontproperties=font(SMALL - 2),
        color=colour if n is not None else GREY,
        ha="center",
        va="center",
    )
