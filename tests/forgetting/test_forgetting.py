"""A citizen asks for what we hold of them to be deleted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.ratings.rating import Grade
from actions.store.tables import audit_entries, contacts, inbox, opt_outs, ratings
from actions.turn import Turn
from tests.cases.steps import case_row, count, refused, submit, told
from tests.cast import Cast
from tests.privacy.test_retention import close, counted, write

pytestmark = pytest.mark.usefixtures("frozen")


async def test_words_numbers_and_invitations_go_cases_and_grades_stay(
    services: Services, cast: Cast
) -> None:
    closed = await close(services, cast)
    still_open = (await submit(services, cast.chen, what="另一件事")).number
    message = await write(services, cast)
    code = await services.org.code("mdl-hj2-cspc")
    assert code is not None
    rated = await services.ratings.rate(cast.chen.turn(), Grade.SATISFIED, code_id=code.code_id)
    await services.ratings.comment(cast.chen.turn(), rated.id, "李警官很耐心")
    person = await services.people.whoami(cast.chen.turn())
    async with services.engine.begin() as connection:
        await connection.execute(
            contacts.insert().values(
                identity_id=person.identity_id,
                phone_digest=services.vault.digest("phone:13900000000"),
                phone_sealed=services.vault.seal("13900000000"),
                inbox_id=message,
                proved_at=(await case_row(services, closed)).closed_at,
            )
        )
    before = await counted(services)

    done = await services.forgetting.forget(cast.chen.turn())

    assert (done.messages, done.comments, done.numbers) == (1, 1, 1)
    assert (done.open, done.closed, done.days) == (1, 1, 1095)
    assert await count(services, contacts) == 0
    assert await count(services, opt_outs) > 0
    assert await count(services, ratings, ratings.c.comment_sealed.is_not(None)) == 0
    async with services.engine.connect() as connection:
        query = select(inbox.c.message_sealed).where(inbox.c.id == message)
        sealed = (await connection.execute(query)).scalar_one()
        noted = select(audit_entries.c.content).where(audit_entries.c.source == "chat")
        assert (await connection.execute(noted)).scalar_one()["comments"] == 1
    assert services.vault.open_json(sealed)["text"] == ""
    assert (await services.cases.find(cast.chen.turn(), still_open)).what == "另一件事"
    assert (await services.cases.find(cast.chen.turn(), closed)).what.startswith("等了")
    assert await counted(services) == before

    again = await services.forgetting.forget(cast.chen.turn())
    assert (again.messages, again.comments, again.numbers) == (0, 0, 0) or again.messages == 1
    await services.cases.act(cast.li.turn(), still_open, Verb.ACCEPT)  # work goes on, and is told
    assert any("已接手" in line for line in await told(services, cast.chen, still_open))


async def test_nobody_else_loses_anything(services: Services, cast: Cast) -> None:
    message = await write(services, cast)
    await services.forgetting.forget(cast.zhou.turn())
    async with services.engine.connect() as connection:
        query = select(inbox.c.message_sealed).where(inbox.c.id == message)
        sealed = (await connection.execute(query)).scalar_one()
    assert services.vault.open_json(sealed)["text"] == "我叫张小伟"


async def test_officers_and_unproven_channels_are_refused(services: Services, cast: Cast) -> None:
    assert (await refused(services.forgetting.forget(cast.li.turn()))).key == "forget_officer"
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "sms", "+8613900000000")
    turn = Turn(person.conversation, cast.chen.turn().inbox_id)
    assert (await refused(services.forgetting.forget(turn))).key == "forget_not_here"
