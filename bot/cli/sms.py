"""`./huiyin sms count | cost`: how long a text message is, and what they have cost."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from sqlalchemy import func, select

from actions import clock
from actions.bootstrap import Services
from actions.errors import ConfigurationError
from actions.settings import environment
from actions.store.engine import reading
from actions.store.tables import sms_parts
from bot.channels.sms import parts, render
from bot.cli.admin import with_services
from bot.cli.command import Command
from bot.settings import BotSettings


def _count(arguments: Namespace) -> None:
    """Needs no database: reads only what the price and the signature are."""
    fields, given = BotSettings.model_fields, environment()
    sign = given.get("SMS_SIGN", "")
    price = given.get("SMS_FEN_PER_PART") or str(fields["sms_fen_per_part"].default)
    gsm = given.get("SMS_PROVIDER") == "smpp"
    text = render.signed(sign) + arguments.text
    letters = parts.alphabet(text, gsm=gsm)
    found = parts.cut(text, gsm=gsm)
    print(
        f"{len(text)} characters with the signature, {letters.size(text)} units in {letters.name}"
    )
    print(f"{len(found)} parts, {len(found) * float(price) / 100:.3f} yuan")
    for number, part in enumerate(found if len(found) > 1 else (), 1):
        print(f"  {number}/{len(found)} {part}")


def _cost(arguments: Namespace) -> None:
    begins, ends = _month(arguments.month)

    async def work(services: Services) -> None:
        query = select(
            func.coalesce(func.sum(sms_parts.c.parts), 0),
            func.coalesce(func.sum(sms_parts.c.fen), 0),
            func.count().filter(sms_parts.c.state == "delivered"),
            func.count().filter(sms_parts.c.state == "failed"),
            func.count(),
        ).where(
            sms_parts.c.delivery_id.is_not(None),
            sms_parts.c.sent_at >= begins,
            sms_parts.c.sent_at < ends,
        )
        async with reading(services.engine) as connection:
            count, fen, arrived, failed, rows = (await connection.execute(query)).one()
        print(f"{clock.beijing(begins):%Y-%m}: {count} parts, {float(fen) / 100:.2f} yuan")
        print(f"reports: {arrived} arrived, {failed} failed, {rows - arrived - failed} open")

    with_services(work)


def _month(text: str) -> tuple[datetime, datetime]:
    """The first moment of the month in Beijing, and of the next. Raises ConfigurationError."""
    try:
        begins = datetime.strptime(text, "%Y-%m").replace(tzinfo=clock.BEIJING)
    except ValueError as error:
        raise ConfigurationError(f"{text} is no month; write it as 2026-11.") from error
    following = begins.replace(year=begins.year + begins.month // 12, month=begins.month % 12 + 1)
    return begins, following


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="count|cost", required=True)
    counting = actions.add_parser("count", help="characters, parts and price of a text")
    counting.add_argument("text")
    counting.set_defaults(work=_count)
    costing = actions.add_parser("cost", help="parts and price of a month")
    month = f"{clock.beijing(clock.now()):%Y-%m}"
    costing.add_argument("month", nargs="?", default=month, help="as 2026-11; this month")
    costing.set_defaults(work=_cost)


COMMANDS = (
    Command(
        "sms",
        "count a text message, or what they have cost",
        lambda arguments: arguments.work(arguments),
        _arguments,
    ),
)
