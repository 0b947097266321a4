"""Reading "改一下电话 139…", "时间改成昨天下午", "地点不对，是南站": which line, and what instead. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.phones import find_phones

_NAMES = {
    "contact": "联系电话|联系方式|手机号码|电话号码|手机号|手机|电话|号码|phone number|phone|number|contact",
    "happened_at": "发生时间|时间|日期|date|time|when",
    "place": "发生地点|地点|地方|地址|位置|place|address|location|where",
    "unit": "被投诉单位|单位|派出所|民警|警官|窗口|unit|station|officer",
    "what": "事情经过|经过|内容|事情|描述|情况|说明|text|content|description",
    "attachments": "照片|图片|附件|photos|photo|pictures|picture",
}
_FIELD = "|".join(f"(?P<{slot}>{names})" for slot, names in _NAMES.items())
_CHANGE = r"(?:改|换|更正|修改|更改|修正|变更|纠正|change|correct|edit|fix)(?:一下|下|个|一个|掉)?"
_TO = r"(?:改|换)?(?:成|为|到|是|:|：|=|to|is|应该是|应该|应是|其实是|实际是)"
_WRONG = r"(?:写错|填错|说错|弄错|搞错|错|不对|有误|记错|wrong)(?:了|啦)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 改一下电话 139…；把时间改成昨天下午；change the phone to 139…
        rf"^(?:我|我要|我想|帮我|请|麻烦|等下|等等|不对)*[，, ]*{_CHANGE}\s*(?:the |my )?(?:{_FIELD})\s*(?:{_TO})?[，,：: ]*(?P<value>.*)$",
        # 电话改成139…；时间应该是昨天；电话要改一下
        rf"^(?:把|将|那个|the |my )?\s*(?:{_FIELD})\s*(?:我)?(?:要|想|得)?\s*(?:{_CHANGE}(?:{_TO})?|{_TO}|{_WRONG}[，,。 ]*(?:{_TO})?)[，,：: ]*(?P<value>.*)$",
    )
)


@dataclass(frozen=True, slots=True)
class Correction:
    """`value` is empty when only the line was named."""

    slot: str
    value: str = ""


def correction_in(text: str) -> Correction | None:
    """The correction that the text asks for; a phone number alone corrects the contact."""
    words = text.strip().rstrip("。.!！")
    for pattern in _PATTERNS:
        found = pattern.match(words)
        if found:
            slot = next(name for name in _NAMES if found[name])
            return Correction(slot, (found["value"] or "").strip(" ，,。了吧"))
    phones = find_phones(words)
    if phones and len(words) - (phones[0].end - phones[0].start) <= 6:
        return Correction("contact", phones[0].number)
    return None
