"""The picture of a drawing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module

from actions.charts.drawing import Drawing, Heat, Ranked, Trend

_ALONE = threading.Lock()  # matplotlib keeps fonts and settings that threads would share
_MODULES: dict[type[Trend] | type[Ranked] | type[Heat], str] = {
    Trend: "actions.charts.trend",
    Ranked: "actions.charts.ranking",
    Heat: "actions.charts.hours",
}


def picture(drawing: Drawing) -> bytes:
    """A PNG, 1080 pixels across; the same drawing is the same bytes, in any process.

    Takes a few tenths of a second: call it in a thread. matplotlib (a second and 60 MB) is loaded
    with the first picture, so that who draws none does not have it.
    """
    with _ALONE:
        draw: Callable[[Drawing], bytes] = import_module(_MODULES[type(drawing)]).draw
        return draw(drawing)
