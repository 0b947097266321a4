"""What the other side is told of a case: what its citizen is told, in order, and nothing else."""

from __future__ import annotations

from sqlalchemy import select

from actions.cases.states import Verb
from actions.feeds.case_feeds import Tells
from actions.feeds.sources import Source
from actions.store.tables import feed_results
from tests.feeds.office import Office, record

RUDE = "李警官"


async def happened(office: Office) -> list[str]:
    return [each["happened"] for each in await office.results()]


async def test_from_acceptance_to_the_end(reviewed: Office) -> None:
    office, cast = reviewed, reviewed.cast
    number = await office.filed()
    await office.act(cast.li, number, Verb.ACCEPT)
    await office.act(cast.li, number, Verb.ASK, text="几号去的？")
    await office.takes(record(words="窗口民警态度很差，18 日"))
    await office.act(cast.li, number, Verb.MESSAGE, text="正在核实")
    await office.act(cast.li, number, Verb.VERIFY, finding="partly", text="内部情况")
    await office.act(cast.li, number, Verb.RECTIFY, text="批评教育")
    await office.act(cast.li, number, Verb.HAND_IN, text="已当面道歉")
    await office.act(cast.sub, number, Verb.SEND_BACK, text="太短了")
    await office.act(cast.li, number, Verb.HAND_IN, text="已当面道歉，窗口已整改")
    await office.act(cast.sub, number, Verb.REVIEW)
    await office.act(cast.sub, number, Verb.SEND_BACK, text="群众说没接到电话")
    await office.act(cast.li, number, Verb.HAND_IN, text="已重新联系")
    await office.act(cast.sub, number, Verb.REVIEW)
    await office.act(cast.sub, number, Verb.CLOSE, text="群众表示认可")
    assert await happened(office) == [
        *("accepted", "asked", "message", "answered", "returned", "answered", "closed")
    ]
    results = await office.results()
    assert [each["seq"] for each in results] == list(range(1, 8))
    assert results[0]["text"] == f"{number} 已有民警接手，11 月 23 日（周一）18:00 前答复。"
    assert results[1]["text"] == "民警想问：几号去的？"
    assert results[3]["text"] == "已当面道歉，窗口已整改"
    assert results[6]["text"] == f"{number} 已办结：群众表示认可"
    assert (results[6]["state"], results[6]["closed_as"]) == ("closed", "reviewed")
    first = results[0]
    assert (first["feed"], first["number"], first["case"]) == ("hotline", "GD-1", number)
    assert first["answer_by"] == "2026-11-23T10:00:00Z"
    told = str([{**each, "id": ""} for each in results])  # an id may hold any digits
    for hidden in (RUDE, "警官", "内部情况", "批评教育", "太短了", "没接到电话", "139"):
        assert hidden not in told


async def test_the_grade_a_caller_is_told(reviewed: Office) -> None:
    office, cast = reviewed, reviewed.cast
    number = await office.filed()
    await office.act(cast.li, number, Verb.ACCEPT)
    await office.act(cast.li, number, Verb.HAND_IN, text="已道歉")
    await office.act(cast.sub, number, Verb.REVIEW)
    await office.act(cast.sub, number, Verb.REVISIT, grade="satisfied", text="她说可以")
    last = (await office.results())[-1]
    assert (last["happened"], last["grade"]) == ("closed", "satisfied")
    assert last["text"] == f"{number} 已办结，群众评价：满意。"


async def test_in_the_language_of_the_record(office: Office) -> None:
    number = await office.filed(language="en", words="The officer was rude")
    await office.act(office.cast.li, number, Verb.ACCEPT)
    [result] = await office.results()
    assert result["text"].startswith(f"An officer has taken {number}; an answer comes by")


async def test_a_merged_case_hears_the_answer_of_the_other(office: Office) -> None:
    cast = office.cast
    one, other = await office.filed(), await office.filed(number="GD-2", phone="13900000001")
    await office.act(cast.li, one, Verb.ACCEPT)
    await office.act(cast.wang, other, Verb.MERGE, into=one)
    await office.act(cast.li, one, Verb.ANSWER, text="窗口已整改")
    found = [(each["number"], each["happened"]) for each in await office.results()]
    assert found == [
        *(("GD-1", "accepted"), ("GD-2", "merged"), ("GD-1", "answered"), ("GD-2", "answered"))
    ]
    assert (await office.results())[-1]["text"] == "窗口已整改"


async def test_who_has_no_webhook_is_told_nothing(office: Office) -> None:
    await office.changes(webhook="")
    number = await office.filed()
    await office.act(office.cast.li, number, Verb.ACCEPT)
    assert await office.rows(select(feed_results)) == []


async def test_words_are_sealed(office: Office) -> None:
    number = await office.filed()
    await office.act(office.cast.li, number, Verb.ACCEPT)
    [row] = await office.rows(select(feed_results.c.body_sealed))
    assert "接手".encode() not in bytes(row.body_sealed)


async def test_what_the_feed_may_see(reviewed: Office) -> None:
    office, cast = reviewed, reviewed.cast
    readings = office.services.elsewhere.readings
    number = await office.filed()
    await office.act(cast.li, number, Verb.ACCEPT)
    await office.act(cast.li, number, Verb.HAND_IN, text="已当面道歉")
    seen = await readings.one(office.feed, "GD-1")
    assert seen is not None
    assert (seen.case, seen.state, seen.answer) == (number, "reviewing", "")
    await office.act(cast.sub, number, Verb.REVIEW)
    seen = await readings.one(office.feed, number)
    assert seen is not None
    assert (seen.number, seen.state, seen.answer) == ("GD-1", "answered", "已当面道歉")
    assert await readings.one(office.feed, "GD-2") is None


async def test_of_others_a_feed_sees_nothing(office: Office) -> None:
    number = await office.filed()
    feeds = office.services.elsewhere.feeds
    await feeds.add("box", Source.MAILBOX, "mailbox", Tells.FEED, "")
    box = await feeds.named("box")
    readings = office.services.elsewhere.readings
    assert await readings.one(box, "GD-1") is None
    assert await readings.one(box, number) is None


async def test_a_record_that_waits(office: Office) -> None:
    await office.stages(record())
    seen = await office.services.elsewhere.readings.one(office.feed, "GD-1")
    assert seen is not None
    assert (seen.state, seen.case) == ("waiting", "")
