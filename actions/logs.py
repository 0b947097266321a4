"""Structured logs: one JSON line each, with what happened and ids, never with what people wrote."""

from __future__ import annotations

import logging
import sys
import traceback
import warnings
from collections.abc import Iterator
from types import TracebackType

import structlog
from aiohttp.http_exceptions import HttpProcessingError

type ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Formatter(logging.Formatter):
    """For libraries' records: an error's place and type, without its words."""

    def formatException(self, ei: ExcInfo | tuple[None, None, None]) -> str:  # noqa: N802
        return without_words(ei) if ei[1] else ""


def configure(level: str, *, process: str) -> None:
    """Sets up logging for this process; libraries log from WARNING on."""
    number = logging.getLevelNamesMapping()[level]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter("%(levelname)s %(name)s %(message)s"))
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    warnings.filterwarnings("ignore", module="aiohttp")  # they quote file names and headers
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.ExceptionRenderer(without_words),
            structlog.processors.JSONRenderer(ensure_ascii=False),
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
