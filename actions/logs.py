"""Structured logs: one line each, with what happened and ids, never with what people wrote.

A line is JSON, or with LOG_FORMAT=plain made for reading. The id of the message that everything in
a task is done for stands in all its lines as `turn`, in every process: one grep shows its whole way.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
import uuid
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from structlog.typing import EventDict, Processor, WrappedLogger

type ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

PLAIN, JSON = "plain", "json"
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"  # as Rasa's side writes it, too
_FIRST = ("timestamp", "level", "process", "event")  # so that `sort` puts all parts' lines in order


class Formatter(logging.Formatter):
    """For libraries' records: an error's place and type, without its words."""

    def __init__(self, render: Processor) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        line: EventDict = {
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": f"{datetime.fromtimestamp(record.created, UTC):{_TIME}}",
            **structlog.contextvars.get_contextvars(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = without_words(record.exc_info)
        return str(self._render(None, "", line))


def configure(level: str, *, process: str, form: str = JSON) -> None:
    """Sets up logging for this process; libraries log from WARNING on."""
    number = logging.getLevelNamesMapping()[level]
    render: Processor = plainly if form == PLAIN else _as_json
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter(render))
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    warnings.filterwarnings("ignore", module="aiohttp")  # they quote file names and headers
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt=_TIME, utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.ExceptionRenderer(without_words),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)


def _is_ours(record: logging.LogRecord) -> bool:
    """False for what is no HTTP: it was refused, it names the address it came from, and who sends
    much of it could fill the disk."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


def about(turn: uuid.UUID | str | None) -> AbstractContextManager[None]:
    """Every line of this task carries the turn meanwhile; None: whatever it carried before."""
    if turn is None:
        return structlog.contextvars.bound_contextvars()
    return structlog.contextvars.bound_contextvars(turn=str(turn))


def turn() -> uuid.UUID | None:
    """The turn that this task is about, if it is about one."""
    bound = structlog.contextvars.get_contextvars().get("turn")
    try:
        return uuid.UUID(bound) if bound else None
    except ValueError:
        return None


def plainly(_: WrappedLogger, __: str, line: EventDict) -> str:
    """One line for people: `14:05:01 gateway turn channel=wechat …`, the time as on our clocks."""
    moment = datetime.fromisoformat(str(line.pop("timestamp"))).astimezone()
    process, event = line.pop("process", ""), line.pop("event", "")
    level, traced = line.pop("level", "info"), line.pop("exception", "")
    mark = "" if level in {"info", "debug"} else f"{str(level).upper()} "
    rest = " ".join(f"{name}={value}" for name, value in line.items())
    told = f"{moment:%H:%M:%S} {process} {mark}{event} {rest}".rstrip()
    return f"{told}\n{traced}" if traced else told


def _as_json(_: WrappedLogger, __: str, line: EventDict) -> str:
    first = {name: line.pop(name) for name in _FIRST if name in line}
    return json.dumps({**first, **line}, ensure_ascii=False, default=_type)


def _type(value: Any) -> str:
    """What JSON cannot say is named by its type: its text might be anybody's words."""
    return str(value) if isinstance(value, uuid.UUID | datetime) else type(value).__name__


def without_words(exc_info: ExcInfo) -> str:
    """Where an error and what caused it were raised, and their types.

    Never their words: a message may quote what somebody wrote ("'…' is not a valid Grade").
    """
    return "\ncaused ".join(
        "".join(traceback.format_tb(error.__traceback__))
        + f"{type(error).__module__}.{type(error).__qualname__}"
        for error in reversed(list(_chain(exc_info[1])))
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
