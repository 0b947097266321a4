"""Trouble on demand: the next calls to a path fail, or are slow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls whose path ends with `path`.

    `delay` seconds pass first. Then `errcode` answers as WeChat does (HTTP 200), `status` as
    HTTP does (as Telegram's error if the call was Telegram's); with neither the call goes on.
    """

    path: str
    errcode: int | None = None
    status: int | None = None
    description: str = ""
    retry_after: int | None = None
    delay: float = 0.0
    times: int = 1


class Faults:
    """The faults still to come, in the order they were ordered."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, request: dict[str, Any]) -> Fault:
        """Adds a fault from the control API's JSON. TypeError for an unknown field."""
        fault = Fault(**request)
        self._faults.append(fault)
        return fault

    def take(self, path: str) -> Fault | None:
        """The fault that this call meets, counted off."""
        for fault in self._faults:
            if path.endswith(fault.path):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        self._faults.clear()
