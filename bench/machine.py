"""On what, and with which versions, a measurement was made."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bot.stack.model import NLU_PYTHON

OURS = ("aiohttp", "wechatpy", "sqlalchemy", "psycopg", "redis", "procrastinate", "rasa-sdk")
RASAS = ("rasa", "tensorflow", "scikit-learn", "sanic")
_ASK = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"


def description() -> list[str]:
    """A few lines: when, where, with what."""
    nlu = subprocess.run(
        [NLU_PYTHON, "-c", _ASK, *RASAS], capture_output=True, text=True, check=True
    )
    theirs = dict(zip(RASAS, nlu.stdout.split(), strict=True))
    ours = {name: version(name) for name in OURS}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_processor()}, {cores} cores, "
        f"{memory:.0f} GB · Linux {platform.release()} · load {load_average()} before",
        f"Python {platform.python_version()} · " + _listed(ours),
        _listed(theirs),
    ]


def load_average() -> str:
    """Of the last minute: above 0.3 before a run, somebody else uses the machine."""
    return f"{os.getloadavg()[0]:.1f}"


def end_on_sigterm() -> None:
    """To be called in the running task: every part is then stopped, as Ctrl-C does."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _listed(versions: dict[str, str]) -> str:
    return " · ".join(f"{name} {number}" for name, number in versions.items())


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
