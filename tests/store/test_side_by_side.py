"""An upgrade while everything serves: the version before and this one on one database."""

from __future__ import annotations

import io
import os
import re
import secrets
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from actions.store.engine import plain_url
from actions.store.migrate import MIGRATIONS, migrate, revisions
from tests.installation import Servers, execute

ROOT = Path(__file__).parents[2]
WRITING = Path(__file__).with_name("writing.py")
ENOUGH = 20  # notices that a version writes before the next step


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def version_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest code in the repository's history that lacks a migration of today's."""
    try:
        packed = git("archive", "--format=tar", _commit_before())
    except (OSError, subprocess.CalledProcessError, StopIteration):
        pytest.skip("no history here to take the version before from")
    folder = tmp_path_factory.mktemp("before")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _commit_before() -> str:
    folder = (MIGRATIONS / "versions").relative_to(ROOT).as_posix()
    today = {path.name for path in (ROOT / folder).glob("*.py")}
    commits = git("log", "--first-parent", "--format=%H", "--", folder).decode().split()

    def known(commit: str) -> set[str]:
        listed = git("ls-tree", "--name-only", commit, f"{folder}/").decode().split()
        return {Path(path).name for path in listed}

    return next(commit for commit in ["HEAD", *commits] if known(commit) < today)


class Versions:
    """Processes of either version on one database, each with a file for what it prints."""

    def __init__(self, environ: dict[str, str], logs: Path) -> None:
        self.environ = environ
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, tree: Path, *arguments: str) -> None:
        env = {**os.environ, **self.environ, "PYTHONPATH": str(tree), "WORKER_WATCH_PORT": "0"}
        with (self.logs / name).open("wb") as out, (self.logs / f"{name}.err").open("wb") as told:
            self.running[name] = subprocess.Popen(
                [sys.executable, *arguments],
                env=env,
                cwd=tree,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=told,
            )

    def written(self, name: str) -> list[str]:
        return (self.logs / name).read_text(encoding="utf-8").splitlines()

    def until(self, what: Callable[[], bool]) -> None:
        """Waits for it; a process that ended by itself ends the test with what it said."""
        deadline = time.monotonic() + 180
        while not what():
            for name, process in self.running.items():
                if process.poll() is not None:
                    raise AssertionError((self.logs / f"{name}.err").read_text(encoding="utf-8"))
            assert time.monotonic() < deadline, "it did not come to that"
            time.sleep(0.05)

    def end(self, *names: str) -> None:
        """Writers end with their input, workers by a signal; both finish what they had begun."""
        for name in names:
            process = self.running.pop(name)
            if process.stdin is not None:
                process.stdin.close()
            if name.startswith("worker"):
                process.terminate()
            process.wait(timeout=30)
            if name.startswith("writer"):
                assert process.returncode == 0, (self.logs / f"{name}.err").read_text()


@pytest.fixture
def versions(databases: Servers, tmp_path: Path) -> Iterator[Versions]:
    name = f"test_{secrets.token_hex(6)}"
    execute(databases.postgres, f"CREATE DATABASE {name}")
    running = Versions(databases.settings(name), tmp_path)
    yield running
    for process in running.running.values():
        process.kill()
        process.wait()
    execute(databases.postgres, f"DROP DATABASE {name} WITH (FORCE)")


def test_both_versions_serve_while_the_schema_changes(
    version_before: Path, versions: Versions
) -> None:
    """Written by the one and delivered by the other; each notice goes out exactly once."""
    address = versions.environ["DATABASE_URL"]
    old, new = version_before, ROOT
    subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        env={**os.environ, **versions.environ, "PYTHONPATH": str(old)},
        cwd=old,
        check=True,
        capture_output=True,
    )
    assert schema(address) in revisions()[:-1]
    versions.start("worker-old", old, "-m", "bot", "worker")
    versions.start("writer-old", old, str(WRITING), "old")
    versions.until(lambda: len(versions.written("writer-old")) >= ENOUGH)
    migrate(address)  # by this version, while the version before serves
    assert schema(address) == revisions()[-1]
    so_far = len(versions.written("writer-old"))
    versions.until(lambda: len(versions.written("writer-old")) >= so_far + ENOUGH)
    versions.start("worker-new", new, "-m", "bot", "worker")
    versions.start("writer-new", new, str(WRITING), "new")
    versions.until(lambda: len(versions.written("writer-new")) >= ENOUGH)
    versions.end("writer-old", "worker-old")
    versions.until(lambda: len(versions.written("writer-new")) >= 2 * ENOUGH)
    versions.end("writer-new")
    versions.until(lambda: open_jobs(address) == 0)
    versions.end("worker-new")
    acknowledged = versions.written("writer-old") + versions.written("writer-new")
    told = [*notices(versions.written("worker-old")), *notices(versions.written("worker-new"))]
    assert sorted(told) == sorted(acknowledged)  # none lost, none twice
    with psycopg.connect(plain_url(address)) as connection:
        states = connection.execute("SELECT DISTINCT state FROM deliveries").fetchall()
        kept = connection.execute("SELECT count(*) FROM inbox").fetchone()
    assert states == [("sent",)]
    assert kept == (len(acknowledged),)


def notices(printed: list[str]) -> list[str]:
    """The keys of the notices that a worker brought to the console."""
    return [found[1] for line in printed if (found := re.search(r"notice (\S+) ends", line))]


def schema(address: str) -> str:
    with psycopg.connect(plain_url(address)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def open_jobs(address: str) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    with psycopg.connect(plain_url(address)) as connection:
        row = connection.execute(f"{query} AND task_name = 'deliver'").fetchone()
    return int(row[0]) if row else 0
