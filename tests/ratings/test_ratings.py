"""Ratings: once per message, never of oneself, and praise that arrives."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Row, select

from actions.bootstrap import Services
from actions.codes.target import CodeTarget
from actions.errors import Refusal
from actions.ratings.rating import RatingView
from actions.store.tables import codes, deliveries, identities, officers, ratings
from tests.cast import Cast, Someone, gather_cast
from tests.installation import Servers, installation


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture(scope="module")
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


async def written(services: Services, view: RatingView) -> Row[tuple[object, ...]]:
    async with services.engine.connect() as connection:
        return (await connection.execute(select(ratings).where(ratings.c.id == view.id))).one()


async def window(services: Services) -> CodeTarget:
    code = await services.org.code("mdl-hj2-cspc")
    assert code is not None
    return code


async def badge_code(services: Services, someone: Someone) -> CodeTarget:
    """The code that an officer wears."""
    query = (
        select(codes.c.scene)
        .join(officers, officers.c.id == codes.c.officer_id)
        .where(officers.c.badge == someone.badge)
    )
    async with services.engine.connect() as connection:
        scene = (await connection.execute(query)).scalars().first()
    assert scene is not None
    code = await services.org.code(scene)
    assert code is not None
    return code


async def praise(services: Services, someone: Someone) -> list[str]:
    query = (
        select(deliveries.c.content_sealed)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(identities.c.conversation == someone.conversation, deliveries.c.topic == "praise")
        .order_by(deliveries.c.id)
    )
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalars().all()
    return [services.vault.open_json(content)["text"] for content in sealed]


async def refused(call: object) -> str:
    with pytest.raises(Refusal) as caught:
        await call  # type: ignore[misc]
    return caught.value.key


async def test_a_scanned_code_says_what_is_rated(services: Services, cast: Cast) -> None:
    code = await window(services)
    view = await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=code.code_id)
    row = await written(services, view)
    assert view.label == code.label
    assert (row.way, row.grade, row.channel) == ("scan", "satisfied", "wechat")
    assert (row.unit_id, row.officer_id, row.code_id) == (code.unit_id, None, code.code_id)


async def test_a_named_unit_is_typed(services: Services, cast: Cast) -> None:
    (found, *_) = await services.org.match_units("明德里派出所")
    view = await services.ratings.rate(cast.chen.turn(), "basically", unit_id=found.unit_id)
    row = await written(services, view)
    assert view.label == "桥西分局明德里派出所"
    assert (row.way, row.unit_id, row.code_id) == ("typed", found.unit_id, None)


async def test_the_code_counts_more_than_what_was_remembered(
    services: Services, cast: Cast
) -> None:
    code = await window(services)
    view = await services.ratings.rate(
        cast.chen.turn(), "satisfied", code_id=code.code_id, unit_id=1, officer_id=None
    )
    assert (await written(services, view)).unit_id == code.unit_id


async def test_one_message_is_one_rating(services: Services, cast: Cast) -> None:
    """Also when a turn is tried again while the first attempt is still under way."""
    code, turn = await window(services), cast.chen.turn()
    views = await asyncio.gather(
        *(services.ratings.rate(turn, "satisfied", code_id=code.code_id) for _ in range(4))
    )
    assert len({view.id for view in views}) == 1
    other = await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=code.code_id)
    assert other.id != views[0].id


async def test_an_officers_badge_is_rated_by_others_only(services: Services, cast: Cast) -> None:
    code = await badge_code(services, cast.li)
    own = services.ratings.rate(cast.li.turn(), "satisfied", code_id=code.code_id)
    assert await refused(own) == "own_rating"
    view = await services.ratings.rate(cast.wang.turn(), "satisfied", code_id=code.code_id)
    assert (await written(services, view)).officer_id == code.officer_id


@pytest.mark.parametrize("grade", ["", "excellent", "SATISFIED"])
async def test_an_unknown_grade_is_a_fault(services: Services, cast: Cast, grade: str) -> None:
    code = await window(services)
    with pytest.raises(ValueError, match="is not a valid Grade"):
        await services.ratings.rate(cast.chen.turn(), grade, code_id=code.code_id)


async def test_a_rating_of_nothing_is_a_fault(services: Services, cast: Cast) -> None:
    with pytest.raises(ValueError, match="a code or a unit"):
        await services.ratings.rate(cast.chen.turn(), "satisfied")


async def test_only_the_rater_adds_a_sentence(services: Services, cast: Cast) -> None:
    code = await window(services)
    view = await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=code.code_id)
    await services.ratings.comment(cast.chen.turn(), view.id, "第一句")
    await services.ratings.comment(cast.chen.turn(), str(view.id), "改一句")
    for stranger in (
        services.ratings.comment(cast.zhou.turn(), view.id, "不是我的"),
        services.ratings.comment(cast.chen.turn(), uuid.uuid4(), "没有这条"),
    ):
        assert await refused(stranger) == "rating_not_found"
    sealed = (await written(services, view)).comment_sealed
    assert services.vault.open(sealed) == "改一句"
    assert "改一句".encode() not in bytes(sealed)


async def test_praise_reaches_the_officer_once(services: Services, cast: Cast) -> None:
    code = await badge_code(services, cast.li)
    view = await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=code.code_id)
    turn = cast.chen.turn()
    for _ in range(2):
        await services.ratings.comment(turn, view.id, "特别耐心")
    (text,) = await praise(services, cast.li)
    assert "特别耐心" in text
    assert "桥西分局明德里派出所" in text


@pytest.mark.parametrize("grade", ["basically", "unsatisfied"])
async def test_what_is_no_praise_is_not_sent_as_praise(
    services: Services, cast: Cast, grade: str
) -> None:
    """Whoever is "basically satisfied" is asked what could be better."""
    code = await badge_code(services, cast.wang)
    view = await services.ratings.rate(cast.chen.turn(), grade, code_id=code.code_id)
    await services.ratings.comment(cast.chen.turn(), view.id, "等太久了")
    assert await praise(services, cast.wang) == []


async def test_praise_of_a_window_is_kept_with_the_rating_only(
    services: Services, cast: Cast
) -> None:
    before = await praise(services, cast.wang)
    code = await window(services)
    view = await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=code.code_id)
    await services.ratings.comment(cast.chen.turn(), view.id, "窗口真快")
    assert await praise(services, cast.wang) == before


async def test_an_officer_who_left_the_chat_is_not_written_to(
    services: Services, cast: Cast
) -> None:
    person = await services.people.whoami(cast.liu.turn())
    await services.people.set_state(person.identity_id, "unsubscribed")
    code = await badge_code(services, cast.liu)
    view = await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=code.code_id)
    await services.ratings.comment(cast.chen.turn(), view.id, "谢谢")
    assert await praise(services, cast.liu) == []
