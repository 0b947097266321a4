"""Codes that people type instead of scanning them, and addresses of stickers that they paste."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from actions.codes.spelling import typed_in
from actions.org.org import Org

# An invitation's code and a digit: "X6PY86M 3". Together they are as long as a place's code.
_ANSWER = re.compile(r"\s*(?:\w{7}\s+\w|\w\s+\w{7})\s*")


class TypedCodes:
    """Tells a typed code from other words."""

    def __init__(self, org: Org, public_url: str = "") -> None:
        self._org = org
        self._host = urlsplit(public_url).netloc.lower()

    async def scene(self, text: str) -> str | None:
        """What was typed, as if it had been scanned; None when the text is something else.

        Of a code that can be nothing else it does not matter whether it is known here: the answer
        says so. The address of another city's sticker is given back whole.
        """
        typed = None if _ANSWER.fullmatch(text) else typed_in(text)
        if typed is None:
            return None
        if typed.host and self._host:
            ours = typed.host == self._host
            return typed.scene if ours else text.strip() if typed.certain else None
        if typed.certain or await self._org.code(typed.scene):
            return typed.scene
        return None
