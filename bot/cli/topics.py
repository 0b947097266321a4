"""`./huiyin topics`: what citizens wrote about in a period, or what a file of texts is about."""

from __future__ import annotations

import asyncio
import csv
import io
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from actions import clock
from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.errors import ConfigurationError, Refusal
from actions.org.org import Unit
from actions.reports.periods import Period
from actions.topics.building import Written, build_report
from actions.topics.report import EXAMPLES, FEWEST, SMALL, Group, TopicReport, Trend
from actions.topics.runner import find_apart
from bot.cli.admin import with_services
from bot.cli.command import Command

_TRENDS = {Trend.NEW: "new", Trend.RISING: "rising", Trend.STEADY: "", Trend.FALLING: "falling"}


def _topics(arguments: Namespace) -> None:
    if arguments.csv:
        _of_file(arguments)
        return
    period = _period(arguments.since, arguments.until)

    async def work(services: Services) -> None:
        unit = await _unit(services, arguments.unit)
        try:
            report = await services.topics.topics(unit, period, patience=None)
        except Refusal as refusal:
            raise ConfigurationError(
                f"That is more than {refusal.params['count']} cases; ask for fewer days."
            ) from refusal
        for line in _told(report):
            print(line)

    with_services(work)


def _of_file(arguments: Namespace) -> None:
    texts = _written(Path(arguments.csv), arguments.column, arguments.citizen)
    now = clock.now()
    nothing = Period(arguments.csv, now, now)
    found = asyncio.run(find_apart([each.text for each in texts], []))
    report = build_report((0, arguments.column), nothing, nothing, texts, [], found, now)
    for line in _told(report):
        print(line)


def _written(path: Path, column: str, citizen: str) -> list[Written]:
    """The column's texts; without a column that says who wrote it each row is another citizen."""
    reader = csv.DictReader(io.StringIO(_text(path), newline=""))
    missing = [name for name in (column, citizen) if name and name not in (reader.fieldnames or ())]
    if missing:
        raise ConfigurationError(f"{path} has no column {missing[0]}.")
    return [
        Written(row[column], row[citizen] if citizen else str(line), f"row {line}")
        for line, row in enumerate(reader, 2)
        if (row[column] or "").strip()
    ]


def _text(path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return path.read_text(encoding)
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
    raise ConfigurationError(f"{path} is neither UTF-8 nor GB18030; save it as one of them.")


async def _unit(services: Services, words: str) -> Unit:
    tree = await services.org.tree()
    if not words:
        return min(tree.units.values(), key=lambda unit: len(unit.path))
    for unit in tree.units.values():
        if words in (unit.code, unit.name, unit.label):
            return unit
    near = ", ".join(match.label for match in await services.org.match_units(words, 3))
    raise ConfigurationError(f"No unit is called {words}." + (f" Near: {near}." if near else ""))


def _period(since: date | None, until: date | None) -> Period:
    """From `since` (the first of the month without one) to `until` (today), both days included."""
    today = clock.beijing(clock.now()).date()
    last = until or today
    first = since or last.replace(day=1)
    if first > last:
        raise ConfigurationError("--since lies after --until.")
    start, end = (
        datetime.combine(day, time(), BEIJING).astimezone(UTC)
        for day in (first, last + timedelta(days=1))
    )
    return Period(f"{first} to {last}", start, end, f"{first} to {last}")


def _told(report: TopicReport) -> Iterator[str]:
    yield f"{report.unit_label}, {report.period.label}: {report.texts:,} texts"
    if report.compared:
        yield f"before, {report.before.label_en}: {report.texts_before:,} texts"
    if report.too_few:
        yield f"Fewer than {FEWEST} texts: too few to group."
        return
    for group in report.groups:
        yield from _group_lines(report, group)
    yield f"{report.ungrouped:,} texts are in no group of {SMALL} citizens or more."


def _group_lines(report: TopicReport, group: Group) -> Iterator[str]:
    before = ""
    if report.compared:
        before = f", before {'under ' + str(SMALL) if group.before is None else group.before}"
    trend = f" [{_TRENDS[group.trend]}]" if _TRENDS[group.trend] else ""
    yield f"{group.count:>5,}  {' '.join(group.name)}{trend} ({group.citizens:,} citizens{before})"
    for example in group.examples[:EXAMPLES]:
        yield f"       {example.number}: {example.text}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write 2026-11-20") from error


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--since", type=_day, help="first day, in Beijing; none: the month's first")
    parser.add_argument("--until", type=_day, help="last day, included; none: today")
    parser.add_argument("--unit", default="", help="code or name; none: all")
    parser.add_argument("--csv", help="try it on a file instead: CSV in UTF-8 or GB18030")
    parser.add_argument("--column", default="text", help="the file's column with the texts")
    parser.add_argument(
        "--citizen", default="", help="its column that tells citizens apart, if any"
    )


COMMANDS = (Command("topics", "what citizens write about, grouped", _topics, _arguments),)
