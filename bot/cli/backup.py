"""`./huiyin backup FILE` and `./huiyin restore FILE`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from actions import clock
from actions.settings import Settings, read
from actions.store.migrate import revisions
from bot.backup.archive import POLICY, Manifest
from bot.backup.restore import restore
from bot.backup.save import save
from bot.cli.command import Command

KEYS = "DATA_KEYS and HASH_KEY are not in it: keep them elsewhere, without them it cannot be read."


def _backup(arguments: Namespace) -> None:
    file = Path(arguments.file)
    manifest = save(read(Settings), file)
    print(f"{file}: {_size(file)}, {_told(manifest)}.")
    print(KEYS)


def _restore(arguments: Namespace) -> None:
    file = Path(arguments.file)
    manifest = restore(read(Settings), file, replace=arguments.replace)
    print(f"Restored {_told(manifest)}; every table has the rows that it had.")
    if manifest.schema != revisions()[-1]:
        print("The backup is of an earlier version; run ./huiyin migrate before anything starts.")
    if Path(manifest.policy).suffix:
        print(f"The policy that was lived by is in the file, too: unzip {file} {POLICY}.")
    print("Empty Redis before anything starts: what it holds belongs to later conversations.")


def _told(manifest: Manifest) -> str:
    at = clock.beijing(datetime.fromisoformat(manifest.made_at))
    rows = sum(manifest.rows.values())
    return f"{rows:,} rows of {len(manifest.rows)} tables as of {at:%Y-%m-%d %H:%M:%S} Beijing time"


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1024 / 1024:,.1f} MB"


def _file(parser: ArgumentParser) -> None:
    parser.add_argument("file", help="the backup's file")


def _restore_arguments(parser: ArgumentParser) -> None:
    _file(parser)
    parser.add_argument(
        "--replace", action="store_true", help="erase what the database holds, if it holds anything"
    )


COMMANDS = (
    Command("backup", "write all data into one file while everything runs", _backup, _file),
    Command("restore", "bring a backup back, all or nothing", _restore, _restore_arguments),
)
