"""`./huiyin cases …`: feeds that hand cases over, their files, categories and results."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path

from actions import clock
from actions.bootstrap import Services
from actions.errors import ConfigurationError
from actions.feeds.case_feeds import CaseFeed, Tells
from actions.feeds.record import FIELDS, REQUIRED
from actions.feeds.sources import Source
from actions.feeds.webhook import check_url
from actions.invitations.csv_events import read_events
from bot.cli.admin import with_services
from bot.cli.command import Command

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_EVERY = 25  # records between two words on how far it is


def _feed_add(arguments: Namespace) -> None:
    if not _NAME.fullmatch(arguments.name):
        raise ConfigurationError("A feed's name has small letters, digits and _, 40 at most.")
    url = check_url(arguments.webhook, intranet=arguments.intranet) if arguments.webhook else ""
    mapping = arguments.mapping or arguments.source

    async def work(services: Services) -> None:
        keys = await services.elsewhere.feeds.add(
            arguments.name, Source(arguments.source), mapping, Tells(arguments.tells), url
        )
        print(f"The key of {arguments.name}; it is shown this once, a former one ends now:")
        print(keys.key)
        if keys.secret:
            print("The secret with which its results are signed; it is shown this once:")
            print(keys.secret)

    with_services(work)


def _feed_list(_: Namespace) -> None:
    async def work(services: Services) -> None:
        for feed in await services.elsewhere.feeds.all():
            print("\n".join(_lines(feed)))

    with_services(work)


def _lines(feed: CaseFeed) -> list[str]:
    """The feed, and below it what needs a look."""
    state = "open" if feed.active else "closed"
    lines = [
        f"{feed.name:<20} {state:<7} {feed.source:<18} {feed.records:>7,} records, "
        f"{feed.waiting:,} waiting; tells: {feed.tells}; mapping: {feed.mapping}"
    ]
    if feed.failed:
        lines.append(f"  {feed.failed:,} records could not be opened; see the worker's log")
    if feed.webhook:
        lines.append(f"  results to {feed.webhook}: {feed.unsent:,} queued, "
                     f"{feed.undelivered:,} given up")  # fmt: skip
    if feed.stopped_at is not None:
        at = clock.beijing(feed.stopped_at)
        lines.append(f"  stopped {at:%Y-%m-%d %H:%M}: the other side answered 410 Gone")
    elif feed.failures:
        lines.append(f"  failed {feed.failures:,} times one after the other")
    return lines


def _feed_close(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        await services.elsewhere.feeds.close(arguments.name)
        print(f"The key of {arguments.name} opens nothing any more.")

    with_services(work)


def _feed_secret(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        secret = await services.elsewhere.feeds.new_secret(arguments.name)
        print("The new secret; it is shown this once. For a day results carry both signatures:")
        print(secret)

    with_services(work)


def _import(arguments: Namespace) -> None:
    path = Path(arguments.file)

    async def work(services: Services) -> None:
        elsewhere = services.elsewhere
        feed = await elsewhere.feeds.named(arguments.feed)
        elsewhere.feeds.mapping(feed)
        records = read_events(path, tuple(FIELDS), REQUIRED)
        staged = await elsewhere.staging.take(feed, records, path.name)
        print(f"{staged.new:,} new, {staged.changed:,} changed, {staged.known:,} known. All kept.")
        waiting = list(staged.waiting.values())
        found = await elsewhere.openings.open(
            feed.id, waiting, progress=lambda done: _say_progress(done, len(waiting))
        )
        parts = [f"{count:,} {became}" for became, count in sorted(Counter(found.values()).items())]
        if len(found) < len(waiting):
            parts.append(f"{len(waiting) - len(found):,} left to the worker")
        if parts:
            print(f"{', '.join(parts)}.")
        if staged.unreadable:
            print(f"Phones that could not be read: {len(staged.unreadable):,}; not kept.")

    with_services(work)


def _say_progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and (done % _EVERY == 0 or done == of):
        end = "\n" if done == of else ""
        print(f"\r{done:,} of {of:,}; may be interrupted, the worker goes on", end=end,
              file=sys.stderr, flush=True)  # fmt: skip


def _categories(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        feeds = services.elsewhere.feeds
        feed = await feeds.named(arguments.feed)
        found = await feeds.unmapped(feed)
        for name, count in found:
            print(f"{count:>7,}  {name}")
        if not found:
            print(f"{feed.mapping} knows every category that has come.")

    with_services(work)


def _results(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        feed = await services.elsewhere.feeds.named(arguments.feed)
        outbox = services.elsewhere.outbox
        if arguments.again:
            print(f"{await outbox.again(feed.id):,} results are sent again.")
            return
        lines = await outbox.lines(feed.id)
        for line in lines:
            at = clock.beijing(line.created_at)
            print(f"{at:%m-%d %H:%M}  {line.number:<20} {line.seq:>3} {line.happened:<10} "
                  f"{line.state:<7} {line.attempts:>3} attempts  {line.note}")  # fmt: skip
        if not lines:
            print("Everything has been taken.")

    with_services(work)


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="action", metavar="feed|import|categories|results", required=True
    )
    _feed_arguments(actions.add_parser("feed", help="systems that hand cases over"))
    taking = actions.add_parser("import", help="take in a CSV file, all of it or nothing")
    taking.add_argument("file", help="CSV in UTF-8 or GB18030; see docs/feeds.md")
    taking.add_argument("--feed", required=True, help="the feed whose cases these are")
    taking.set_defaults(work=_import)
    mapped = actions.add_parser("categories", help="categories that the mapping lacks, counted")
    mapped.add_argument("feed")
    mapped.set_defaults(work=_categories)
    results = actions.add_parser("results", help="results that were not taken yet")
    results.add_argument("feed")
    results.add_argument("--again", action="store_true", help="send once more what was given up")
    results.set_defaults(work=_results)


def _feed_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="feed_action", metavar="add|list|secret|close", required=True
    )
    adding = actions.add_parser("add", help="make a feed, or set it anew with a new key")
    adding.add_argument("name", help="small letters, digits and _")
    adding.add_argument("--source", required=True, choices=[each.value for each in Source])
    adding.add_argument("--mapping", help="a shipped mapping's name or a file; none: the source's")
    adding.add_argument("--webhook", help="where results go; none: nowhere")
    adding.add_argument("--intranet", action="store_true", help="allow http to a private address")
    adding.add_argument(
        "--tells",
        default=Tells.FEED.value,
        choices=[each.value for each in Tells],
        help="who tells the citizen; none: the other side, to its own callers",
    )
    adding.set_defaults(work=_feed_add)
    actions.add_parser("list", help="every feed").set_defaults(work=_feed_list)
    secret = actions.add_parser("secret", help="make a new secret; the old one holds for a day")
    secret.add_argument("name")
    secret.set_defaults(work=_feed_secret)
    closing = actions.add_parser("close", help="end a feed's key")
    closing.add_argument("name")
    closing.set_defaults(work=_feed_close)


COMMANDS = (
    Command(
        "cases",
        "cases from other systems: feeds, files, results",
        lambda arguments: arguments.work(arguments),
        _arguments,
    ),
)
