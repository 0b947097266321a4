"""Child processes that end with us: started, watched, stopped."""

from __future__ import annotations

import asyncio
import ctypes
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from actions.errors import ConfigurationError
from actions.settings import environment

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Child:
    """How to start a part and how to see that it is ready (a URL that answers 200)."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready_url: str = ""
    cwd: Path | None = None


class Children:
    """Running children, each with its own log file in `logs`."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._specs: dict[str, Child] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._expected: set[str] = set()

    def start(self, child: Child) -> None:
        """Starts it; its output goes to `<logs>/<name>.log`."""
        self._logs.mkdir(parents=True, exist_ok=True)
        self._specs[child.name] = child
        with (self._logs / f"{child.name}.log").open("ab") as log:
            self._running[child.name] = subprocess.Popen(  # noqa: S603 - our own programs
                child.argv,
                env={**environment(), **child.env},
                cwd=child.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def restart(self, name: str) -> None:
        self.start(self._specs[name])
        self._expected.discard(name)

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items()}

    async def ready(self, name: str, seconds: float = 90) -> None:
        """Waits until the child answers. Raises ConfigurationError when it ends or takes too long."""
        url = self._specs[name].ready_url
        deadline = asyncio.get_running_loop().time() + seconds
        timeout = aiohttp.ClientTimeout(total=2)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while asyncio.get_running_loop().time() < deadline:
                self.check()
                try:
                    async with session.get(url) as response:
                        if response.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    pass
                await asyncio.sleep(0.1)
        raise ConfigurationError(
            f"{name} was not ready after {seconds:.0f} s; see {self._logs / f'{name}.log'}."
        )

    def check(self) -> None:
        """Raises ConfigurationError, one sentence, when a child has ended by itself."""
        for name, process in self._running.items():
            code = process.poll()
            if code is not None and name not in self._expected:
                how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
                raise ConfigurationError(f"{name} {how}; see {self._logs / f'{name}.log'}.")

    def kill(self, name: str) -> None:
        """Kills it at once, as a crash would; `check` does not mind."""
        self._expected.add(name)
        process = self._running[name]
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Asks all to end, the last started first, and kills what has not after ten seconds."""
        alive = [p for p in reversed(self._running.values()) if p.poll() is None]
        for process in alive:
            process.send_signal(signal.SIGTERM)
        for process in alive:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()


def _die_with_parent() -> None:
    """Linux: the child is ended when we are killed without a chance to stop it."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return
