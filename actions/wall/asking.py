"""What is wanted of a wall screen: 大屏, 大屏 桥西, 关大屏 2, "wall off", in whatever order. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_OFF = re.compile(r"关|收回|撤|停|\b(?:off|close|end|stop|down)\b", re.IGNORECASE)
_LIST = re.compile(r"列表|哪些|几块|哪几|在哪|清单|\b(?:list|which)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_FILLING = re.compile(
    r"""/|大屏幕?|墙屏|链接|网址|地址|屏幕|一[个块下]|给我|帮我|我[们要想]?|请|麻烦|打开|开一?下?|挂一?[个块]?|看一?[看下]?
    |发[一给]?[个下]?|要|把|的|了|吧|呢|吗|单位|满意[度率]|数据|指挥中心|[那这][一]?块|墙上
    |\b(?:wall|screen|open|the|a|for|of|please|link|to|show|me|give|my|our|display)\b""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """`what`: open, off or list. `number` (from 1) names a screen of the list, None all of them;
    `unit` is how the unit to show was named, empty for the own one.
    """

    what: str
    number: int | None = None
    unit: str = ""


def read_wish(text: str) -> Wish:
    """What the words ask for; opening one unless they say otherwise."""
    words = unicodedata.normalize("NFKC", text)
    if _OFF.search(words):
        number = _NUMBER.search(words)
        return Wish("off", int(number[1]) if number else None)
    if _LIST.search(words):
        return Wish("list")
    rest = re.sub(r"[?？!！。,，、;；:：]", " ", _FILLING.sub(" ", words))
    return Wish("open", unit=" ".join(rest.split()))
