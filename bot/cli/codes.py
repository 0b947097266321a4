"""`./huiyin codes DIR`: the official account's QR code for every code that is loaded."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from pathlib import Path

import segno
from sqlalchemy import select

from actions.errors import ConfigurationError
from actions.settings import read
from actions.store.tables import codes
from bot.app import Bot, build
from bot.channels.base import TransportError
from bot.channels.wechat import WeChatChannel
from bot.cli.command import Command
from bot.settings import BotSettings


def _codes(arguments: Namespace) -> None:
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = asyncio.run(_draw(build(read(BotSettings)), folder))
    print(f"{made} pictures drawn into {folder}; those that were there before were kept.")


async def _draw(bot: Bot, folder: Path) -> int:
    """Draws each code that has no picture yet; returns how many. Codes for ever cannot be undone."""
    channel = bot.channels.get("wechat")
    if not isinstance(channel, WeChatChannel):
        raise ConfigurationError("No official account is connected; set WECHAT_APP_ID.")
    made = 0
    try:
        async with bot.services.engine.connect() as connection:
            query = select(codes.c.scene).order_by(codes.c.id)
            scenes = (await connection.execute(query)).scalars().all()
        for scene in scenes:
            picture = folder / f"{scene}.png"
            if not picture.exists():
                code = await channel.api.create_code(scene)
                segno.make(code.url, error="m").save(str(picture), scale=10)
                made += 1
    except TransportError as error:
        raise ConfigurationError(
            f"The official account made {made} codes and then refused: {error.message}"
        ) from error
    finally:
        await bot.close()
    return made


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", help="where the pictures go, one per code: <scene>.png")


COMMANDS = (
    Command("codes", "draw the official account's QR code for every code", _codes, _arguments),
)
