"""What is personal is deleted when its days are over; figures, open cases and the trail stay."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from sqlalchemy import select, text

from actions import clock
from actions.audit.verification import verify
from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.policy.load import load_policy
from actions.privacy.retention import Retention
from actions.ratings.rating import Grade
from actions.store.tables import audit_entries, case_events, inbox
from tests.cases.steps import case_row, submit, told
from tests.cast import Cast
from tests.conftest import FrozenClock
from tests.policies import written


async def close(services: Services, cast: Cast) -> str:
    """A case of Chen's, done and graded; its number."""
    number = (await submit(services, cast.chen, what="等了两个小时，我叫张小伟")).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="已道歉")
    await services.cases.act(cast.chen.turn(), number, Verb.RATE_RESULT, grade="satisfied")
    assert (await case_row(services, number)).closed_at is not None
    return number


async def write(services: Services, cast: Cast) -> uuid.UUID:
    """A message of Chen's as the inbox keeps it when it has been answered."""
    key, now = clock.new_id(), clock.now()
    person = await services.people.whoami(cast.chen.turn())
    async with services.engine.begin() as connection:
        await connection.execute(
            inbox.insert().values(
                id=key,
                channel="wechat",
                message_digest=key.bytes,
                identity_id=person.identity_id,
                conversation=cast.chen.conversation,
                message_sealed=services.vault.seal_json({"text": "我叫张小伟"}),
                answer_sealed=services.vault.seal_json([{"text": "张小伟您好"}]),
                state="done",
                next_attempt_at=now,
                received_at=now,
                done_at=now,
            )
        )
    return key


async def counted(services: Services) -> list[tuple[object, ...]]:
    """Every counter, added up."""
    await services.counters.add_up()
    async with services.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT * FROM figure_days WHERE n <> 0 ORDER BY 1, 2, 3, 4, 5")
        )
        return [tuple(row) for row in rows.all()]


@pytest.fixture
def city(services: Services, cast: Cast, frozen: FrozenClock) -> Services:
    return services


async def test_messages_go_first_cases_later_open_ones_never(
    city: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number, message = await close(city, cast), await write(city, cast)
    still_open = (await submit(city, cast.zhou, what="另一件事")).number
    before, told_before = await counted(city), await told(city, cast.chen)
    assert any(told_before)

    frozen.advance(days=364)
    assert await city.retention.run() == {}
    frozen.advance(days=2)
    assert set(await city.retention.run()) == {"inbox", "deliveries"} - (
        set() if await _sent(city) else {"deliveries"}
    )
    async with city.engine.connect() as connection:
        row = (await connection.execute(select(inbox).where(inbox.c.id == message))).one()
    assert city.vault.open_json(row.message_sealed)["text"] == ""
    assert row.answer_sealed is None
    assert (await city.cases.find(cast.chen.turn(), number)).what.startswith("等了")

    frozen.advance(days=731)
    assert (await city.retention.run())["cases"] == 1
    view = await city.cases.find(cast.chen.turn(), number)
    assert (view.what, view.answer, view.phone) == ("", "", "")
    assert await city.cases.history(cast.chen.turn(), number)
    assert (await city.cases.find(cast.zhou.turn(), still_open)).what == "另一件事"
    assert await city.retention.run() == {}

    assert await counted(city) == before
    await city.counters.recount()
    assert await counted(city) == before


async def _sent(services: Services) -> int:
    async with services.engine.connect() as connection:
        query = text("SELECT count(*) FROM deliveries WHERE state <> 'queued'")
        return int((await connection.execute(query)).scalar_one())


async def test_the_trail_tells_what_was_deleted_and_stays_whole(
    city: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await close(city, cast)
    await city.trail.link()
    frozen.advance(days=1100)
    await city.retention.run()
    await city.trail.link()
    verdict = await verify(city.engine, city.vault)
    assert verdict.faults == []
    assert verdict.forgotten > 0
    async with city.engine.connect() as connection:
        query = select(audit_entries.c.key, audit_entries.c.content).where(
            audit_entries.c.source == "round"
        )
        noted = {row.key: row.content["rows"] for row in (await connection.execute(query)).all()}
        words = select(case_events.c.id).where(case_events.c.detail_sealed.is_not(None))
        assert (await connection.execute(words)).all() == []
    assert noted["cases"] == 1


async def test_a_rating_keeps_its_grade_and_loses_its_comment(
    city: Services, cast: Cast, frozen: FrozenClock
) -> None:
    code = await city.org.code("mdl-hj2-cspc")
    assert code is not None
    rated = await city.ratings.rate(cast.chen.turn(), Grade.SATISFIED, code_id=code.code_id)
    await city.ratings.comment(cast.chen.turn(), rated.id, "李警官很耐心")
    before = await counted(city)
    frozen.advance(days=1100)
    assert (await city.retention.run())["ratings"] == 1
    assert await counted(city) == before


async def test_a_policy_without_the_lines_deletes_nothing(
    city: Services, cast: Cast, frozen: FrozenClock, tmp_path: Path
) -> None:
    await close(city, cast)
    frozen.advance(days=4000)
    policy = load_policy(written(tmp_path, changes={"retention": None}))
    assert await Retention(city.engine, city.vault, policy).run() == {}
