"""`./huiyin events …`: feeds and their keys, events from CSV files, how far invitations came."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from actions import clock
from actions.bootstrap import Services
from actions.callbacks.months import month_bounds
from actions.errors import ConfigurationError, Refusal
from actions.invitations.coverage import Covered
from actions.invitations.csv_events import read_events
from actions.invitations.funnel import BY, Steps
from actions.invitations.intake import Taken
from actions.invitations.kinds import EventKind
from bot.cli.admin import with_services
from bot.cli.command import Command

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_KINDS = tuple(kind.value for kind in EventKind)
_COLUMNS = (
    *("events", "waiting", "eligible", "chosen", "sent"),
    *("delivered", "reminded", "answered", "expired"),
)
_COVERAGE = ("events", "shifts", "never", "asked", "used", "ratings")


def _feed_add(arguments: Namespace) -> None:
    if not _NAME.fullmatch(arguments.name):
        raise ConfigurationError("A feed's name has small letters, digits and _, 40 at most.")

    async def work(services: Services) -> None:
        key = await services.invitations.feeds.add(arguments.name, arguments.kinds or _KINDS)
        print(f"The key of {arguments.name}; it is shown this once, a former one ends now:")
        print(key)

    with_services(work)


def _feed_list(_: Namespace) -> None:
    async def work(services: Services) -> None:
        for feed in await services.invitations.feeds.all():
            state = "open" if feed.active else "closed"
            print(f"{feed.name:<20} {state:<7} {', '.join(feed.kinds)}")

    with_services(work)


def _feed_close(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        await services.invitations.feeds.close(arguments.name)
        print(f"The key of {arguments.name} opens nothing any more.")

    with_services(work)


def _import(arguments: Namespace) -> None:
    path = Path(arguments.file)

    async def work(services: Services) -> None:
        invitations = services.invitations
        feed = await invitations.feeds.named(arguments.feed)
        taken = await invitations.intake.take(feed, read_events(path), path.name)
        print(_told(taken))
        counts = await invitations.planning.plan()
        told = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
        print(f"Looked at: {told or 'nothing new'}.")

    with_services(work)


def _told(taken: Taken) -> str:
    parts = [f"{count:,} {outcome}" for outcome, count in taken.counts.items()]
    told = f"{', '.join(parts)}."
    if taken.unreadable:
        told += f" Phones that could not be read: {len(taken.unreadable):,}; nobody is asked there."
    return told


def _follow(arguments: Namespace) -> None:
    since, until = _period(arguments.month, clock.now())

    async def work(services: Services) -> None:
        found = await services.invitations.funnel.follow(since, until, arguments.by)
        for line in table(found):
            print(line)

    with_services(work)


def table(found: Mapping[str, Steps]) -> list[str]:
    """A line a name with its steps, and why not below it."""
    if not found:
        return ["No events in that time."]
    widest = max(len(name) for name in found)
    lines = [f"{'':<{widest}}  " + "  ".join(f"{name:>9}" for name in _COLUMNS)]
    for name, steps in found.items():
        counts = "  ".join(f"{getattr(steps, column):>9,}" for column in _COLUMNS)
        lines.append(f"{name:<{widest}}  {counts}")
        reasons = ", ".join(f"{reason} {count}" for reason, count in steps.reasons().items())
        if reasons:
            lines.append(f"{'':<{widest}}  why not: {reasons}")
    return lines


def _coverage(arguments: Namespace) -> None:
    since, until = _period(arguments.month, clock.now())

    async def work(services: Services) -> None:
        below = await _path(services, arguments.below) if arguments.below else "/"
        for line in coverage_table(
            await services.invitations.coverage.between(since, until, below)
        ):
            print(line)

    with_services(work)


def coverage_table(covered: Covered) -> list[str]:
    """A line for each officer by badge, and one for all; "-" where too few codes tell who used one."""
    if not covered.by_officer:
        return ["No services, codes or ratings of officers in that time."]
    rows = [(one.badge, one.record) for one in covered.by_officer]
    lines = [f"{'':<10}" + "".join(f"{name:>9}" for name in _COVERAGE)]
    for name, record in [*rows, ("all", covered.whole)]:
        used = "-" if record.used_shown is None else f"{record.used_shown:,}"
        counts = (record.events, record.shifts, record.never, record.asked)
        told = [*(f"{count:,}" for count in counts), used, f"{record.ratings:,}"]
        lines.append(f"{name:<10}" + "".join(f"{each:>9}" for each in told))
    lines.append("never: shifts with services that may be asked about, and no code asked for.")
    return lines


async def _path(services: Services, code: str) -> str:
    for unit in (await services.org.tree()).units.values():
        if unit.code.casefold() == code.casefold():
            return unit.path
    raise ConfigurationError(f"No unit has the code {code}; see ./huiyin units list.")


def _period(month: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The month's bounds, or the last 30 days."""
    if month is None:
        return now - timedelta(days=30), now + timedelta(days=1)
    try:
        return month_bounds(month)
    except ValueError as error:
        raise ConfigurationError(f"{month!r} is no month; write for example 2026-11.") from error


def _sample(arguments: Namespace) -> None:
    _period(arguments.month, clock.now())

    async def work(services: Services) -> None:
        again = await services.invitations.funnel.draw_again(arguments.month)
        if again is None:
            print(f"Nothing was drawn in {arguments.month}.")
            return
        agrees = "as it was recorded" if again.as_recorded else "NOT as it was recorded"
        print(f"seed {again.seed}: {again.belong:,} of {again.looked_at:,} belong, {agrees}.")
        print("An event's lot: printf %s SEED:FEED:NUMBER | sha256sum; it belongs when the first")
        print("12 digits, read as a fraction, lie below the policy's share.")

    with_services(work)


def _opt_out(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        try:
            shown = await services.invitations.opt_outs.by_administrator(
                arguments.number, stop=not arguments.undo
            )
        except Refusal as refusal:
            raise ConfigurationError(
                f"{arguments.number!r} is no telephone number that can be read."
            ) from refusal
        print(f"{shown} {'may be asked again' if arguments.undo else 'is not asked any more'}.")

    with_services(work)


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="action", metavar="feed|import|follow|coverage|sample|optout", required=True
    )
    _feed_arguments(actions.add_parser("feed", help="systems that report, and their keys"))
    taking = actions.add_parser("import", help="take in a CSV file, all of it or nothing")
    taking.add_argument("file", help="CSV in UTF-8 or GB18030; see docs/invitations.md")
    taking.add_argument("--feed", required=True, help="the feed whose events these are")
    taking.set_defaults(work=_import)
    following = actions.add_parser("follow", help="how far invitations came, and why not")
    following.add_argument("--by", choices=BY, default="feed")
    following.add_argument("--month", help="such as 2026-11; none: the last 30 days")
    following.set_defaults(work=_follow)
    silencing = actions.add_parser("optout", help="never ask this number again, whoever it is")
    silencing.add_argument("number", help="as people write it: '139 0000 0000'")
    silencing.add_argument("--undo", action="store_true", help="it may be asked again")
    silencing.set_defaults(work=_opt_out)
    covering = actions.add_parser("coverage", help="which officers had services and never asked")
    covering.add_argument("--month", help="such as 2026-11; none: the last 30 days")
    covering.add_argument("--below", default="", help="a unit's code; none: the whole city")
    covering.set_defaults(work=_coverage)
    sampling = actions.add_parser("sample", help="draw a month's random share again")
    sampling.add_argument("month", help="such as 2026-11")
    sampling.set_defaults(work=_sample)


def _feed_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="feed_action", metavar="add|list|close", required=True)
    adding = actions.add_parser("add", help="make a feed, or a new key for it")
    adding.add_argument("name", help="small letters, digits and _")
    adding.add_argument("--kinds", nargs="+", choices=_KINDS, help="what it may send; none: all")
    adding.set_defaults(work=_feed_add)
    actions.add_parser("list", help="every feed").set_defaults(work=_feed_list)
    closing = actions.add_parser("close", help="end a feed's key")
    closing.add_argument("name")
    closing.set_defaults(work=_feed_close)


COMMANDS = (
    Command(
        "events",
        "feeds, service events, and how far invitations came",
        lambda arguments: arguments.work(arguments),
        _arguments,
    ),
)
