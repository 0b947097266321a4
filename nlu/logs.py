"""Rasa's side of the logs: the same JSON lines as the other parts write, without anybody's words."""

from __future__ import annotations

import contextvars
import json
import logging
import os
import sys
from datetime import datetime, timezone
from typing import Any, Dict

TIME = "%Y-%m-%dT%H:%M:%S.%fZ"  # as the other parts write it, so that `sort` orders all lines
turn_id: contextvars.ContextVar[str] = contextvars.ContextVar("turn_id", default="")
_SHOWN = ("event", "timestamp")
log = logging.getLogger("huiyin")  # ours: from INFO on


class Lines(logging.Formatter):
    """One line for each record: JSON, or for reading where LOG_FORMAT is plain."""

    def __init__(self, plain: bool) -> None:
        super().__init__()
        self._plain = plain

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        line: Dict[str, Any] = {
            "timestamp": moment.strftime(TIME),
            "level": record.levelname.lower(),
            "process": "nlu",
            "event": record.getMessage(),
        }
        if record.name != log.name:
            line["logger"] = record.name
        if turn_id.get():
            line["turn"] = turn_id.get()
        line.update(getattr(record, "told", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__qualname__  # its words may be a person's
        if self._plain:
            return self._plainly(moment.astimezone(), line)
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _plainly(moment: datetime, line: Dict[str, Any]) -> str:
        head = f"{moment:%H:%M:%S} {line.pop('process')}"
        level = line.pop("level")
        mark = "" if level in ("info", "debug") else f" {level.upper()}"
        rest = " ".join(f"{name}={value}" for name, value in line.items() if name not in _SHOWN)
        return f"{head}{mark} {line['event']} {rest}".rstrip()


def configure() -> None:
    """Warnings and errors of Rasa and its libraries: what they log below holds people's words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(os.environ.get("LOG_FORMAT", "") == "plain"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    log.setLevel(logging.INFO)
