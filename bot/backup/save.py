"""Taking a backup: one snapshot of the database, whatever is written meanwhile."""

from __future__ import annotations

import dataclasses
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from actions import clock
from actions.errors import ConfigurationError
from actions.privacy.vault import Vault
from actions.settings import Settings
from actions.store.engine import plain_url
from bot.backup import tools
from bot.backup.archive import POLICY, Manifest, canaries, write_dump, write_manifest

TABLES = """
    SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname
"""


def save(settings: Settings, file: Path) -> Manifest:
    """Writes the backup to `file`, whole or not at all; readable for its owner only. Blocking.

    Locks nobody out: it reads one snapshot, and what is acknowledged before the call is in it.
    Raises ConfigurationError, one sentence.
    """
    if file.exists():
        raise ConfigurationError(f"{file} exists already; choose another name.")
    part = file.with_name(f"{file.name}.part")
    try:
        with _new(part) as archive, psycopg.connect(plain_url(settings.database_url)) as connection:
            manifest = _write(archive, settings, connection)
        part.rename(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return manifest


@contextmanager
def _new(part: Path) -> Iterator[zipfile.ZipFile]:
    """The new file; on the disk when this ends."""
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except FileExistsError as error:
        raise ConfigurationError(
            f"{part} is there: another backup is being written, or one was broken off; "
            "delete it if none is running."
        ) from error
    with os.fdopen(descriptor, "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # the dump is compressed
            yield archive
        out.flush()
        os.fsync(out.fileno())


def _write(
    archive: zipfile.ZipFile, settings: Settings, connection: psycopg.Connection
) -> Manifest:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    snapshot = str(_one(connection, "SELECT pg_export_snapshot()"))
    made_at = clock.now().isoformat()
    manifest = dataclasses.replace(
        _about(settings, connection), sha256=_dump(archive, settings, snapshot), made_at=made_at
    )
    policy = Path(settings.policy)
    if settings.policy and policy.is_file():
        archive.write(policy, POLICY)
    write_manifest(archive, manifest)
    return manifest


def _about(settings: Settings, connection: psycopg.Connection) -> Manifest:
    """All but the dump's own: the schema's version, the rows, the keys."""
    vault = Vault(settings.data_keys.get_secret_value(), settings.hash_key.get_secret_value())
    keys, hash_key = canaries(settings.data_keys.get_secret_value(), vault)
    if _one(connection, "SELECT to_regclass('alembic_version')") is None:
        raise ConfigurationError("The database holds nothing of Huiyin; check DATABASE_URL.")
    version = str(_one(connection, "SELECT version_num FROM alembic_version"))
    return Manifest("", version, count_rows(connection), keys, hash_key, settings.policy)


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table has, in the connection's snapshot."""
    names = [row[0] for row in connection.execute(TABLES).fetchall()]
    query = sql.SQL("SELECT count(*) FROM public.{}")
    counted = {}
    for name in names:
        row = connection.execute(query.format(sql.Identifier(name))).fetchone()
        counted[name] = int(row[0]) if row else 0
    return counted


def _dump(archive: zipfile.ZipFile, settings: Settings, snapshot: str) -> str:
    """Adds the dump of that snapshot and gives its SHA-256. A migration is waited for 30 s."""
    arguments = [
        *("--format=custom", "--schema=public", "--no-owner", "--no-privileges"),
        *(f"--snapshot={snapshot}", "--lock-wait-timeout=30s", "--no-password"),
    ]
    with tempfile.TemporaryFile() as said:
        dumping = tools.start("pg_dump", arguments, settings.database_url, stderr=said)
        if dumping.stdout is None:
            raise ConfigurationError("pg_dump gave nothing to read.")
        with dumping:
            try:
                digest = write_dump(archive, dumping.stdout)
            except BaseException:
                dumping.kill()
                raise
        said.seek(0)
        if dumping.returncode:
            raise ConfigurationError(f"pg_dump failed: {tools.complaint(said.read())}")
    return digest


def _one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None
