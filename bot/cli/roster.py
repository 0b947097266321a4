"""`./huiyin roster FILE`: who is on duty when, from a CSV file."""

from __future__ import annotations

import csv
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.errors import ConfigurationError
from actions.people.roster import Shift
from bot.cli.admin import with_services
from bot.cli.command import Command

COLUMNS = ["unit", "badge", "from", "until"]


def read_roster(file: Path) -> list[Shift]:
    """The lines of the file: unit code, badge, from and until as "2026-11-23 08:00" in Beijing.

    Raises ConfigurationError with a sentence for each line that cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file} is not UTF-8 text; save it as UTF-8.") from error
    lines = list(csv.reader(text.splitlines()))
    if not lines or [cell.strip().lower() for cell in lines[0]] != COLUMNS:
        raise ConfigurationError(f"{file}:1: the first line must be {','.join(COLUMNS)}.")
    found, wrong = [], []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            found.append(_shift([cell.strip() for cell in cells]))
        except ValueError:
            wrong.append(
                f'{file}:{number}: write a unit code, a badge and two times as "2026-11-23 08:00".'
            )
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    return found


def _shift(cells: list[str]) -> Shift:
    unit, badge, begins, ends = cells
    if not unit or not badge:
        raise ValueError("nobody named")
    return Shift(unit, badge, _moment(begins), _moment(ends))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)


def _load(arguments: Namespace) -> None:
    lines = read_roster(Path(arguments.file))

    async def work(services: Services) -> None:
        mistakes = await services.roster.load(lines)
        if mistakes:
            raise ConfigurationError("\n".join(mistakes))

    with_services(work)
    print(f"{len(lines)} shifts are in the roster.")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", help=f"CSV with the columns {','.join(COLUMNS)}")


COMMANDS = (Command("roster", "load the duty roster from a CSV file", _load, _arguments),)
