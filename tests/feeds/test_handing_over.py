"""Records that are handed over: each becomes one case, whatever is sent again and by how many."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from actions.cases.kinds import CaseKind, Reason
from actions.cases.states import State, Verb
from actions.errors import ConfigurationError
from actions.feeds.case_feeds import Tells
from actions.feeds.opening import MOST_ATTEMPTS, Became
from actions.invitations.wrongs import EventMistakes
from actions.store.tables import cases, deliveries, fed_cases, identities
from tests.cases.steps import events_of, told, unit_id
from tests.conftest import FrozenClock
from tests.feeds.office import Office, record


async def test_a_record_becomes_a_case_at_the_unit_it_names(office: Office) -> None:
    assert await office.takes(record()) == [Became.OPENED]
    case = await office.case()
    assert (case.kind, case.reason, case.source) == (CaseKind.COMPLAINT, Reason.ATTITUDE, "12345")
    assert case.state == State.DISPATCHED
    assert case.unit_id == await unit_id(office.services, "明德里派出所")
    assert office.services.vault.open(case.phone_sealed) == "13900000000"


async def test_the_officers_are_told_where_it_comes_from(office: Office) -> None:
    number = await office.filed(name="陈静")
    [card] = await told(office.services, office.cast.li, number)
    assert "来自12345 热线，原编号 GD-1。" in card
    assert "原类别：服务态度。" in card
    assert "电话 陈某某 139****0000" in card
    assert "陈静" not in card


async def test_nobody_writes_to_the_citizen_where_the_feed_tells_them(office: Office) -> None:
    number = await office.filed()
    await office.act(office.cast.li, number, Verb.ACCEPT)
    await office.act(office.cast.li, number, Verb.ANSWER, text="已当面道歉")
    query = (
        select(func.count())
        .select_from(deliveries)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(identities.c.channel.in_(("feed", "sms")))
    )
    assert [row[0] for row in await office.rows(query)] == [0]


@pytest.mark.parametrize("tells", [Tells.US, Tells.BOTH])
async def test_the_citizen_hears_by_sms_where_we_are_to_tell(office: Office, tells: Tells) -> None:
    await office.changes(tells=tells)
    number = await office.filed()
    await office.act(office.cast.li, number, Verb.ACCEPT)
    query = (
        select(identities.c.channel)
        .join(deliveries, deliveries.c.identity_id == identities.c.id)
        .join(cases, cases.c.id == deliveries.c.case_id)
        .where(cases.c.identity_id == identities.c.id)
    )
    assert [row[0] for row in await office.rows(query)] == ["sms"]


async def test_who_wants_no_contact_is_not_called(office: Office) -> None:
    await office.changes(tells=Tells.US)
    number = await office.filed(do_not_contact=True)
    case = await office.case()
    assert case.phone_sealed is None
    [card] = await told(office.services, office.cast.li, number)
    assert "群众不希望被联系" in card
    assert "没留电话，答复由来件渠道转告。" in card


async def test_the_anonymous_stay_so(office: Office) -> None:
    number = await office.filed(anonymous=True, name="陈静")
    [card] = await told(office.services, office.cast.li, number)
    assert "匿名" in card
    [row] = await office.rows(select(fed_cases))
    kept = office.services.vault.open(row.content_sealed)
    assert "陈静" not in kept
    assert "139" not in kept


# --- where it goes --------------------------------------------------------------------------------


PLACES = [
    ({"unit": "明德里派出所"}, "明德里派出所"),
    ({"unit": "桥西分局明德里所"}, "明德里派出所"),
    ({"unit": None, "place": "明德里派出所门口"}, "明德里派出所"),
    ({"unit": "城关派出所"}, "云州市公安局"),  # two counties have one
    ({"unit": None, "place": "太中路和煤城大街路口"}, "云州市公安局"),
    ({"unit": "没有这个单位"}, "云州市公安局"),
    ({"unit": "YZ-NOWHERE"}, "云州市公安局"),
    ({"unit": None}, "云州市公安局"),
    ({"category": "执法不规范"}, "云州市公安局"),  # the mapping says centre
    ({"category": "没听过的"}, "云州市公安局"),
]


@pytest.mark.parametrize(("fields", "unit"), PLACES)
async def test_in_doubt_the_centre_decides(
    office: Office, fields: dict[str, object], unit: str
) -> None:
    await office.filed(**fields)
    assert (await office.case()).unit_id == await unit_id(office.services, unit)


async def test_an_unknown_category_is_marked_and_counted(office: Office) -> None:
    numbers = [await office.filed(number=f"GD-{n}", category="没听过的") for n in range(2)]
    await office.filed(number="GD-9")
    [card] = await told(office.services, office.cast.centre, numbers[0])
    assert "未对应的类别：没听过的。" in card
    assert "涉及：桥西分局明德里派出所。" in card
    assert await office.services.elsewhere.feeds.unmapped(office.feed) == [("没听过的", 2)]


async def test_an_urgent_category_marks_the_card(office: Office) -> None:
    number = await office.filed(category="走失求助")
    [card] = await told(office.services, office.cast.li, number)
    assert "加急，请先办。" in card


# --- by when --------------------------------------------------------------------------------------


async def test_the_earlier_of_the_two_due_times_counts(office: Office) -> None:
    ours = await office.filed()
    theirs = await office.filed(number="GD-2", until="2026-11-20 18:00")
    late = await office.filed(number="GD-3", until="2027-11-20 18:00")
    over = await office.filed(number="GD-4", until="2026-11-19 18:00")
    due = {
        row.number: row.answer_by
        for row in await office.rows(select(cases.c.number, cases.c.answer_by))
    }
    assert due[theirs] == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert due[late] == due[ours]
    assert due[over] == due[ours], "what is over already is no date to work to"


async def test_why_it_is_due_names_both(office: Office) -> None:
    number = await office.filed(until="2026-11-20 18:00")
    clocks = await office.services.cases.clocks(office.cast.li.turn(), number)
    answer = next(each for each in clocks if each.clock == "answer")
    found = answer.running.due(office.services.calendar)
    assert [step.key for step in found.steps][-2:] == ["wanted", "due"]
    assert found.at == datetime(2026, 11, 20, 10, tzinfo=UTC)


# --- sent again -----------------------------------------------------------------------------------


async def test_the_whole_history_again_changes_nothing(office: Office) -> None:
    history = [record(number=f"GD-{n}", words=f"第 {n} 件事") for n in range(12)]
    await office.takes(*history)
    before = await office.rows(select(deliveries.c.id))
    staged = await office.stages(*history)
    assert (staged.known, staged.waiting) == (12, {})
    assert await office.rows(select(deliveries.c.id)) == before
    assert len(await office.rows(select(cases.c.id))) == 12


async def test_other_words_are_added_to_the_case(office: Office) -> None:
    number = await office.filed()
    await office.act(office.cast.li, number, Verb.ACCEPT)
    again = record(words="又去了一次，还是这样", phone="13900000001")
    assert await office.takes(again) == [Became.UPDATED]
    assert (await events_of(office.services, number))[-1] == Verb.ADD_FACTS
    heard = (await told(office.services, office.cast.li, number))[-1]
    assert "来件渠道补充：又去了一次，还是这样" in heard
    assert "联系方式有更正" in heard
    assert "13900000001" not in heard
    case = await office.case()
    assert office.services.vault.open(case.phone_sealed) == "13900000001"
    assert (await office.stages(again)).known == 1


async def test_other_words_answer_a_question(office: Office) -> None:
    number = await office.filed()
    await office.act(office.cast.li, number, Verb.ACCEPT)
    await office.act(office.cast.li, number, Verb.ASK, text="几号去的？")
    await office.takes(record(words="窗口民警态度很差，11 月 18 日上午"))
    assert (await office.case()).state == State.ACCEPTED
    assert (await events_of(office.services, number))[-1] == Verb.REPLY


async def test_what_is_over_stays_as_it_was(office: Office) -> None:
    number = await office.filed()
    await office.act(office.cast.li, number, Verb.ACCEPT)
    await office.act(office.cast.li, number, Verb.ANSWER, text="已道歉")
    await office.act(office.cast.sub, number, Verb.CLOSE, text="已办结")
    assert await office.takes(record(words="还是不行")) == [Became.KEPT]
    assert (await office.case()).state == State.CLOSED
    assert await office.takes(record(words="还是不行")) == [Became.KEPT]
    assert (await office.stages(record())).known == 1


async def test_changed_before_it_was_opened(office: Office) -> None:
    await office.stages(record())
    assert await office.takes(record(words="改了说法")) == [Became.OPENED]
    matter = office.services.vault.open_json((await office.case()).matter_sealed)
    assert matter["what"] == "改了说法"
    assert (await office.stages(record(words="改了说法"))).known == 1


async def test_changed_there_and_back_again(office: Office) -> None:
    await office.filed()
    await office.stages(record(words="改了说法"))
    assert await office.takes(record()) == [Became.KNOWN]
    assert (await office.stages(record())).known == 1


# --- all or nothing, once -------------------------------------------------------------------------


async def test_one_wrong_record_and_nothing_is_kept(office: Office) -> None:
    given = [record(number=f"GD-{n}") for n in range(600)]
    with pytest.raises(EventMistakes, match=r"f\.csv:600 \[until\]"):
        await office.stages(*given, record(number="GD-600", until="bald"), file="f.csv")
    assert await office.rows(select(fed_cases.c.id)) == []


async def test_a_number_twice_with_other_content(office: Office) -> None:
    with pytest.raises(EventMistakes, match="also stands in line 0"):
        await office.stages(record(), record(words="etwas anderes"))
    staged = await office.stages(record(), record())
    assert staged.new == 1


async def test_opened_by_several_at_once_each_is_one_case(office: Office) -> None:
    staged = await office.stages(*(record(number=f"GD-{n}", words=f"事 {n}") for n in range(8)))
    opens = office.services.elsewhere.openings
    await asyncio.gather(
        *(opens.open(office.feed.id, staged.waiting.values()) for _ in range(3)),
        opens.run(office.feed.id),
    )
    rows = await office.rows(select(fed_cases.c.case_id))
    assert len({row.case_id for row in rows}) == 8
    assert len(await office.rows(select(cases.c.id))) == 8


async def test_handed_over_by_two_requests_at_once(office: Office) -> None:
    batch = [record(number=f"GD-{n}") for n in range(20)]
    found = await asyncio.gather(*(office.stages(*batch) for _ in range(4)))
    assert sum(staged.new for staged in found) == 20
    assert len(await office.rows(select(fed_cases.c.id))) == 20


async def test_interrupted_the_worker_goes_on(office: Office) -> None:
    staged = await office.stages(*(record(number=f"GD-{n}", words=f"事 {n}") for n in range(5)))
    looks = iter([False, False, True])
    found = await office.services.elsewhere.openings.open(
        office.feed.id, staged.waiting.values(), enough=lambda: next(looks)
    )
    assert len(found) == 2
    ran = await office.services.elsewhere.openings.run(office.feed.id)
    assert (ran.done, ran.left) == (3, 0)


async def test_a_record_that_fails_stops_no_other_and_is_given_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.stages(record(), record(number="GD-2", words="另一件"))
    opens = office.services.elsewhere.openings
    submit = office.services.cases.submit_in

    async def failing(connection: object, turn: object, draft: object) -> object:
        if draft.fed.number == "GD-1":  # type: ignore[attr-defined]
            raise OSError("陈静 13900000000")
        return await submit(connection, turn, draft)  # type: ignore[arg-type]

    monkeypatch.setattr(type(office.services.cases), "submit_in", staticmethod(failing))
    ran = await opens.run(office.feed.id)
    assert (ran.done, ran.left) == (1, 1)
    for _ in range(MOST_ATTEMPTS):
        ran = await opens.run(office.feed.id)
    assert ran.left == 0
    feed = await office.services.elsewhere.feeds.named("hotline")
    assert (feed.records, feed.waiting, feed.failed) == (2, 0, 1)
    [row] = await office.rows(select(fed_cases.c.error).where(fed_cases.c.number == "GD-1"))
    assert row.error == "OSError"
    monkeypatch.undo()
    assert await office.takes(record()) == [Became.OPENED], "sent again it is tried anew"


# --- danger ---------------------------------------------------------------------------------------


async def alarms(office: Office) -> list[str]:
    return [t for t in await told(office.services, office.cast.centre) if t.startswith("【紧急】")]


async def test_danger_is_told_to_the_duty_desk(office: Office) -> None:
    await office.filed(words="有人正在砸我家门，拿着刀，救命")
    [alarm] = await alarms(office)
    assert "请马上核实" in alarm
    assert "GD-1" in alarm


async def test_last_years_danger_alarms_nobody(office: Office) -> None:
    await office.filed(words="有人正在砸我家门，救命", filed_at="2025-11-20 10:00")
    await office.filed(number="GD-2", words="报警后半天没人来，110 接线员态度不好")
    assert await alarms(office) == []


async def test_an_older_number_is_the_same_citizen(office: Office, frozen: FrozenClock) -> None:
    """Two records of one phone are proposed as one matter, as with any other cases."""
    words = "户籍窗口排队等了两个小时，民警态度很差，让我白跑了三趟，材料还是没办成"
    await office.filed(words=words)
    frozen.advance(minutes=5)
    number = await office.filed(number="GD-2", words=f"{words}，请尽快处理")
    found = await office.services.cases.links(office.cast.li.turn(), number)
    assert [link.why for link in found] == ["same_citizen"]


async def test_what_a_worker_left_is_found_again(office: Office, frozen: FrozenClock) -> None:
    await office.stages(record())
    opens = office.services.elsewhere.openings
    assert await opens.late() == []
    frozen.advance(minutes=6)
    assert await opens.late() == [office.feed.id]
    await opens.run(office.feed.id)
    assert await opens.late() == []


async def test_while_the_mapping_is_broken_nothing_is_lost(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    good = 'name: x\nsource: "12345"\ndefault: {kind: help}\n'
    path.write_text(good, "utf-8")
    await office.changes(mapping=str(path))
    await office.stages(record())
    path.write_text("nonsense", "utf-8")
    with pytest.raises(ConfigurationError, match="holds no mapping"):
        await office.services.elsewhere.openings.run(office.feed.id)
    path.write_text(good, "utf-8")
    assert (await office.services.elsewhere.openings.run(office.feed.id)).done == 1
    [card] = await told(office.services, office.cast.centre)
    assert "未对应的类别：服务态度。" in card
