"""Queueing many notices at once: each once, each with its job, in the order given."""

from __future__ import annotations

from sqlalchemy import select, text

from actions.bootstrap import Services
from actions.notices.notices import Notice, Offer
from actions.store.tables import deliveries
from tests.conftest import FrozenClock


async def tells(services: Services, *notices: tuple[str, str]) -> None:
    """Queues notices, each a key and a number to tell."""
    async with services.engine.begin() as connection:
        found = []
        for key, number in notices:
            person = await services.people.meet(connection, "sms", number)
            offers = (Offer("满意", '/grade{"grade": "satisfied"}'),)
            found.append(Notice(key, person.identity_id, "invitation", f"说 {key}", offers))
        await services.notices.tell_all(connection, found)


async def test_each_has_its_job_behind_those_to_the_same_person(
    services: Services, frozen: FrozenClock
) -> None:
    wanted = [(f"k{n}", f"+861390000000{n % 2}") for n in range(6)]
    await tells(services, *wanted)
    async with services.engine.connect() as connection:
        rows = (await connection.execute(select(deliveries))).all()
        queued = (
            await connection.execute(
                text("SELECT lock, args->>'delivery_id' AS id FROM procrastinate_jobs ORDER BY id")
            )
        ).all()
    by_id = {str(row.id): row for row in rows}
    assert [by_id[job.id].key for job in queued] == [key for key, _ in wanted]
    assert all(job.lock == by_id[job.id].identity_id.hex for job in queued)
    assert {row.state for row in rows} == {"queued"}
    content = services.vault.open_json(rows[0].content_sealed)
    assert content["text"] == f"说 {rows[0].key}"
    assert content["offers"] == [["满意", '/grade{"grade": "satisfied"}']]


async def test_the_same_key_is_told_once(services: Services, frozen: FrozenClock) -> None:
    await tells(services, ("a", "+8613900000000"))
    await tells(services, ("a", "+8613900000000"), ("b", "+8613900000000"))
    await tells(services)
    async with services.engine.connect() as connection:
        keys = (await connection.execute(select(deliveries.c.key))).scalars()
        jobs = (await connection.execute(text("SELECT count(*) FROM procrastinate_jobs"))).scalar()
    assert sorted(keys) == ["a", "b"]
    assert jobs == 2
