"""`./huiyin demo`: everything on this machine, with fake platforms and a page with three phones."""

from __future__ import annotations

import asyncio
import signal
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from actions.bootstrap import bootstrap
from actions.errors import ConfigurationError
from actions.policy.load import load_policy, shipped
from bot.cli.command import Command
from bot.demo.acceptance import SCENES, Play, SceneFailedError, play_scene
from bot.demo.daytime import begin_by_day
from bot.demo.history import write_history
from bot.demo.people import introduce
from bot.simulator.driver import Driver
from bot.simulator.readable import readable_entry
from bot.stack.embedded import free_port
from bot.stack.stack import ROOT, Ports, Stack

FOLDER = ROOT / ".huiyin"


def _say(line: str) -> None:
    print(line, flush=True)


def _demo(arguments: Namespace) -> int:
    try:
        return asyncio.run(_run(arguments))
    except asyncio.CancelledError:
        _say("Ended; the data is kept.")
        return 130


async def _run(arguments: Namespace) -> int:
    started = time.monotonic()
    _end_on_signals()
    folder = Path(arguments.folder)
    policy = load_policy(arguments.preset or "default")  # a wrong name is told before all else
    env = {"LOG_FORMAT": "plain"} | ({"POLICY": arguments.preset} if arguments.preset else {})
    stack = Stack(folder, _ports(arguments), env=env, progress=_say)
    if arguments.fresh:
        stack.fresh()
    _say("Huiyin 回音")
    begins = begin_by_day(folder / "clock", policy)
    if begins is not None:
        _say("  It is night in Beijing, and officers would hear of nothing before morning:")
        _say(f"  this demo's clock begins at {begins:%Y-%m-%d %H:%M} (./huiyin --demo clock real).")
    async with stack.running(), Driver(f"http://127.0.0.1:{stack.ports.simulator}") as driver:
        services = bootstrap(stack.settings)
        try:
            await introduce(services, driver)
            await write_history(services)
        finally:
            await services.close()
        _say(f"  ready after {time.monotonic() - started:.1f} s\n")
        if arguments.script:
            return await _script(stack, driver)
        _say(f"Three phones:   http://127.0.0.1:{stack.ports.simulator}/demo")
        _say(f"The gateway:    http://127.0.0.1:{stack.ports.gateway}/healthz")
        _say(f"Data and logs:  {folder}")
        _say("Ctrl-C ends everything and keeps the data.")
        await stack.watch()
    return 0


async def _script(stack: Stack, driver: Driver) -> int:
    """Plays the acceptance conversation and prints it; 1 when a step fails."""
    play = Play(driver, stack.children, note=_say)
    shown = 0
    for number, scene in enumerate(SCENES, 1):
        _say(f"\n{number}. {scene.title}")
        failure = None
        try:
            await play_scene(play, scene)
        except SceneFailedError as error:
            failure = error
        entries = await driver.transcript()
        for entry in entries[shown:]:
            _say("   " + readable_entry(entry).replace("\n", "\n   "))
        shown = len(entries)
        if failure is not None:
            _say(f"\nFAILED  {failure}")
            return 1
    _say(f"\nAll {len(SCENES)} scenes passed.")
    return 0


def _ports(arguments: Namespace) -> Ports:
    """The usual ports; --script and --free-ports take free ones, so that nothing is in the way."""
    names = ("gateway", "simulator", "nlu", "actions", "redis")
    if arguments.script or arguments.free_ports:
        return Ports(**{name: free_port() for name in names})
    return Ports(**{name: getattr(arguments, f"{name}_port") for name in names})


def _end_on_signals() -> None:
    task = asyncio.current_task()
    if task is None:
        raise ConfigurationError("not running in a task")
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--script", action="store_true", help="play the acceptance conversation")
    parser.add_argument("--fresh", action="store_true", help="empty the data folder first")
    parser.add_argument("--folder", default=str(FOLDER), help="where data and logs are kept")
    parser.add_argument(
        "--preset", default="", metavar="NAME", help=f"live by this policy: {', '.join(shipped())}"
    )
    parser.add_argument("--free-ports", action="store_true", help="take any free ports")
    usual = Ports()
    for name in ("gateway", "simulator", "nlu", "actions", "redis"):
        parser.add_argument(f"--{name}-port", type=int, default=getattr(usual, name))


COMMANDS = (Command("demo", "start everything here and open three phones", _demo, _arguments),)
