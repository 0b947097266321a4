"""What is due goes out: once, to whom the policy names, late after a downtime, seen when it fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from actions.bulletins.content import NotSent
from actions.bulletins.rounds import Sent
from actions.store.tables import deliveries, officers
from tests.bulletins.conftest import Bureau
from tests.cast import officer


async def run(bureau: Bureau, text: str) -> Sent:
    bureau.at(text)
    return await bureau.services.bulletin_rounds.run()


async def begun(bureau: Bureau) -> None:
    """The first round, on Friday 20 November at noon: nothing old is sent."""
    assert await run(bureau, "2026-11-20 12:00") == Sent()


async def heads(bureau: Bureau) -> list[str]:
    return [content["text"].splitlines()[0] for _, content in await bureau.told()]


async def test_an_installation_begins_with_the_next_period(bureau: Bureau) -> None:
    await begun(bureau)
    assert await run(bureau, "2026-11-21 08:29") == Sent()
    assert await bureau.told() == []


async def test_the_daily_one_tells_everyone_of_their_own_unit(bureau: Bureau) -> None:
    """CENTRE reads of the city, SUB of the county; all others of these posts have no chat."""
    await begun(bureau)
    await bureau.rate("明德里派出所", "2026-11-20", 36, 0, 4)
    done = await run(bureau, "2026-11-21 08:30")
    assert done.chats == 2
    assert done.bulletins >= 2
    assert sorted(await heads(bureau)) == [
        "云州市公安局 日报｜2026年11月20日",
        "桥西分局 日报｜2026年11月20日",
    ]
    texts = [content["text"] for _, content in await bureau.told()]
    assert all("满意率 90.0%" in text for text in texts)


async def test_picture_and_way_to_the_files_go_with_it(bureau: Bureau) -> None:
    await begun(bureau)
    await run(bureau, "2026-11-21 08:30")
    for _, content in await bureau.told():
        assert content["drawn"].startswith("bulletin:B26-")
        drawing = await bureau.services.bulletins.drawing(content["drawn"].partition(":")[2])
        assert drawing is not None
        assert content["offers"] == []  # no address is set: nothing could be fetched


async def test_once_however_often_and_by_however_many_workers(bureau: Bureau) -> None:
    await begun(bureau)
    bureau.at("2026-11-21 08:31")
    rounds = bureau.services.bulletin_rounds
    done = await asyncio.gather(*(rounds.run() for _ in range(4)))
    assert sum(each.chats for each in done) == 2
    await run(bureau, "2026-11-21 20:00")
    assert len(await bureau.told()) == 2


async def test_only_the_latest_missed_one_of_each_kind(bureau: Bureau) -> None:
    """Nobody worked from Friday to Thursday week: one daily one, one weekly one."""
    await begun(bureau)
    await run(bureau, "2026-12-03 10:00")
    keys = sorted({":".join(key.split(":")[:3]) for key, _ in await bureau.told()})
    assert keys == [
        "bulletin:daily:2026-12-02",
        "bulletin:monthly:2026-11-01",
        "bulletin:weekly:2026-11-23",
    ]
    assert await run(bureau, "2026-12-03 10:01") == Sent()


async def test_what_was_missed_waits_for_the_morning(bureau: Bureau) -> None:
    await begun(bureau)
    assert await run(bureau, "2026-11-22 03:00") == Sent()
    assert (await run(bureau, "2026-11-22 07:00")).chats == 2


async def test_the_citys_bulletin_goes_to_all_whom_the_policy_names(bureau: Bureau) -> None:
    """The monthly one is about the whole city: CENTRE and both counties' supervisors."""
    await begun(bureau)
    await run(bureau, "2026-12-01 09:00")
    monthly = [content["text"] for key, content in await bureau.told() if ":monthly:" in key]
    assert len(monthly) == 3
    assert {text.splitlines()[0] for text in monthly} == {"云州市公安局 月报｜2026年11月"}
    number = monthly[0].split("编号 ")[1].split("\n")[0]
    for who in (bureau.cast.chief, bureau.cast.other):  # not in their subtree, but sent to them
        assert (await bureau.services.bulletins.mine(who.turn(), number)).unit == "云州市公安局"


async def test_two_chats_of_one_officer_both_get_it(bureau: Bureau) -> None:
    async with bureau.services.engine.begin() as connection:
        person = await bureau.services.people.meet(connection, "wecom", "centre-too")
    code = await bureau.services.people.make_binding_code(bureau.cast.centre.badge)
    from tests.cast import Someone

    second = Someone(bureau.services, person.conversation)
    await bureau.services.people.bind(second.turn(), code)
    await begun(bureau)
    assert (await run(bureau, "2026-11-21 08:30")).chats == 3


async def test_a_leaver_gets_nothing(bureau: Bureau) -> None:
    await begun(bureau)
    badge = bureau.cast.sub.badge
    async with bureau.services.engine.begin() as connection:
        await connection.execute(
            update(officers).where(officers.c.badge == badge).values(active=False)
        )
    assert (await run(bureau, "2026-11-21 08:30")).chats == 1


async def test_who_has_no_chat_and_what_failed_is_seen(bureau: Bureau) -> None:
    """One of two is not delivered; the next morning's bulletin and the list say so."""
    await begun(bureau)
    first = await run(bureau, "2026-11-21 08:30")
    async with bureau.services.engine.begin() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.key == (await bureau.told())[0][0])
            .values(state="failed", note="blocked by the reader")
        )
    city = await bureau.unit("云州市公安局")
    assert await bureau.services.bulletins.not_sent(city.id) == NotSent(1, first.no_chat)
    copies = await bureau.services.bulletins.copies(timedelta(days=1))
    assert sorted({each.state for each in copies}) == ["failed", "no_chat", "queued"]
    assert [each.note for each in copies if each.state == "failed"] == ["blocked by the reader"]
    await run(bureau, "2026-11-22 08:30")
    texts = [content["text"] for key, content in await bureau.told() if "2026-11-21" in key]
    assert any("未送达 1 份" in text for text in texts)


async def test_a_fault_while_making_leaves_nothing_half(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(bureau)
    gathering = bureau.services.bulletins._gathering
    whole, calls = type(gathering).gather, 0

    async def fails_at_the_second(self: object, subject: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError("the database went away")
        return await whole(gathering, subject)  # type: ignore[arg-type]

    monkeypatch.setattr(type(gathering), "gather", fails_at_the_second)
    with pytest.raises(OSError, match="went away"):
        await run(bureau, "2026-11-21 08:30")
    assert await bureau.told() == []
    assert (await run(bureau, "2026-11-21 08:31")).chats == 2


async def test_without_anybody_to_read_it_nothing_breaks(bureau: Bureau) -> None:
    from actions.store.tables import posts

    await begun(bureau)
    async with bureau.services.engine.begin() as connection:
        await connection.execute(delete(posts))
    assert await run(bureau, "2026-11-21 08:30") == Sent()


async def test_an_english_reader_gets_it_in_english(bureau: Bureau) -> None:
    await bureau.services.people.set_language(bureau.cast.sub.turn(), "en")
    await begun(bureau)
    await run(bureau, "2026-11-21 08:30")
    assert "桥西分局, daily bulletin | 20 Nov 2026" in await heads(bureau)


async def test_a_post_that_came_later_reads_the_next(bureau: Bureau) -> None:
    await begun(bureau)
    await run(bureau, "2026-11-21 08:30")
    late = await officer(bureau.services, "桥东分局", "sub_centre")
    await run(bureau, "2026-11-22 08:30")
    assert "桥东分局 日报｜2026年11月21日" in await heads(bureau)
    assert late.badge
