"""Setting the clock by which a running demo lives: to see deadlines pass without waiting."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta
from pathlib import Path

from actions import clock
from actions.deadlines.spans import SpanUnit, parse_span
from actions.errors import ConfigurationError
from actions.settings import Settings, read
from bot.cli.command import Command

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")


def moment(text: str, now: datetime) -> datetime | None:
    """ "+2 hours", "+3 days", "2026-11-23 09:00" (Beijing) as an aware moment; None for "real".

    Raises ConfigurationError, one sentence.
    """
    said = text.strip()
    if said == "real":
        return None
    if said.startswith("+"):
        return now + _length(said)
    if not _MOMENT.fullmatch(said):
        raise ConfigurationError(
            f'{said!r} is no time; write "+2 hours", "+1 day", "2026-11-23 09:00" or "real".'
        )
    try:
        return datetime.fromisoformat(said).replace(tzinfo=clock.BEIJING)
    except ValueError as error:
        raise ConfigurationError(f"{said!r} is not in the calendar.") from error


def _length(said: str) -> timedelta:
    try:
        span = parse_span(said[1:].strip())
    except ValueError as error:
        raise ConfigurationError(f'{said!r} is no time; write for example "+2 hours".') from error
    if span.length is not None:
        return span.length
    if span.unit is SpanUnit.DAYS:
        return timedelta(days=span.count)
    raise ConfigurationError(f"{said!r} is no length of time; write days, hours or minutes.")


def _set(arguments: Namespace) -> None:
    file = read(Settings).clock_file
    if not file:
        raise ConfigurationError("Only a demo has a clock to set: ./huiyin --demo clock …")
    clock.follow(Path(file))
    wanted = moment(" ".join(arguments.to) or "real", clock.now()) if arguments.to else clock.now()
    if arguments.to:
        Path(file).write_text(wanted.isoformat() if wanted else "", encoding="ascii")
    shown = clock.beijing(clock.now())
    print(f"{shown:%Y-%m-%d %H:%M} in Beijing")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("to", nargs="*", help='"+2 hours", "2026-11-23 09:00", "real"; none: show')


COMMANDS = (Command("clock", "set the clock of a running demo", _set, _arguments),)
