"""How WeChat and WeCom refuse a call: HTTP 200, with errcode and errmsg in the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class ErrcodeError(Exception):
    """The call is refused with `code`; `hint` narrows it down for the developer.

    Each platform says in a class of its own what its codes mean.
    """

    meanings: ClassVar[Mapping[int, str]] = {}

    def __init__(self, code: int, hint: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint

    def body(self) -> dict[str, object]:
        """The JSON that the platform answers."""
        meaning = self.meanings.get(self.code, "unknown error")
        return {"errcode": self.code, "errmsg": f"{meaning} {self.hint}".strip()}
