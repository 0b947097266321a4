"""Outgoing → the words of a text message."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.sms import parts
from bot.message import Choice, Outgoing
from bot.text import CHOOSE, clean

_CHINESE = re.compile("[\u3400-\u9fff]")


def signed(sign: str) -> str:
    """The signature as it stands before the words; the country's rules want it there."""
    bare = sign.strip("【】 ")
    return f"【{bare}】" if bare else ""


def words(message: Outgoing, sign: str, most: int, ending: str, *, gsm: bool) -> str:
    """What the message says without the signature, cut so that both fit into `most` parts.

    '' when it says nothing: a picture cannot be sent.
    """
    text = clean(message.text).strip()
    tail = _answers(message.choices, chinese=bool(_CHINESE.search(text)) or not text)
    if not text and not tail:
        return ""
    head = signed(sign)
    whole = parts.fit(head + (text or CHOOSE), most, ending, tail=tail, gsm=gsm)
    return whole.removeprefix(head)


def _answers(choices: Sequence[Choice], *, chinese: bool) -> str:
    """The choices as what to write back: 回1满意 回2不满意."""
    if not choices:
        return ""
    labels = [" ".join(clean(choice.label).split()) for choice in choices]
    if chinese:
        return "\n" + " ".join(f"回{number}{label}" for number, label in enumerate(labels, 1))
    return "\nReply " + ", ".join(f"{number} {label}" for number, label in enumerate(labels, 1))
