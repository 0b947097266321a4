"""Commands of the administrator: settings, schema, units, people, deliveries."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from actions import clock
from actions.bootstrap import Services, bootstrap
from actions.errors import ConfigurationError, Refusal
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from actions.store.engine import reading
from actions.store.migrate import migrate
from actions.store.tables import cases, deliveries, identities, officers, units
from bot.app import build
from bot.cli.checks import check
from bot.cli.command import Command
from bot.settings import BotSettings


def with_services(work: Callable[[Services], Awaitable[None]]) -> None:
    """Runs `work` with wired services and closes them."""

    async def run() -> None:
        services = bootstrap(read(Settings))
        try:
            await work(services)
        finally:
            await services.close()

    asyncio.run(run())


def _check(_: Namespace) -> int:
    settings = read(BotSettings)
    bot = build(settings)
    problems = asyncio.run(check(bot))
    for problem in problems:
        print(problem)
    if not problems:
        print("All settings are right and everything can be reached.")
    return 1 if problems else 0


def _migrate(_: Namespace) -> None:
    migrate(read(Settings).database_url)
    print("The database is up to date.")


def _units(arguments: Namespace) -> None:
    if arguments.action == "load":
        city = load_city(Path(arguments.folder))

        async def work(services: Services) -> None:
            done = await load(services.engine, services.vault, city)
            print(
                f"{done.units} units, {done.officers} officers, {done.codes} codes; "
                f"{done.changed} rows changed."
            )
            if done.kept:
                print(
                    f"{done.kept} codes were moved or retired here since and stay as they are; "
                    "./huiyin codes csv writes codes.csv as it is now."
                )

    else:

        async def work(services: Services) -> None:
            async with reading(services.engine) as connection:
                for row in (await connection.execute(select(units).order_by(units.c.path))).all():
                    depth = row.path.count("/") - 2
                    print(f"{'  ' * depth}{row.name}  [{row.kind} {row.code}]")

    with_services(work)


def _units_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="load|list", required=True)
    loading = actions.add_parser("load", help="load units.csv, officers.csv and codes.csv")
    loading.add_argument("folder", help="folder with the three files")
    actions.add_parser("list", help="show the unit tree")


def _bind(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        try:
            code = await services.people.make_binding_code(arguments.badge)
        except Refusal as refusal:
            raise ConfigurationError(
                f"No active officer has the badge {arguments.badge}; see officers.csv."
            ) from refusal
        print(f"Let the officer send this to the bot within a week:  /bind {code}")

    with_services(work)


def _bind_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("badge", help="the officer's badge number, as in officers.csv")


def _deliveries(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        query = (
            select(deliveries, identities.c.channel, cases.c.number, officers.c.badge)
            .join(identities, identities.c.id == deliveries.c.identity_id)
            .join(cases, cases.c.id == deliveries.c.case_id, isouter=True)
            .join(officers, officers.c.id == identities.c.officer_id, isouter=True)
            .order_by(deliveries.c.created_at.desc())
            .limit(arguments.limit)
        )
        counts = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        if arguments.state:
            query = query.where(deliveries.c.state == arguments.state)
        async with reading(services.engine) as connection:
            totals = (await connection.execute(counts)).all()
            print("  ".join(f"{state}: {number}" for state, number in totals) or "No deliveries.")
            for row in (await connection.execute(query)).all():
                print(_delivery_line(row))

    with_services(work)


def _delivery_line(row: Any) -> str:
    at = clock.beijing(row.created_at).strftime("%m-%d %H:%M:%S")
    who = row.badge or "citizen"
    tail = " ".join(filter(None, (row.via, row.note)))
    return (
        f"{at}  {row.state:<6}  {row.topic:<7} {row.number or '—':<9} "
        f"{row.channel}:{who}  attempts {row.attempts}  {tail}".rstrip()
    )


def _deliveries_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--state", choices=("queued", "sent", "failed"))
    parser.add_argument("--limit", type=int, default=30)


COMMANDS = (
    Command("check", "check every setting and whether everything can be reached", _check),
    Command("migrate", "bring the database to this version's schema", _migrate),
    Command("units", "load or list units, officers and codes", _units, _units_arguments),
    Command("bind", "make a one-time code that binds an officer's chat", _bind, _bind_arguments),
    Command(
        "deliveries",
        "what was sent to whom, how, and what failed",
        _deliveries,
        _deliveries_arguments,
    ),
)
