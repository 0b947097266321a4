"""Who may do what: every entry of every service, by everybody, as the table below says.

The entries are not listed by hand: they are found in the program, as whatever takes a turn. One that
has neither a line in the table nor a reason to have none fails. What the table says is written down
from what the product promises, not asked of the program.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from actions import clock
from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.desk.entry import Entry, EntryKind, Source
from actions.errors import Refusal
from actions.people.roles import Role
from actions.reports.periods import Period
from actions.turn import Turn
from tests.cases.steps import submit, unit_id
from tests.cast import Someone, badge_of, gather_cast, officer
from tests.installation import Servers, installation

STATION = "明德里派出所"
WHAT = "那天上午在窗口等了两个小时"

# --- who there is ---------------------------------------------------------------------------------

PEOPLE = {
    "chen": "a citizen in WeChat: both cases are CHEN's",
    "zhou": "another citizen in WeChat",
    "texter": "a citizen by text message, who proves nothing",
    "visitor": "a citizen on the web page",
    "li": "an officer of the station",
    "wang": "an officer of the station; the second case is about WANG",
    "head": "leads the station, and so WANG",
    "liu": "an officer of another station of the county",
    "chief_nz": "leads that other station",
    "far": "an officer of another county",
    "leaver": "an officer of another station who has left the force",
    "li_sms": "LI's number in text messages: nobody is an officer there",
    "sub": "calls back and reviews at the county",
    "far_sub": "the same at another county",
    "chief": "reads the county's figures",
    "other": "reads another county's figures",
    "boss": "reads the city's figures",
    "centre": "sits at the city's duty desk",
    "inspect": "an inspector of the city",
    "admin": "runs the installation, and sees no case and no figure",
}
CITIZENS = {"chen", "zhou", "texter", "visitor", "leaver", "li_sms"}
OFFICERS = set(PEOPLE) - CITIZENS
PROVEN = set(PEOPLE) - {"texter", "li_sms"}
FIGURES = {"head", "chief_nz", "sub", "far_sub", "chief", "other", "boss", "centre", "inspect"}
REACH = {
    "head",
    "sub",
    "chief",
    "boss",
    "centre",
    "inspect",
}  # those whose figures hold the station's
NO_FIGURES = OFFICERS - FIGURES  # who are shown what they hold themselves, whatever they name
ABOVE = {"sub", "centre", "inspect"}
WORK = {"li", "wang", "head"} | ABOVE
WRITES = {"li", "wang", "head", "liu", "chief_nz", "far", "sub", "far_sub", "centre", "inspect"}
PLAIN = {"chen", "chief", "boss"} | WORK  # to whom the first case exists
ABOUT = PLAIN - {"wang", "head"}  # and the second, about WANG whom HEAD leads
NOBODY: set[str] = set()
ALL = set(PEOPLE)

# --- what there is to do --------------------------------------------------------------------------


@dataclass(slots=True)
class World:
    services: Services
    people: dict[str, Someone]
    plain: str
    about: str
    station: int
    rating: str

    def turn(self, name: str) -> Turn:
        return self.people[name].turn()


type Call = Callable[[World, Turn], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """`may`: who does it. Everybody else is refused, with the case as if there were none."""

    call: Call
    may: set[str]
    beside: str = ""  # the refusal that those who may get here for another reason


def _today() -> Period:
    now = clock.now()
    return Period("近 30 天", now - timedelta(days=30), now, "the last 30 days")


async def _bulletin(world: World, turn: Turn) -> object:
    services = world.services
    unit = await services.org.unit(world.station)
    return await services.bulletins.asked_of(turn, services.scopes.period("本月"), unit)


TABLE: dict[str, Line] = {
    "cases.find": Line(lambda w, t: w.services.cases.find(t, w.plain), PLAIN),
    "cases.find, about WANG": Line(lambda w, t: w.services.cases.find(t, w.about), ABOUT),
    "cases.history": Line(lambda w, t: w.services.cases.history(t, w.plain), PLAIN),
    "cases.history, about WANG": Line(lambda w, t: w.services.cases.history(t, w.about), ABOUT),
    "cases.clocks": Line(lambda w, t: w.services.cases.clocks(t, w.plain), PLAIN),
    "cases.links": Line(lambda w, t: w.services.cases.links(t, w.plain), WORK),
    "cases.links, about WANG": Line(
        lambda w, t: w.services.cases.links(t, w.about), WORK - {"wang", "head"}
    ),
    "cases.decide_link": Line(
        lambda w, t: w.services.cases.decide_link(t, w.plain, w.about, "dismissed"), WORK
    ),
    "cases.mine": Line(lambda w, t: w.services.cases.mine(t), PROVEN),
    "cases.to_rate": Line(lambda w, t: w.services.cases.to_rate(t), ALL),
    "cases.open_for_officer": Line(lambda w, t: w.services.cases.open_for_officer(t), OFFICERS),
    "photos.send": Line(lambda w, t: w.services.photos.send(t, w.plain), WORK | {"chen"}),
    "photos.send, about WANG": Line(
        lambda w, t: w.services.photos.send(t, w.about), (WORK | {"chen"}) - {"wang", "head"}
    ),
    "callbacks.open_for": Line(lambda w, t: w.services.callbacks.open_for(t), OFFICERS),
    "callbacks.script": Line(lambda w, t: w.services.callbacks.script(t, w.plain), WORK),
    "callbacks.call_script": Line(
        lambda w, t: w.services.callbacks.call_script(
            t, w.plain, w.services.notices.wording.say, "zh", "0000"
        ),
        WORK,
    ),
    "callbacks.latest_draws": Line(
        lambda w, t: w.services.callbacks.latest_draws(t), ABOVE | {"far_sub"}
    ),
    "escrow.ask": Line(
        lambda w, t: w.services.escrow.ask(t, w.plain, "核实"),
        {"centre", "inspect"},
        "escrow_not_locked",
    ),
    "escrow.decide": Line(
        lambda w, t: w.services.escrow.decide(t, w.plain, grant=True),
        {"centre", "inspect"},
        "escrow_none",
    ),
    "looks.at": Line(lambda w, t: w.services.looks.at(t, w.plain), {"inspect"}),
    "looks.at, about WANG": Line(lambda w, t: w.services.looks.at(t, w.about), {"inspect"}),
    "scopes.viewer": Line(lambda w, t: w.services.scopes.viewer(t), FIGURES),
    "scopes.scope": Line(lambda w, t: w.services.scopes.scope(t, f"本月 {STATION}"), REACH),
    "scopes.unit": Line(lambda w, t: w.services.scopes.unit(t, unit_id=w.station), REACH),
    "work_reports.work_figures": Line(
        lambda w, t: w.services.work_reports.work_figures(t, "本月", STATION), REACH
    ),
    "overdue.overdue": Line(
        lambda w, t: w.services.overdue.overdue(t, STATION), REACH | NO_FIGURES
    ),
    "case_lists.submitted": Line(
        lambda w, t: w.services.case_lists.submitted(t, w.station, _today(), None), REACH
    ),
    "officer_records.asked": Line(
        lambda w, t: w.services.officer_records.asked(t, w.people["li"].badge), REACH | {"li"}
    ),
    "officer_records.asked, oneself": Line(
        lambda w, t: w.services.officer_records.asked(t, ""), OFFICERS
    ),
    "topics.ask": Line(
        lambda w, t: w.services.topics.ask(t, f"本月 {STATION}"), REACH, "topics_few"
    ),
    "topics.group_cases": Line(
        lambda w, t: w.services.topics.group_cases(t, [w.plain, w.about]), FIGURES
    ),
    "bulletins.asked_of": Line(_bulletin, REACH),
    "bulletins.mine": Line(
        lambda w, t: w.services.bulletins.mine(t, "B26-9999"), FIGURES, "bulletin_none"
    ),
    "queries.again": Line(
        lambda w, t: w.services.queries.again(t, "F0000000"), FIGURES, "query_unknown"
    ),
    "screens.link": Line(lambda w, t: w.services.screens.link(t, STATION), REACH),
    "screens.hanging": Line(lambda w, t: w.services.screens.hanging(t), FIGURES),
    "screens.off": Line(lambda w, t: w.services.screens.off(t), FIGURES),
    "sessions.link": Line(lambda w, t: w.services.sessions.link(t), OFFICERS),
    "roster.on_duty": Line(lambda w, t: w.services.roster.on_duty(t), OFFICERS),
    "roster.come_back": Line(lambda w, t: w.services.roster.come_back(t), OFFICERS),
    "roster.take_leave": Line(
        lambda w, t: w.services.roster.take_leave(
            t, clock.now() + timedelta(days=900), clock.now() + timedelta(days=901)
        ),
        OFFICERS,
    ),
    "desk_lookups.sources": Line(lambda w, t: w.services.desk_lookups.sources(t), WRITES),
    "desk_lookups.kinds": Line(lambda w, t: w.services.desk_lookups.kinds(t), WRITES),
    "desk_lookups.gradable": Line(
        lambda w, t: w.services.desk_lookups.gradable(t, w.station), WRITES
    ),
    "desk_lookups.subject": Line(
        lambda w, t: w.services.desk_lookups.subject(t, w.people["li"].badge), WRITES
    ),
    "desk_lookups.named": Line(lambda w, t: w.services.desk_lookups.named(t, STATION), WRITES),
    "desk_lookups.suggested": Line(
        lambda w, t: w.services.desk_lookups.suggested(t, STATION), WRITES
    ),
    "desk_lookups.within_reach": Line(
        lambda w, t: w.services.desk_lookups.within_reach(t, w.station), WRITES
    ),
    "desk_lookups.same_number": Line(
        lambda w, t: w.services.desk_lookups.same_number(t, "13900000000"), WRITES
    ),
    "desk_lookups.today": Line(lambda w, t: w.services.desk_lookups.today(t), WRITES),
    "desk.record": Line(
        lambda w, t: w.services.desk.record(
            t, Entry(Source.WALK_IN, EntryKind.COMPLAINT, "说了一件事", None, "")
        ),
        WRITES,
    ),
    "people.bind": Line(lambda w, t: w.services.people.bind(t, "AAAA2222"), NOBODY),
    "people.bind_group": Line(
        lambda w, t: w.services.people.bind_group(t),
        {"head", "chief_nz", "sub", "far_sub", "centre"},
        "not_in_a_group",
    ),
    "contacts.check": Line(lambda w, t: w.services.contacts.check(t), NOBODY),  # no texts here
    "contacts.ask": Line(lambda w, t: w.services.contacts.ask(t, "13900000001"), NOBODY),
    "contacts.prove": Line(lambda w, t: w.services.contacts.prove(t, "000000"), NOBODY),
    "forgetting.check": Line(lambda w, t: w.services.forgetting.check(t), CITIZENS & PROVEN),
    "forgetting.forget": Line(lambda w, t: w.services.forgetting.forget(t), CITIZENS & PROVEN),
    "contacts.forget": Line(lambda w, t: w.services.contacts.forget(t), ALL),
    "ratings.rate": Line(
        lambda w, t: w.services.ratings.rate(t, "satisfied", unit_id=w.station), ALL
    ),
    "ratings.comment": Line(lambda w, t: w.services.ratings.comment(t, w.rating, "好"), {"chen"}),
}
WITHOUT = {
    "cases.act": "every verb, below and in tests/cases/test_grid.py",
    "cases.for_feed": "the feed's key decides; called by no person",
    "cases.seen_by_feed": "the same",
    "cases.open_for": "within desk.record and the feeds",
    "cases.touched": "what the turn's own message has done",
    "cases.submit": "anybody may complain",
    "cases.submit_in": "the same",
    "ratings.rate_event": "within the answer to an invitation",
    "ratings.record": "within desk.record",
    "duty.alert": "anybody may call for help",
    "duty.alert_in": "the same",
    "desk.alarm": "the same",
    "desk_lookups.is_written": "whether the turn's own form was written: yes or no",
    "messages.full_text": "the turn's own words",
    "people.whoami": "oneself",
    "people.set_language": "oneself",
    "people.colleagues": "names for a form that only who may hand over sees; below",
    "queries.before": "the turn's own conversation",
    "queries.of_turn": "the same",
    "queries.keep": "the same",
    "queries.note": "the same",
}


def entries() -> set[str]:
    """Whatever takes a turn, in all services."""
    found = set()
    for field, kind in typing.get_type_hints(Services).items():
        if inspect.isclass(kind):
            for name, call in inspect.getmembers(kind, inspect.iscoroutinefunction):
                if not name.startswith("_") and "turn" in inspect.signature(call).parameters:
                    found.add(f"{field}.{name}")
    return found


# --- the installation -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def world(databases: Servers) -> AsyncIterator[World]:
    async with installation(databases) as services:
        yield await _world(services)


async def _world(services: Services) -> World:
    cast = await gather_cast(services)
    people = {name: getattr(cast, name) for name in PEOPLE if hasattr(cast, name)}
    people |= {
        "chief_nz": await officer(services, "南站派出所", "unit_lead"),
        "far": await officer(services, "望江门派出所", "officer"),
        "far_sub": await officer(services, "桥东分局", "sub_centre"),
        "boss": await officer(services, "云州市公安局", "supervisor"),
        "admin": await officer(services, "云州市公安局", "administrator"),
        "leaver": await officer(services, "南站派出所", "officer", 1),
        "texter": await _in(services, "sms", "+8613900000009"),
        "visitor": await _in(services, "web", "visitor"),
        "li_sms": await _in(services, "sms", "+8613900000008", people["li"].badge),
    }
    leave = "UPDATE officers SET active = false WHERE badge = :badge"
    async with services.engine.begin() as connection:
        await connection.execute(text(leave), {"badge": people["leaver"].badge})
    plain = await submit(services, people["chen"], what=WHAT)
    wang = await services.people.whoami(people["wang"].turn())
    assert wang.officer is not None
    about = await submit(services, people["chen"], what="另外一件事情", officer_id=wang.officer.id)
    # Told first of the station, and only then of WANG: the place alone keeps nobody away.
    station = await unit_id(services, STATION)
    async with services.engine.begin() as connection:
        moved = "UPDATE cases SET unit_id = :unit WHERE number = :number"
        await connection.execute(text(moved), {"unit": station, "number": about.number})
    rated = await services.ratings.rate(people["chen"].turn(), "satisfied", unit_id=station)
    return World(services, people, plain.number, about.number, station, str(rated.id))


async def _in(services: Services, channel: str, sender: str, badge: str = "") -> Someone:
    """Somebody in a channel; with a badge as if the row had been bound."""
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, channel, sender)
        bound = """UPDATE identities SET officer_id = officers.id FROM officers
            WHERE badge = :badge AND identities.id = :id"""
        if badge:
            await connection.execute(text(bound), {"badge": badge, "id": person.identity_id})
    return Someone(services, person.conversation, badge)


# --- the grid -------------------------------------------------------------------------------------


def test_every_entry_of_every_service_has_its_line() -> None:
    said = {name.partition(",")[0] for name in TABLE}
    assert entries() == said | WITHOUT.keys()
    assert not said & WITHOUT.keys()


def test_every_role_is_among_the_people(world: World) -> None:
    assert {
        "unit_lead",
        "sub_centre",
        "centre",
        "inspector",
        "supervisor",
        "administrator",
        "officer",
    } == set(Role)


@pytest.mark.parametrize("name", TABLE)
async def test_who_may(world: World, name: str) -> None:
    """Everybody tries; who may not is refused, and sees of the cases nothing."""
    line, found = TABLE[name], {}
    for who in PEOPLE:
        await world.services.redis.flushdb()  # the wrong guesses
        try:
            seen = await line.call(world, world.turn(who))
        except Refusal as no:
            found[who] = no.key
        else:
            found[who] = "done"
            if who not in PLAIN:
                assert world.plain not in repr(seen), who
                assert WHAT not in repr(seen), who
            if who not in ABOUT:
                assert world.about not in repr(seen), who
    done = {
        who
        for who, came in found.items()
        if came == "done" or (line.beside and came.startswith(line.beside))
    }
    assert done == line.may, {who: found[who] for who in done ^ line.may}


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.SUBMIT])
async def test_no_verb_by_who_has_no_part(world: World, verb: Verb) -> None:
    """By number, as one types it or taps an old button of somebody else's card."""
    given: dict[str, Any] = {
        "text": "x", "grade": "satisfied", "reached": True, "unit_id": world.station, "unit": STATION,
        "finding": "substantiated", "span": "1 working day", "solved": True, "treated": "well",
        "into": world.about, "officer_id": 1, "officer": "x",
    }  # fmt: skip
    for number, has_part in (
        (world.plain, WORK | {"chen"}),
        (world.about, (WORK | {"chen"}) - {"wang", "head"}),
    ):
        before = await world.services.cases.history(world.turn("chen"), number)
        for who in set(PEOPLE) - has_part:
            with pytest.raises(Refusal) as no:
                await world.services.cases.act(world.turn(who), number, verb, **given)
            proven = who in PROVEN
            assert not proven or no.value.key == "case_not_found", who
            assert not no.value.may
        assert await world.services.cases.history(world.turn("chen"), number) == before


async def test_a_number_that_is_not_theirs_is_as_one_that_there_is_not(world: World) -> None:
    """The same sentence, word for word, and after ten guesses no answer at all, right or wrong."""
    cases, keys = world.services.cases, (world.plain, "Q26-9999", "ZZZZZZ", "2222222")
    for who in ("zhou", "liu", "other", "admin", "leaver", "visitor"):
        await world.services.redis.flushdb()
        said = [await _refusal(cases.find(world.turn(who), key)) for key in keys]
        assert {(no.key, tuple(no.params)) for no in said} == {("case_not_found", ())}, who
    await world.services.redis.flushdb()
    guesses = [
        await _refusal(cases.find(world.turn("zhou"), f"Q26-{n:04}")) for n in range(900, 912)
    ]
    assert [no.key for no in guesses] == ["case_not_found"] * 10 + ["too_many_guesses"] * 2
    assert (await _refusal(cases.find(world.turn("zhou"), world.plain))).key == "too_many_guesses"


async def _refusal(call: Awaitable[object]) -> Refusal:
    with pytest.raises(Refusal) as no:
        await call
    return no.value


async def test_a_code_binds_one_chat_once_and_only_where_somebody_is_proven(world: World) -> None:
    people = world.services.people
    code = await people.make_binding_code(
        await badge_of(world.services, "望江门派出所", "unit_lead")
    )
    for who, key in (("texter", "channel_unproven"), ("visitor", "binding_not_here")):
        assert (await _refusal(people.bind(world.turn(who), code))).key == key
    stranger = await _in(world.services, "wechat", "openid-binds")
    await people.bind(stranger.turn(), code)
    assert (await _refusal(people.bind(world.turn("zhou"), code))).key == "binding_code_wrong"
