"""Keys are rotated while everybody goes on working; afterwards the old key can be thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from actions.audit.verification import verify
from actions.bootstrap import Services, bootstrap
from actions.cases.states import Verb
from actions.privacy.rotation import Rotation, sealed_columns
from actions.privacy.vault import Vault
from actions.store.tables import cases, identities
from tests.cases.steps import submit
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("frozen")

NEW = Fernet.generate_key().decode()


def with_keys(services: Services, *keys: str) -> Services:
    """A part of the same installation that was started with these DATA_KEYS."""
    return bootstrap(services.settings.model_copy(update={"data_keys": SecretStr(",".join(keys))}))


@pytest.fixture
async def rotating(services: Services) -> AsyncIterator[Services]:
    """The installation restarted with a new key before the old one."""
    wired = with_keys(services, NEW, services.settings.data_keys.get_secret_value())
    yield wired
    await wired.close()


async def opens_with_new_alone(services: Services) -> int:
    """How many values there are; fails for one that the new key does not open."""
    vault = Vault(NEW, services.settings.hash_key.get_secret_value())
    count = 0
    async with services.engine.connect() as connection:
        for _, columns in sealed_columns():
            for row in (await connection.execute(select(*columns))).all():
                for sealed in filter(None, row):
                    vault.open_bytes(sealed)
                    count += 1
    return count


async def test_everything_is_sealed_with_the_newest_key(
    services: Services, cast: Cast, rotating: Services
) -> None:
    receipt = await submit(services, cast.chen)
    await services.cases.act(cast.chen.turn(), receipt.number, Verb.ADD_FACTS, text="是二号窗口")
    rotation = Rotation(rotating.engine, rotating.vault)
    assert set((await rotation.status()).by_key) == {1}
    found = await rotation.rotate(pause=0)
    assert (found.older, found.unreadable) == (0, {})
    assert found.resealed > 20
    assert await opens_with_new_alone(services) == sum(found.by_key.values()) > 20
    assert (await rotation.rotate(pause=0)).resealed == 0


async def test_the_trail_stays_whole(services: Services, cast: Cast, rotating: Services) -> None:
    receipt = await submit(services, cast.chen)
    await services.cases.act(cast.chen.turn(), receipt.number, Verb.ADD_FACTS, text="是二号窗口")
    await services.trail.link()
    before = (await services.trail.head()).seq
    await Rotation(rotating.engine, rotating.vault).rotate(pause=0)
    await rotating.trail.link()
    assert (await services.trail.head()).seq == before  # sealing anew is no change of anything
    newest = Vault(NEW, services.settings.hash_key.get_secret_value())
    assert (await verify(services.engine, newest)).faults == []


async def test_while_others_write_and_hold_rows(
    services: Services, cast: Cast, rotating: Services
) -> None:
    """Old and new parts open cases meanwhile; one row is held the whole first pass."""
    first = await submit(services, cast.chen)
    others = replace_services(cast, rotating)
    done = asyncio.Event()

    async def hold() -> None:
        async with services.engine.begin() as connection:
            held = select(cases).where(cases.c.number == first.number).with_for_update()
            await connection.execute(held)
            await done.wait()

    async def write() -> None:
        for _ in range(5):
            await submit(services, cast.zhou)
            receipt = await submit(rotating, others.chen)
            await rotating.cases.act(others.chen.turn(), receipt.number, Verb.URGE)
        done.set()

    holding = asyncio.create_task(hold())
    await asyncio.gather(write(), Rotation(rotating.engine, rotating.vault).rotate(pause=0.01))
    await holding
    found = await Rotation(rotating.engine, rotating.vault).rotate(pause=0)
    assert (found.older, found.unreadable) == (0, {})
    await opens_with_new_alone(services)
    alone = with_keys(services, NEW)
    try:
        view = await alone.cases.find(cast.chen.turn(), first.number)
        assert view.what == "等了两个小时"
    finally:
        await alone.close()


async def test_what_no_key_opens_is_told_and_left(services: Services, rotating: Services) -> None:
    async with services.engine.begin() as connection:
        await services.people.meet(connection, "wechat", "openid-lost")
        lost = Fernet(Fernet.generate_key()).encrypt(b"x")
        await connection.execute(identities.update().values(sender_sealed=lost))
    found = await Rotation(rotating.engine, rotating.vault).rotate(pause=0)
    assert found.unreadable == {"identities.sender_sealed": 1}
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(identities.c.sender_sealed))).scalar_one() == lost


@pytest.mark.parametrize(
    ("resealing", "change"),
    [
        ("off", "detail_sealed = '\\x00'"),
        ("on", "verb = 'other'"),
        ("on", "at = now()"),
        ("on", "detail_sealed = '\\x00', inbox_id = gen_random_uuid()"),
    ],
)
async def test_nothing_else_of_a_record_changes(
    services: Services, cast: Cast, resealing: str, change: str
) -> None:
    await submit(services, cast.chen)
    async with services.engine.connect() as connection:
        await connection.execute(text(f"SET LOCAL huiyin.resealing = '{resealing}'"))
        with pytest.raises(DBAPIError, match="never changed"):
            await connection.execute(text(f"UPDATE case_events SET {change}"))


def replace_services(cast: Cast, services: Services) -> Cast:
    """The same people, talking with another part."""
    return replace(
        cast, chen=replace(cast.chen, services=services), zhou=replace(cast.zhou, services=services)
    )
