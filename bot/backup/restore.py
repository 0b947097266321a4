"""Bringing a backup back: all of it or nothing, into an empty database or, when told to, over one."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import threading
from pathlib import Path

import psycopg
from psycopg import sql

from actions.errors import ConfigurationError
from actions.privacy.vault import Vault
from actions.settings import Settings
from actions.store.engine import plain_url
from actions.store.migrate import revisions
from actions.store.tables import metadata
from bot.backup import tools
from bot.backup.archive import CHUNK, Manifest, check_whole, chunks, read_manifest, wrong_keys
from bot.backup.save import TABLES

_PLAIN = ("--no-owner", "--no-privileges", "--file=-")
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def restore(settings: Settings, file: Path, *, replace: bool = False) -> Manifest:
    """Brings the backup back in one transaction: when anything fails, all is as it was. Blocking.

    The file and the keys are checked first. Refuses a database that others are connected to, and
    without `replace` one with data in it. Raises ConfigurationError, one sentence.
    """
    manifest = read_manifest(file)
    _check_fits(settings, manifest)
    check_whole(file, manifest)
    with psycopg.connect(plain_url(settings.database_url), autocommit=True) as connection:
        _check_free(connection, replace=replace)
    _load(settings, file, manifest)
    return manifest


def _check_fits(settings: Settings, manifest: Manifest) -> None:
    if manifest.schema not in revisions():
        raise ConfigurationError(
            f"The backup has schema {manifest.schema}, which is newer than this program; "
            "restore it with the version that made it, or a later one."
        )
    vault = Vault(settings.data_keys.get_secret_value(), settings.hash_key.get_secret_value())
    wrong = wrong_keys(manifest, vault)
    if wrong:
        raise ConfigurationError(wrong)


def _check_free(connection: psycopg.Connection, *, replace: bool) -> None:
    others = connection.execute(_OTHERS).fetchone()
    if others and others[0]:
        raise ConfigurationError(
            f"{others[0]} connections to this database are open; stop gateway, worker and action "
            "server first."
        )
    if not replace and (full := _with_rows(connection)):
        raise ConfigurationError(
            f"The database is not empty ({', '.join(full[:3])}…); restore into an empty one, or "
            "add --replace to erase what it holds."
        )


def _with_rows(connection: psycopg.Connection) -> list[str]:
    """Tables with rows that would be lost; what a migration or a worker alone leaves is none."""
    there = {row[0] for row in connection.execute(TABLES).fetchall()}
    kept = {name for name in there if not name.startswith(("procrastinate_", "alembic_"))}
    query = sql.SQL("SELECT EXISTS (SELECT FROM public.{})")
    ours_first = sorted(kept, key=lambda name: (name not in metadata.tables, name))
    found = []
    for name in ours_first:
        row = connection.execute(query.format(sql.Identifier(name))).fetchone()
        if row and row[0]:
            found.append(name)
    return found


def _load(settings: Settings, file: Path, manifest: Manifest) -> None:
    """pg_restore makes SQL of the dump, psql runs it; the old schema goes in the same transaction.

    psql is given the end only when pg_restore has said that it is done, and commits only when every
    table has the rows that it had.
    """
    quiet = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"]
    emptied = ["--command", "DROP SCHEMA IF EXISTS public CASCADE"]  # the dump creates it anew
    arguments = [*quiet, "--single-transaction", *emptied, "--file=-"]
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        making = tools.start("pg_restore", _PLAIN, stdin=subprocess.PIPE, stderr=told)
        running = tools.start(
            "psql",
            arguments,
            settings.database_url,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        made = _carry(file, making, running)
        if made == 0:
            _write(running, _same_rows(manifest))
        else:
            running.kill()  # without an end there is no commit
        running.communicate()
        if made == 0 and running.returncode == 0:
            return
        name, words = ("pg_restore", told) if running.returncode < 0 else ("psql", said)
        words.seek(0)
        raise ConfigurationError(
            f"{name} failed, nothing was changed: {tools.complaint(words.read())}"
        )


def _carry(file: Path, making: subprocess.Popen[bytes], running: subprocess.Popen[bytes]) -> int:
    """The dump into pg_restore, its SQL into psql; pg_restore's exit code."""
    feeding = threading.Thread(target=_feed, args=(file, making), daemon=True)
    feeding.start()
    if making.stdout is not None:
        while chunk := making.stdout.read(CHUNK):
            if not _write(running, chunk):
                running.wait()  # it has ended, and says why itself
                making.kill()
                break
        making.stdout.close()
    feeding.join()
    code = making.wait()
    return 0 if running.poll() else code


def _feed(file: Path, making: subprocess.Popen[bytes]) -> None:
    for chunk in chunks(file):
        if not _write(making, chunk):
            break
    if making.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            making.stdin.close()


def _write(program: subprocess.Popen[bytes], content: bytes) -> bool:
    """False when it no longer reads."""
    try:
        if program.stdin is not None:
            program.stdin.write(content)
    except BrokenPipeError:
        return False
    return True


def _same_rows(manifest: Manifest) -> bytes:
    """SQL that fails, and with it the whole, unless each table has the rows that it had."""
    checks = [
        sql.SQL(
            "SELECT count(*) INTO found FROM public.{table}; IF found <> {rows} THEN RAISE EXCEPTION "
            "'% rows in % instead of %', found, {name}, {rows}; END IF;"
        ).format(table=sql.Identifier(table), name=sql.Literal(table), rows=sql.Literal(rows))
        for table, rows in manifest.rows.items()
    ]
    body = sql.SQL("\n").join(checks)
    block = sql.SQL("DO $same_rows$ DECLARE found bigint; BEGIN {} END $same_rows$;\n").format(body)
    return block.as_bytes(None)
