"""Units beside each other: a dot each, with its interval; shared ranks are bracketed."""

from __future__ import annotations

from itertools import groupby

from matplotlib.axes import Axes

from actions.charts.canvas import (
    COLOURS,
    FAINT,
    GREY,
    INK,
    MARGIN,
    SMALL,
    STRIPE,
    TEXT,
    WIDTH,
    Canvas,
    fitted,
    headed,
    ticks,
    width_of,
    wrapped,
)
from actions.charts.drawing import Dot, Ranked
from actions.charts.words import words
from actions.reports.intervals import percent

MOST, OF_EACH_END = 40, 15
_ROW, _AXIS, _NOTE = 58, 44, 50
_RANK, _NAME, _FIELD, _SHARE = 124, 296, 392, 172  # pixels across, from the left
_LISTED = 12  # units with too few ratings that are named

type _Row = Dot | int  # a number: so many units are left out here


def draw(drawing: Ranked) -> bytes:
    said = words(drawing.language)
    rows = _rows(drawing.dots)
    few = _too_few(drawing)
    note = said["range_note"] if rows else said["none_ranked"].format(minimum=drawing.minimum)
    room = len(rows) * _ROW + (_AXIS if rows else 0) + _NOTE + len(few) * 38 + 24
    canvas, top = headed(room, drawing.title, drawing.subtitle, drawing.footer)
    if rows:
        _draw_field(canvas, top, rows)
        for number, row in enumerate(rows):
            middle = top + (number + 0.5) * _ROW
            if isinstance(row, Dot):
                _draw_row(canvas, middle, row, drawing.language)
            else:
                canvas.text(
                    WIDTH / 2,
                    middle,
                    said["between"].format(n=row),
                    SMALL,
                    GREY,
                    "center",
                    "center",
                )
        _draw_ranks(canvas, top, rows, said["shared"])
    below = top + len(rows) * _ROW + (_AXIS if rows else 0)
    canvas.text(MARGIN, below + 10, note, SMALL, GREY)
    for number, line in enumerate(few):
        canvas.text(
            MARGIN, below + _NOTE + 14 + number * 38, line, SMALL, INK if number == 0 else GREY
        )
    return canvas.png()


def _rows(dots: tuple[Dot, ...]) -> list[_Row]:
    """All units, or the first and the last of them with how many are left out between."""
    if len(dots) <= MOST:
        return list(dots)
    return [*dots[:OF_EACH_END], len(dots) - 2 * OF_EACH_END, *dots[-OF_EACH_END:]]


def _draw_field(canvas: Canvas, top: float, rows: list[_Row]) -> None:
    dots = [row for row in rows if isinstance(row, Dot)]
    axes = canvas.axes(MARGIN + _RANK + _NAME, top, _FIELD, len(rows) * _ROW)
    low, high = _span(dots)
    axes.set(xlim=(low, high), ylim=(len(rows), 0))
    _draw_stripes(canvas, top, rows)
    for number, row in enumerate(rows):
        if isinstance(row, Dot):
            y = number + 0.5
            axes.plot([row.low, row.high], [y, y], color=COLOURS[0], lw=4, alpha=0.55)
            axes.plot([row.share], [y], marker="o", ms=12, color=COLOURS[0], mec="white")
    step = next(step for step in (0.02, 0.05, 0.1, 0.25) if (high - low) / step <= 4.5)
    first = -(-round(low * 1000) // round(step * 1000))
    marks = [step * i for i in range(first, int(high / step + 0.001) + 1)]
    axes.set_xticks(marks, [f"{mark * 100:.0f}%" for mark in marks])
    axes.set_yticks([])
    axes.grid(axis="x", color=FAINT, lw=1.5)
    axes.set_axisbelow(True)
    ticks(axes)


def _span(dots: list[Dot]) -> tuple[float, float]:
    low, high = min(dot.low for dot in dots), max(dot.high for dot in dots)
    low = min(low, high - 0.1)
    edge = (high - low) * 0.04
    return max(0.0, low) - edge, high + edge


def _draw_stripes(canvas: Canvas, top: float, rows: list[_Row]) -> None:
    """Every second shared rank lies on grey, so that it is seen who stands together."""
    axes = canvas.axes(0, top, WIDTH, len(rows) * _ROW)
    axes.set(xlim=(0, 1), ylim=(len(rows), 0), zorder=-1)
    axes.set_xticks([])
    axes.set_yticks([])
    for number, (first, last, _) in enumerate(_groups(rows)):
        if number % 2 == 0:
            axes.axhspan(first, last + 1, color=STRIPE, lw=0)


def _groups(rows: list[_Row]) -> list[tuple[int, int, int]]:
    """The first row, the last row and the rank of those that share one."""
    found = []
    numbered = groupby(enumerate(rows), key=lambda at: at[1].rank if isinstance(at[1], Dot) else 0)
    for rank, those in numbered:
        places = [number for number, _ in those]
        if rank:
            found.append((places[0], places[-1], rank))
    return found


def _draw_ranks(canvas: Canvas, top: float, rows: list[_Row], shared: str) -> None:
    axes = canvas.axes(MARGIN, top, _RANK, len(rows) * _ROW)
    axes.set(xlim=(0, _RANK), ylim=(len(rows), 0))
    axes.set_xticks([])
    axes.set_yticks([])
    for first, last, rank in _groups(rows):
        middle = top + (first + last + 1) / 2 * _ROW
        if first == last:
            canvas.text(MARGIN + _RANK - 62, middle, str(rank), TEXT, INK, "center", "center")
            continue
        canvas.text(MARGIN, middle, f"{shared}{rank}", TEXT, INK, "left", "center")
        _draw_bracket(axes, first + 0.2, last + 0.8)


def _draw_bracket(axes: Axes, first: float, last: float) -> None:
    axes.plot(
        [_RANK - 14, _RANK - 24, _RANK - 24, _RANK - 14],
        [first, first, last, last],
        color=GREY,
        lw=2,
    )


def _draw_row(canvas: Canvas, middle: float, dot: Dot, language: str) -> None:
    said = words(language)
    label, size = _name(dot.label)
    canvas.text(MARGIN + _RANK, middle, label, size, INK, "left", "center")
    right = WIDTH - MARGIN
    canvas.text(right, middle - 12, percent(dot.share), TEXT, INK, "right", "center")
    canvas.text(
        right, middle + 15, said["count"].format(n=f"{dot.n:,}"), 21, GREY, "right", "center"
    )


def _name(label: str) -> tuple[str, int]:
    """The label in one line, else smaller in two, else cut; and how large."""
    wide = _NAME - 20
    for size in (TEXT, SMALL):
        if width_of(label, size) <= wide:
            return label, size
    lines = wrapped(label, wide, 21)
    if len(lines) > 2:
        return f"{lines[0]}\n{fitted(''.join(lines[1:]), wide, 21)}", 21
    while wide > 0 and len(halves := wrapped(label, wide, 21)) == 2:
        lines, wide = halves, wide - 10  # two lines of about one length
    return "\n".join(lines), 21


def _too_few(drawing: Ranked) -> list[str]:
    """Lines that name the units which are not ranked."""
    if not drawing.too_few:
        return []
    said = words(drawing.language)
    lines = [said["too_few"].format(minimum=drawing.minimum, n=len(drawing.too_few))]
    wide = WIDTH - 2 * MARGIN
    for each in drawing.too_few[:_LISTED]:
        n = said["count_withheld"] if each.n is None else said["count"].format(n=f"{each.n:,}")
        lines.append(f"{fitted(each.label, wide - 160, SMALL)}  {n}")
    if len(drawing.too_few) > _LISTED:
        lines.append(said["more_units"].format(n=len(drawing.too_few) - _LISTED))
    return lines
