"""Rasa's side of the logs: the same JSON lines as the other parts write, without anybody's words."""

from __future__ import annotations

import contextvars
import json
import logging
import os
import sys
from datetime import datetime, timezone
from typing import Any, Dict

turn_id: contextvars.ContextVar[str] = contextvars.ContextVar("turn_id", default="")
log = logging.getLogger("huiyin")  # ours: from INFO on


class Lines(logging.Formatter):
    """One line for each record: JSON, or for reading where LOG_FORMAT is plain."""

    def __init__(self, plain: bool) -> None:
        super().__init__()
        self._plain = plain

    def format(self, record: logging.LogRecord) -> str:
        line: Dict[str, Any] = {
            "event": record.getMessage(),
            "process": "nlu",
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
        }
        if record.name != log.name:
            line["logger"] = record.name
        if turn_id.get():
            line["turn"] = turn_id.get()
        line.update(getattr(record, "told", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__qualname__  # its words may be a person's
        return self._plainly(line) if self._plain else json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _plainly(line: Dict[str, Any]) -> str:
        moment = datetime.fromisoformat(line.pop("timestamp")).astimezone()
        head = f"{moment:%H:%M:%S} {line.pop('process')}"
        level = line.pop("level")
        mark = "" if level in ("info", "debug") else f" {level.upper()}"
        rest = " ".join(f"{name}={value}" for name, value in line.items() if name != "event")
        return f"{head}{mark} {line['event']} {rest}".rstrip()


def configure() -> None:
    """Warnings and errors of Rasa and its libraries: what they log below holds people's words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(os.environ.get("LOG_FORMAT", "") == "plain"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    log.setLevel(logging.INFO)
