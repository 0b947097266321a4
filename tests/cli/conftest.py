"""Runs the command line in this process, as `./huiyin …` would."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import structlog

from bot.cli.main import main


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: list[str]
    err: list[str]


type Cli = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """Exit code and lines of a command; what it changed in the process is put back."""
    handlers, level = logging.root.handlers[:], logging.root.level
    on_term, on_int = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as end:  # argparse
            code = int(end.code or 0)
        told = capsys.readouterr()
        return Ran(code, told.out.splitlines(), told.err.splitlines())

    yield run
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    signal.signal(signal.SIGTERM, on_term)
    signal.signal(signal.SIGINT, on_int)
    asyncio.set_event_loop(None)


@pytest.fixture
def installed(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings of this test's installation, as the process's environment."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return environ


@pytest.fixture
def unreachable(databases: object, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Right settings of servers that are not there."""
    keys: dict[str, str] = databases.keys  # type: ignore[attr-defined]
    gone = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "NLU_URL": "http://127.0.0.1:9",
        "ACTIONS_URL": "http://127.0.0.1:9",
    }
    for name, value in {**keys, **gone}.items():
        monkeypatch.setenv(name, value)
    return {**keys, **gone}
