"""From the event to the message: who is asked, by which way, reminded once, and why not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, update

from actions import clock
from actions.bootstrap import bootstrap
from actions.invitations.intake import Outcome
from actions.invitations.naming import delivery_key
from actions.invitations.sending import Sent
from actions.settings import Settings, read
from actions.store.tables import deliveries, identities, invitations, service_events
from tests.conftest import FrozenClock
from tests.installation import Servers
from tests.invitations.asking import STATION, ZHOU, Counter
from tests.invitations.conftest import counter_under


async def test_an_sms_says_where_and_when_and_never_what_for(counter: Counter) -> None:
    row = await counter.asks(kind="case", unit=STATION, finished_at="2026-11-18 10:00")
    [(channel, text)] = await counter.messages()
    assert channel == "sms"
    code = counter.code(row)
    assert text == (
        f"您 11 月 18 日请桥西分局明德里派出所办的事，办得怎么样？可以接着写一句。码 {code}，退订回 T"
    )
    assert len(text) <= 62, "one SMS with a signature"


async def test_the_hotline_is_named_where_the_policy_says_so(
    databases: Servers, tmp_path: Path, frozen: FrozenClock
) -> None:
    async for counter in counter_under(databases, tmp_path, {"hotline": True}):
        await counter.asks()
        await counter.asks(language="en", phone=ZHOU)
        texts = [text for _, text in await counter.messages()]
        assert "可以接着写一句。热线 0000-12345。码 " in texts[0]
        assert "You may add a line. Hotline 0000-12345. Code " in texts[1]


async def test_who_follows_the_account_is_asked_there(counter: Counter) -> None:
    await counter.meets("wechat", "openid-chen")
    await counter.asks(wechat="openid-chen")
    await counter.asks(wechat="openid-never-seen", phone=ZHOU)
    assert [channel for channel, _ in await counter.messages()] == ["wechat", "sms"]
    assert "码" not in (await counter.messages())[0][1]


async def test_who_left_the_account_is_asked_by_sms(counter: Counter) -> None:
    await counter.meets("wechat", "openid-chen")
    async with counter.services.engine.begin() as connection:
        await connection.execute(update(identities).values(state="unsubscribed"))
    await counter.asks(wechat="openid-chen")
    assert [channel for channel, _ in await counter.messages()] == ["sms"]


async def test_in_english_where_the_feed_says_so(counter: Counter) -> None:
    await counter.asks(language="en")
    [(_, text)] = await counter.messages()
    assert text.startswith("How was it when")
    said = await counter.replies("1")
    assert said is not None
    assert said.text.startswith("Thank you, noted: Satisfied.")


async def test_the_seventh_day(counter: Counter, frozen: FrozenClock) -> None:
    waits = await counter.asks(kind="police_call")
    assert waits.state == "chosen"
    frozen.advance(days=6, hours=23)
    await counter.services.invitations.round()
    assert await counter.messages() == []
    frozen.advance(hours=1)
    await counter.services.invitations.round()
    assert len(await counter.messages()) == 1


async def test_nothing_goes_out_at_night(counter: Counter, frozen: FrozenClock) -> None:
    frozen.advance(hours=8)  # 22:05
    await counter.asks()
    assert await counter.messages() == []
    frozen.advance(hours=10, minutes=54)  # 08:59
    await counter.services.invitations.round()
    assert await counter.messages() == []
    frozen.advance(minutes=1, seconds=1)
    await counter.services.invitations.round()
    assert len(await counter.messages()) == 1


async def test_one_reminder_and_then_it_is_over(counter: Counter, frozen: FrozenClock) -> None:
    await counter.asks()
    for _ in range(3):
        frozen.advance(days=3)
        await counter.services.invitations.round()
    texts = [text for _, text in await counter.messages()]
    assert len(texts) == 2
    assert texts[1].startswith("还想听您一句。您 11 月 20 日")
    row = await counter.invitation("N1")
    assert (row.state, row.reminded_at is not None) == ("expired", True)


async def test_no_reminder_after_an_answer_or_where_it_did_not_arrive(
    counter: Counter, frozen: FrozenClock
) -> None:
    await counter.asks()
    await counter.replies("1")
    lost = await counter.asks(phone=ZHOU)
    async with counter.services.engine.begin() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.key == delivery_key(lost.id))
            .values(state="failed")
        )
    frozen.advance(days=3)
    assert (await counter.services.invitations.round()).reminded == 0
    assert len(await counter.messages()) == 2


async def test_one_person_is_asked_once_a_month_over_all_units(
    counter: Counter, frozen: FrozenClock
) -> None:
    assert await counter.why_not() is None
    assert await counter.why_not(unit="YZ-QX-NZ") == "contact_cap"
    assert await counter.why_not(kind="police_call") == "contact_cap", "on day 7 too"
    assert await counter.why_not(phone=ZHOU) is None
    frozen.advance(days=30)
    assert await counter.why_not() is None


async def test_within_one_batch_the_cap_holds_too(counter: Counter) -> None:
    await counter.takes(*(counter.event() for _ in range(5)))
    await counter.services.invitations.round()
    assert len(await counter.messages()) == 1


async def test_reasons_are_kept(counter: Counter) -> None:
    assert await counter.why_not(kind="visit") == "kind"
    assert await counter.why_not(flags=["domestic_violence"]) == "do_not_ask"
    assert await counter.why_not(flags=None) == "not_screened"
    assert await counter.why_not(finished_at="2026-11-01 10:00") == "too_old"
    assert await counter.why_not(phone="0310-3123456") == "no_way"
    assert await counter.why_not(phone="+852 5123 4567") == "no_way"
    assert await counter.why_not(phone=None) == "no_way"
    assert await counter.messages() == []


async def test_the_reason_why_somebody_must_not_be_asked_is_sealed(counter: Counter) -> None:
    await counter.asks(flags=["domestic_violence"])
    for table in (service_events, invitations):
        async with counter.services.engine.connect() as connection:
            row = (await connection.execute(select(table))).one()
        assert "violence" not in str(row)
    row = await counter.event_row("N1")
    assert counter.services.vault.open_json(row.flags_sealed) == ["domestic_violence"]


async def test_a_history_sent_again_asks_nobody(counter: Counter, frozen: FrozenClock) -> None:
    history = [counter.event(phone=f"1390000{n:04d}") for n in range(5)]
    await counter.takes(*history)
    await counter.services.invitations.round()
    frozen.advance(days=40)
    taken = await counter.takes(*history)
    assert taken.counts[Outcome.KNOWN] == 5
    await counter.services.invitations.round()
    assert len(await counter.messages()) == 5


async def test_a_correction_before_it_is_sent_is_taken_over(counter: Counter) -> None:
    event = counter.event(kind="police_call")
    await counter.takes(event)
    await counter.services.invitations.round()
    taken = await counter.takes(event | {"flags": ["suspect"]})
    assert taken.outcomes == {"N1": Outcome.CORRECTED}
    await counter.services.invitations.round()
    row = await counter.invitation("N1")
    assert (row.state, row.why_not) == ("left_out", "do_not_ask")


async def test_a_correction_after_it_was_sent_changes_nothing_and_says_so(counter: Counter) -> None:
    event = counter.event()
    await counter.takes(event)
    await counter.services.invitations.round()
    taken = await counter.takes(event | {"phone": ZHOU})
    assert taken.outcomes == {"N1": Outcome.KEPT}
    await counter.services.invitations.round()
    assert len(await counter.messages()) == 1


async def test_the_sms_goes_to_the_number_as_the_channel_spells_it(counter: Counter) -> None:
    await counter.asks()
    query = select(identities.c.sender_sealed).where(identities.c.channel == "sms")
    async with counter.services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalar_one()
    assert counter.services.vault.open(sealed) == "+8613900000000"


async def test_several_workers_plan_and_send_each_once(counter: Counter) -> None:
    await counter.takes(*(counter.event(phone=f"1390000{n:04d}") for n in range(150)))
    rounds = await asyncio.gather(*(counter.services.invitations.round() for _ in range(4)))
    assert sum(done.sent for done in rounds) == 150
    assert len(await counter.messages()) == 150


async def test_a_code_is_given_once_for_ever(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = iter(["AAAAAA1", "AAAAAA1", "AAAAAA1", "AAAAAA2", "AAAAAA2", "AAAAAA3"])
    monkeypatch.setattr("actions.invitations.sending.new_invitation_code", lambda: next(made))
    first = await counter.asks()
    await counter.takes(counter.event(phone=ZHOU), counter.event(phone="13900000002"))
    await counter.services.invitations.round()
    others = [await counter.invitation(f"N{n}") for n in (2, 3)]
    assert counter.code(first) == "AAAAAA1"
    assert sorted(counter.code(row) for row in others) == ["AAAAAA2", "AAAAAA3"]


async def test_each_by_the_own_way_in_one_batch(counter: Counter) -> None:
    await counter.meets("wechat", "openid-chen")
    await counter.takes(
        counter.event(wechat="openid-chen"),
        counter.event(phone=ZHOU, wechat="openid-never-seen"),
        counter.event(phone="13900000002"),
        counter.event(phone="0310-3123456", wechat="openid-never-seen-either"),
    )
    await counter.services.invitations.round()
    channels = sorted(channel for channel, _ in await counter.messages())
    assert channels == ["sms", "sms", "wechat"]
    row = await counter.invitation("N4")
    assert (row.state, row.why_not) == ("dropped", "no_way")


async def test_a_worker_that_was_off_for_weeks_asks_nobody_too_late(
    counter: Counter, frozen: FrozenClock
) -> None:
    await counter.takes(counter.event(kind="police_call"))
    await counter.services.invitations.planning.plan()
    frozen.advance(days=15)
    assert await counter.services.invitations.round() == Sent(dropped=1)
    assert (await counter.invitation("N1")).why_not == "too_late"


async def test_half_are_drawn_and_anybody_can_draw_them_again(
    databases: Servers, tmp_path: Path, frozen: FrozenClock
) -> None:
    async for counter in counter_under(databases, tmp_path, {"share": 0.5}):
        await counter.takes(*(counter.event(phone=f"1390000{n:04d}") for n in range(200)))
        await counter.services.invitations.round()
        again = await counter.services.invitations.funnel.draw_again("2026-11")
        assert again is not None
        assert (again.looked_at, again.as_recorded) == (200, True)
        assert again.belong == len(await counter.messages())
        assert 60 < again.belong < 140  # 100, give or take six deviations
        assert await counter.services.invitations.funnel.draw_again("2026-01") is None


async def test_each_step_can_be_followed(counter: Counter, frozen: FrozenClock) -> None:
    for n in range(4):
        await counter.asks(phone=f"1390000{n:04d}")
    await counter.asks(kind="visit")
    await counter.asks(flags=["suspect"])
    await counter.asks(kind="police_call", phone="13900001000")
    await counter.takes(counter.event())
    async with counter.services.engine.begin() as connection:
        await connection.execute(update(deliveries).values(state="sent"))
        lost = await counter.invitation("N4")
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.key == delivery_key(lost.id))
            .values(state="failed")
        )
    await counter.replies("1")
    now = clock.now()
    found = await counter.services.invitations.funnel.follow(now.replace(year=2025), now, "feed")
    steps = found["hall"]
    assert (steps.events, steps.waiting) == (8, 1)
    assert (steps.eligible, steps.chosen, steps.sent) == (5, 5, 4)
    assert (steps.delivered, steps.answered) == (3, 1)
    assert steps.reasons() == {"do_not_ask": "under 5", "kind": "1", "not_delivered": "1"}
    by_kind = await counter.services.invitations.funnel.follow(now.replace(year=2025), now, "kind")
    assert {name: steps.events for name, steps in by_kind.items()} == {
        "counter": 6, "visit": 1, "police_call": 1,
    }  # fmt: skip


async def test_without_a_line_in_the_policy_events_are_kept_and_nobody_is_asked(
    environ: dict[str, str], cast: object, frozen: FrozenClock
) -> None:
    services = bootstrap(read(Settings, environ))
    counter = await Counter.opened(services)
    assert await counter.why_not() == "kind"
    await services.close()
