"""`./huiyin audit verify | head | show`: whether the audit trail is whole, and what it tells."""

from __future__ import annotations

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from actions import clock
from actions.audit.link import Head, parse_head
from actions.audit.reading import entries
from actions.audit.verification import Verdict, verify
from actions.bootstrap import Services, bootstrap
from actions.errors import ConfigurationError
from actions.settings import Settings, read
from actions.store.engine import reading
from bot.cli.admin import with_services
from bot.cli.command import Command


def _verify(arguments: Namespace) -> int:
    known = list(_heads(arguments.head, arguments.heads))

    async def work() -> Verdict:
        services = bootstrap(read(Settings))
        try:
            await services.trail.link()
            return await verify(services.engine, services.vault, known)
        finally:
            await services.close()

    verdict = asyncio.run(work())
    for fault in verdict.faults:
        print(fault)
    print(
        f"{verdict.links} links looked at, {verdict.waiting} entries not linked yet, words of "
        f"{verdict.forgotten} records deleted by the rules. "
        + (f"{len(verdict.faults)} faults." if verdict.faults else "The trail is whole.")
    )
    print(f"head {verdict.head}")
    return 1 if verdict.faults else 0


def _heads(written: Iterable[str], file: str | None) -> Iterable[Head]:
    """The heads that were kept elsewhere; of a line the last word counts, so that notes may stand
    before it.
    """
    lines = [*written, *(Path(file).read_text(encoding="utf-8").splitlines() if file else ())]
    for line in lines:
        if not line.strip():
            continue
        try:
            yield parse_head(line.split()[-1])
        except ValueError as error:
            raise ConfigurationError(
                f"{line.strip()[:80]} is no head; write it as `./huiyin audit head` prints it."
            ) from error


def _head(_: Namespace) -> None:
    async def work(services: Services) -> None:
        await services.trail.link()
        print(f"{clock.now():%Y-%m-%dT%H:%M:%SZ} {await services.trail.head()}")

    with_services(work)


def _show(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        async with reading(services.engine) as connection:
            found = await entries(
                connection, case=arguments.case, badge=arguments.badge, last=arguments.last
            )
        for entry in found:
            print(_line(entry))
        if not found:
            print("Nothing is noted.")

    with_services(work)


def _line(entry: Any) -> str:
    at = clock.beijing(entry.written_at).strftime("%Y-%m-%d %H:%M:%S")
    told = json.dumps(entry.content, ensure_ascii=False, sort_keys=True)
    return f"{entry.id:>8}  {at}  {entry.source:<16} {entry.verb:<14} {entry.key}  {told}"


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="verify|head|show", required=True)
    verifying = actions.add_parser(
        "verify", help="find any entry that was changed, moved or taken out"
    )
    verifying.add_argument("--head", action="append", default=[], help="a head kept elsewhere")
    verifying.add_argument("--heads", metavar="FILE", help="a file of heads, one in a line")
    verifying.set_defaults(work=_verify)
    heading = actions.add_parser("head", help="the last link; keep it where the database is not")
    heading.set_defaults(work=_head)
    showing = actions.add_parser("show", help="what is noted, the newest last")
    showing.add_argument("--case", metavar="NUMBER", help="only of this case")
    showing.add_argument("--badge", help="only what this officer did, or what was done to the post")
    showing.add_argument("--last", type=int, default=50, metavar="N", help="the last N (50)")
    showing.set_defaults(work=_show)


COMMANDS = (
    Command(
        "audit",
        "verify and show the audit trail: who did what to which case or personal data",
        lambda arguments: arguments.work(arguments),
        _arguments,
    ),
)
