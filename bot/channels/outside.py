"""JSON as it comes from outside, whoever sends it."""

from __future__ import annotations

import json
import math
from typing import Any


def read_json(body: bytes | str) -> Any:
    """What the body says. Raises ValueError for what is no JSON, for NaN, Infinity and numbers too
    large to be one, and for what is nested so deep that nobody can mean it.
    """
    try:
        return json.loads(body, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _no_number(_: str) -> float:
    raise ValueError("a number that is none")
