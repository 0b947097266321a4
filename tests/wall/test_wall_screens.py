"""Who may hang a screen, which unit it may show, and when it goes dark."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from actions.bootstrap import Services
from actions.errors import Refusal
from actions.store.tables import identities, officers, posts, sessions, units
from actions.wall.screens import MOST
from tests.cast import Cast, Someone, badge_of
from tests.conftest import FrozenClock


async def hung(who: Someone, words: str = "") -> str:
    """The token of a screen that this person has opened."""
    services = who.services
    token, _ = await services.screens.link(who.turn(), words)
    opened = await services.sessions.open(token)
    assert opened is not None
    assert opened.wall
    return opened.token


async def test_a_screen_shows_the_own_unit_for_a_month(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    token = await hung(cast.chief)
    screen = await services.screens.who(token)
    assert screen is not None
    assert (screen.unit.name, screen.language) == ("桥西分局", "zh")
    frozen.advance(days=29, hours=23)
    assert await services.screens.who(token) is not None
    frozen.advance(hours=2)
    assert await services.screens.who(token) is None


async def test_or_a_unit_below_it(services: Services, cast: Cast) -> None:
    screen = await services.screens.who(await hung(cast.chief, "南站派出所"))
    assert screen is not None
    assert screen.unit.name == "南站派出所"


@pytest.mark.parametrize("name", ["head", "chief", "sub", "inspect", "centre"])
async def test_whoever_sees_figures_may(services: Services, cast: Cast, name: str) -> None:
    assert await services.screens.who(await hung(getattr(cast, name)))


@pytest.mark.parametrize("name", ["chen", "li"])
async def test_citizens_and_officers_are_refused(services: Services, cast: Cast, name: str) -> None:
    turn = getattr(cast, name).turn()
    for asking in (services.screens.link(turn), services.screens.hanging(turn)):
        with pytest.raises(Refusal, match="not_allowed"):
            await asking
    with pytest.raises(Refusal, match="not_allowed"):
        await services.screens.off(turn)


@pytest.mark.parametrize("words", ["桥东分局", "望江门派出所", "云州市公安局", "没有这个单位"])
async def test_a_unit_that_is_not_theirs_may_as_well_not_exist(
    services: Services, cast: Cast, words: str
) -> None:
    with pytest.raises(Refusal, match="not_yours"):
        await services.screens.link(cast.chief.turn(), words)


async def test_it_opens_no_other_page(services: Services, cast: Cast) -> None:
    screen = await hung(cast.sub)
    assert await services.sessions.who(screen) is None
    opened = await services.sessions.open(await services.sessions.link(cast.sub.turn()))
    assert opened is not None
    assert not opened.wall
    assert await services.screens.who(opened.token) is None
    assert await services.screens.who("unknown") is None


async def test_asking_for_a_screen_leaves_other_links_alone(services: Services, cast: Cast) -> None:
    desk = await services.sessions.link(cast.sub.turn())
    first, _ = await services.screens.link(cast.sub.turn())
    station, _ = await services.screens.link(cast.sub.turn(), "南站派出所")
    again, _ = await services.screens.link(cast.sub.turn())
    assert await services.sessions.open(first) is None
    for token in (desk, station, again):
        assert await services.sessions.open(token) is not None


async def test_a_leaver_goes_dark(services: Services, cast: Cast) -> None:
    token = await hung(cast.chief)
    async with services.engine.begin() as connection:
        gone = update(officers).where(officers.c.badge == cast.chief.badge)
        await connection.execute(gone.values(active=False))
    assert await services.screens.who(token) is None


async def _officer_id(services: Services, badge: str) -> int:
    async with services.engine.connect() as connection:
        query = select(officers.c.id).where(officers.c.badge == badge)
        return int((await connection.execute(query)).scalar_one())


async def test_so_does_who_sees_no_figures_any_more(services: Services, cast: Cast) -> None:
    token, of = await hung(cast.chief), await _officer_id(services, cast.chief.badge)
    async with services.engine.begin() as connection:
        theirs = posts.c.officer_id == of
        await connection.execute(update(posts).where(theirs).values(role="officer"))
    assert await services.screens.who(token) is None
    async with services.engine.begin() as connection:
        await connection.execute(delete(posts).where(theirs))
    assert await services.screens.who(token) is None


async def test_and_who_sees_those_of_another_unit_now(services: Services, cast: Cast) -> None:
    token, of = await hung(cast.chief), await _officer_id(services, cast.chief.badge)
    async with services.engine.begin() as connection:
        other = await connection.scalar(select(units.c.id).where(units.c.name == "桥东分局"))
        moved = update(posts).where(posts.c.officer_id == of)
        await connection.execute(moved.values(unit_id=other))
    assert await services.screens.who(token) is None


async def test_and_whose_chat_is_somebody_elses(services: Services, cast: Cast) -> None:
    token = await hung(cast.chief)
    badge = await badge_of(services, "桥东分局", "supervisor")
    code = await services.people.make_binding_code(badge)
    await services.people.bind(cast.chief.turn(), code)
    assert await services.screens.who(token) is None
    async with services.engine.begin() as connection:
        theirs = identities.c.conversation == cast.chief.conversation
        await connection.execute(update(identities).where(theirs).values(officer_id=None))
    assert await services.screens.who(token) is None


async def test_they_are_listed_and_ended_one_or_all(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    tokens = []
    for words in ("", "南站派出所", "明德里派出所"):
        tokens.append(await hung(cast.chief, words))
        frozen.advance(minutes=1)
    await services.screens.who(tokens[1])
    hanging = await services.screens.hanging(cast.chief.turn())
    assert [each.unit_label for each in hanging] == [
        "桥西分局", "桥西分局南站派出所", "桥西分局明德里派出所",
    ]  # fmt: skip
    assert [each.seen_at is None for each in hanging] == [True, False, True]
    assert await services.screens.off(cast.chief.turn(), 2) == 1
    assert [await services.screens.who(token) is not None for token in tokens] == [
        True, False, True,
    ]  # fmt: skip
    for number in (0, 3):
        with pytest.raises(Refusal, match="wall_no_such"):
            await services.screens.off(cast.chief.turn(), number)
    assert await services.screens.off(cast.other.turn()) == 0
    assert await services.screens.off(cast.chief.turn()) == 2
    assert await services.screens.hanging(cast.chief.turn()) == []


async def test_the_last_sign_of_it_is_kept_to_a_minute(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    token = await hung(cast.chief)

    async def seen() -> object:
        await services.screens.who(token)
        return (await services.screens.hanging(cast.chief.turn()))[0].seen_at

    first = await seen()
    frozen.advance(seconds=30)
    assert await seen() == first
    frozen.advance(seconds=31)
    assert await seen() != first


async def test_nobody_hangs_more_than_a_few(services: Services, cast: Cast) -> None:
    for _ in range(MOST):
        await hung(cast.chief)
    with pytest.raises(Refusal, match="wall_too_many"):
        await services.screens.link(cast.chief.turn())
    assert await services.screens.link(cast.other.turn())
    await services.screens.off(cast.chief.turn(), 1)
    assert await services.screens.link(cast.chief.turn())


async def test_the_database_does_not_tell_the_token(services: Services, cast: Cast) -> None:
    token = await hung(cast.chief)
    async with services.engine.connect() as connection:
        kept = (await connection.execute(select(sessions.c.digest))).scalars().all()
    assert token.encode() not in kept
