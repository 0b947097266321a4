"""A backup taken while people write, everything destroyed, and brought back."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url, select

from actions.bootstrap import Services, bootstrap
from actions.errors import ConfigurationError
from actions.settings import Settings, read
from actions.store.migrate import migrate
from actions.store.tables import cases, deliveries, identities, inbox
from bot.backup import archive
from bot.backup.restore import restore
from bot.backup.save import save
from bot.inbox import Inbox
from bot.message import Incoming, Kind
from tests.backup.conftest import Fresh
from tests.cast import Cast
from tests.installation import Servers, execute

WORDS = "窗口排队两个小时，电话 13900000008"


class Writers:
    """People who write all the while. `kept` is what was acknowledged to them, in order."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._inbox = Inbox(services, lease_seconds=30)
        self.kept: list[str] = []
        self.many = asyncio.Event()

    async def write(self, sender: str, until: asyncio.Event) -> None:
        number = 0
        while not until.is_set():
            number += 1
            key = f"{sender}-{number}"
            at = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
            message = Incoming("wechat", sender, key, Kind.TEXT, sent_at=at, text=f"{WORDS} {key}")
            stored = await self._inbox.store(message, push=False)
            self.kept.append(key)  # acknowledged: the platform will not send it again
            if len(self.kept) >= 200:
                self.many.set()
            async with self._services.engine.begin() as connection:
                await self._services.notices.tell(
                    connection,
                    key=f"{key}:told",
                    identity_id=stored.person.identity_id,
                    topic="case",
                    text=key,
                )


async def backed_up_under_load(
    services: Services, file: Path
) -> tuple[list[str], archive.Manifest]:
    """What had been acknowledged when the backup began, and the backup, taken while eight write."""
    writers, until = Writers(services), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(writers.write(f"openid-{number}", until))
        await writers.many.wait()
        before = list(writers.kept)
        manifest = await asyncio.to_thread(save, services.settings, file)
        until.set()
    assert len(writers.kept) > len(before)  # they went on meanwhile
    return before, manifest


async def texts(settings: Settings) -> list[str]:
    """Every message that is there, opened with the keys at hand."""
    wired = bootstrap(settings)
    async with wired.engine.connect() as connection:
        sealed = (await connection.execute(select(inbox.c.message_sealed))).scalars().all()
    found = [wired.vault.open_json(one)["text"] for one in sealed]
    await wired.close()
    return found


async def audit(settings: Settings, acknowledged: list[str], rows: Mapping[str, int]) -> None:
    """Nothing acknowledged before the backup is missing, nothing is twice or in half."""
    found = await texts(settings)
    keys = [text.rpartition(" ")[2] for text in found]
    assert set(acknowledged) <= set(keys)
    assert len(keys) == len(set(keys)) == rows["inbox"]
    wired = bootstrap(settings)
    async with wired.engine.connect() as connection:
        waiting = (await connection.execute(select(deliveries.c.id))).scalars().all()
        query = "SELECT args ->> 'delivery_id' FROM procrastinate_jobs WHERE task_name = 'deliver'"
        jobs = (await connection.exec_driver_sql(query)).scalars().all()
    await wired.close()
    assert sorted(map(str, waiting)) == sorted(jobs)  # each notice with its job, as they were made


async def test_nothing_acknowledged_before_the_backup_is_missing(
    services: Services, cast: Cast, fresh: Fresh, databases: Servers, tmp_path: Path
) -> None:
    file = tmp_path / "huiyin.backup"
    acknowledged, manifest = await backed_up_under_load(services, file)
    assert file.stat().st_mode & 0o077 == 0
    await services.engine.dispose()
    destroyed = make_url(services.settings.database_url).database
    execute(databases.postgres, f"DROP DATABASE {destroyed} WITH (FORCE)")
    execute(databases.postgres, f"CREATE DATABASE {destroyed}")  # as a new server would be
    assert await asyncio.to_thread(restore, services.settings, file) == manifest
    await audit(services.settings, acknowledged, manifest.rows)


async def test_what_came_back_goes_on(services: Services, fresh: Fresh, tmp_path: Path) -> None:
    """Numbers go on where they were, and the same message is still known."""
    file, settings = tmp_path / "b", fresh()
    at = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
    message = Incoming("wechat", "openid-chen", "1", Kind.TEXT, sent_at=at, text=WORDS)
    await Inbox(services, lease_seconds=30).store(message, push=False)
    await asyncio.to_thread(save, services.settings, file)
    await asyncio.to_thread(restore, settings, file)
    wired = bootstrap(settings)
    store = Inbox(wired, lease_seconds=30)
    assert (await store.store(message, push=False)).known
    again = Incoming("wechat", "openid-chen", "2", Kind.TEXT, sent_at=at, text=WORDS)
    assert not (await store.store(again, push=False)).known
    await wired.close()


async def test_no_personal_data_and_no_key_stands_in_the_file(
    services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "b"
    at = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
    message = Incoming("wechat", "openid-chen", "1", Kind.TEXT, sent_at=at, text=WORDS)
    await Inbox(services, lease_seconds=30).store(message, push=False)
    await asyncio.to_thread(save, services.settings, file)
    plain = subprocess_sql(file) + json.dumps(archive.read_manifest(file).keys).encode()
    keys = (services.settings.data_keys, services.settings.hash_key)
    for secret in ("13900000008", "排队", "openid-chen", *(key.get_secret_value() for key in keys)):
        assert secret.encode() not in plain


def subprocess_sql(file: Path) -> bytes:
    """The dump as SQL, uncompressed."""
    import subprocess

    from bot.backup import tools

    program = [tools.program("pg_restore"), "--file=-"]
    dump = b"".join(archive.chunks(file))
    return subprocess.run(program, input=dump, capture_output=True, check=True).stdout


# Refusals: one sentence each, and nothing is touched


@pytest.fixture
async def taken(services: Services, tmp_path: Path) -> Path:
    file = tmp_path / "huiyin.backup"
    await asyncio.to_thread(save, services.settings, file)
    return file


def refused(settings: Settings, file: Path, words: str, *, replace: bool = False) -> None:
    with pytest.raises(ConfigurationError, match=words):
        restore(settings, file, replace=replace)


async def officers_there(services: Services) -> int:
    async with services.engine.connect() as connection:
        return len((await connection.execute(select(cases.c.id))).all())


def test_a_database_with_data_is_not_overwritten_unless_told(
    services: Services, taken: Path, fresh: Fresh
) -> None:
    settings = fresh()
    restore(settings, taken)
    refused(settings, taken, "is not empty .*--replace")
    assert restore(settings, taken, replace=True).rows["units"] > 0


def test_a_database_that_is_only_migrated_counts_as_empty(taken: Path, fresh: Fresh) -> None:
    settings = fresh()
    migrate(settings.database_url)
    assert restore(settings, taken).rows["units"] > 0


async def test_nobody_may_be_connected(services: Services, taken: Path) -> None:
    async with services.engine.connect():
        await asyncio.to_thread(
            refused, services.settings, taken, "stop gateway, worker and action", replace=True
        )


def test_other_keys_are_refused(taken: Path, fresh: Fresh, environ: dict[str, str]) -> None:
    database = {"DATABASE_URL": fresh().database_url}
    other = {**environ, **database, "DATA_KEYS": Fernet.generate_key().decode()}
    refused(read(Settings, other), taken, "DATA_KEYS lacks key 1 of the 1")
    other = {**environ, **database, "HASH_KEY": "x" * 40}
    refused(read(Settings, other), taken, "HASH_KEY is not the one")


def test_a_newer_key_in_front_is_no_obstacle(
    taken: Path, fresh: Fresh, environ: dict[str, str]
) -> None:
    keys = f"{Fernet.generate_key().decode()},{environ['DATA_KEYS']}"
    given = {**environ, "DATABASE_URL": fresh().database_url, "DATA_KEYS": keys}
    assert restore(read(Settings, given), taken).rows["units"] > 0


def test_a_file_of_a_newer_version_is_refused(
    taken: Path, fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.backup.restore.revisions", lambda: ("0001",))
    refused(fresh(), taken, "newer than this program")


def test_what_is_no_backup_is_refused(fresh: Fresh, tmp_path: Path) -> None:
    settings, file = fresh(), tmp_path / "x"
    refused(settings, file, "does not exist")
    file.write_bytes(b"PK\x03\x04 half a file")
    refused(settings, file, "is no finished backup")
    with zipfile.ZipFile(file, "w") as empty:
        empty.writestr("something", "else")
    refused(settings, file, "is no finished backup")


def test_a_damaged_file_changes_nothing(taken: Path, fresh: Fresh) -> None:
    settings = fresh()
    restore(settings, taken)
    content = bytearray(taken.read_bytes())
    content[len(content) // 2] ^= 1
    taken.write_bytes(content)
    refused(settings, taken, "is damaged", replace=True)
    assert asyncio.run(count(settings)) > 0


def test_rows_that_do_not_come_back_undo_it_all(
    taken: Path, fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last check stands in the same transaction as the dropping of what was there."""
    settings = fresh()
    restore(settings, taken)
    before = asyncio.run(count(settings))
    manifest = archive.read_manifest(taken)
    rows = {**manifest.rows, "units": manifest.rows["units"] + 1}
    monkeypatch.setattr(
        "bot.backup.restore.read_manifest",
        lambda _: archive.Manifest(**{**as_fields(manifest), "rows": rows}),
    )
    refused(settings, taken, "psql failed, nothing was changed", replace=True)
    assert asyncio.run(count(settings)) == before > 0


def as_fields(manifest: archive.Manifest) -> dict[str, object]:
    return {name: getattr(manifest, name) for name in archive.Manifest.__slots__}


async def count(settings: Settings) -> int:
    wired = bootstrap(settings)
    async with wired.engine.connect() as connection:
        found = (await connection.execute(select(identities.c.id))).all()
    await wired.close()
    return len(found) + 1


def test_no_file_is_overwritten_and_none_is_left_in_half(
    taken: Path, environ: dict[str, str], fresh: Fresh, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="exists already"):
        save(read(Settings, environ), taken)
    with pytest.raises(ConfigurationError, match="holds nothing of Huiyin"):
        save(fresh(), tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == [taken.name]


def test_the_policy_that_was_lived_by_is_in_it(
    environ: dict[str, str], services: Services, tmp_path: Path
) -> None:
    policy = Path(__file__).parents[1] / "policy" / "example.yml"
    file = tmp_path / "b"
    save(read(Settings, {**environ, "POLICY": str(policy)}), file)
    with zipfile.ZipFile(file) as there:
        assert there.read(archive.POLICY) == policy.read_bytes()
