"""Commands that run one part each.

What only one part needs is imported when that part runs: each start is that much shorter.
"""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, Namespace

from actions.memory import settle
from actions.settings import Settings, environment, read
from bot.app import build, serve
from bot.cli.command import Command
from bot.settings import BotSettings
from bot.stack import model


def _serve(_: Namespace) -> None:
    serve(build(read(BotSettings)))


def _worker(_: Namespace) -> None:
    from bot.worker import work

    async def settled() -> None:
        bot = build(read(BotSettings))
        await settle()
        await work(bot, port=bot.settings.worker_watch_port)

    asyncio.run(settled())


def _actions(_: Namespace) -> None:
    from actions import server

    server.serve(read(Settings))


def _nlu(arguments: Namespace) -> None:
    if not model.is_trained():
        model.train()
    environ = {**environment(), "PYTHONPATH": str(model.ROOT)}
    argv = [
        *(str(model.NLU_PYTHON), "-m", "nlu.server"),
        *("--port", str(arguments.port), "--model", str(model.model_path())),
    ]
    os.execve(model.NLU_PYTHON, argv, environ)  # noqa: S606 - becomes the Rasa server


def _nlu_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=5005)


def _simulator(_: Namespace) -> None:
    from aiohttp import web

    from bot.demo.simulator import simulator_config
    from bot.simulator import build_simulator

    settings = read(BotSettings)

    async def application() -> web.Application:
        return build_simulator(simulator_config(settings))

    web.run_app(application(), host="127.0.0.1", port=settings.simulator_port, print=None)


def _console(arguments: Namespace) -> None:
    from bot.channels.console import run_console

    bot = build(read(BotSettings))

    async def talk() -> None:
        try:
            await run_console(bot.gateway, sender=arguments.sender)
        finally:
            await bot.close()

    asyncio.run(talk())


def _console_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--sender", default="console", help="whose conversation it is")


COMMANDS = (
    Command("serve", "run the gateway: platforms' callbacks in, answers out", _serve),
    Command("worker", "run the worker: deliveries and other jobs", _worker),
    Command("actions", "run the action server that Rasa calls", _actions),
    Command("nlu", "run the Rasa server (trains the model first if needed)", _nlu, _nlu_arguments),
    Command("simulator", "run the fake platforms and the demo page alone", _simulator),
    Command("console", "talk with the bot in this terminal", _console, _console_arguments),
)
