"""Calls by a recorded voice: only with a task and a policy, recorded as a person's, once."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from actions.bootstrap import Services
from actions.callbacks.questionnaire import questionnaire, read_keys
from actions.cases.states import Verb
from actions.store.tables import cases, voice_calls
from bot.simulator.voice.vendor import VoiceVendor
from bot.stack.embedded import free_port
from bot.voice.calls import VoiceConfig
from bot.voice.ivr import Ivr
from bot.voice.rounds import add_callbacks, place_due
from bot.voice.signing import is_signed, signed
from tests.callbacks.town import REVISIT, Town
from tests.cast import Cast
from tests.conftest import Databases, FrozenClock
from tests.installation import installation
from tests.policies import written

PHONE, SECRET = "13900000000", "a-path-nobody-guesses"
VOICED = {"revisit": REVISIT, "voice": {"calls": ["revisit"]}, "identity.escrow": "never"}


@pytest.fixture
async def services(
    databases: Databases, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Services]:
    changes = {**VOICED, **getattr(request, "param", {})}
    async with installation(databases, policy=written(tmp_path, changes=changes)) as wired:
        yield wired


@pytest.fixture
def town(services: Services, cast: Cast, frozen: FrozenClock) -> Town:
    return Town(services, cast, frozen)


class Line:
    """The vendor's server, our callback, and the adapter between them."""

    def __init__(self, services: Services, vendor: VoiceVendor, adapter: Ivr) -> None:
        self.services, self.vendor, self.adapter = services, vendor, adapter

    async def round(self) -> int:
        placed = await place_due(self.services.voice, self.adapter)
        await self.vendor.settle()
        return placed

    async def outcomes(self) -> list[tuple[str, str | None]]:
        async with self.services.engine.connect() as connection:
            rows = (await connection.execute(select(voice_calls).order_by(voice_calls.c.id))).all()
        return [(row.state, row.outcome) for row in rows]


@pytest.fixture
async def line(services: Services) -> AsyncIterator[Line]:
    port, app = free_port(), web.Application()
    vendor = VoiceVendor("id", "key", f"http://127.0.0.1:{port}/voice/ivr/{SECRET}")
    async with TestServer(vendor.application()) as theirs:
        url = str(theirs.make_url("")).rstrip("/")
        adapter = Ivr(VoiceConfig(url, "id", "key", "03100000000", "TTS_1", SECRET), time.time)
        add_callbacks(app, services.voice, adapter, SECRET)
        async with TestServer(app, port=port):
            yield Line(services, vendor, adapter)
        await adapter.close()


async def answered(town: Town) -> str:
    number = await town.open(phone=PHONE)
    await town.answer(number)
    return number


async def state_of(town: Town, number: str) -> tuple[str, str | None]:
    async with town.services.engine.connect() as connection:
        query = select(cases).where(cases.c.number == number)
        row = (await connection.execute(query)).one()
    return row.state, row.revisit_grade


@pytest.mark.parametrize(
    ("keys", "state", "grade"),
    [
        ("1", "closed", "satisfied"),
        ("*9*3", "reviewing", "unsatisfied"),
        ("12", "closed", "satisfied"),
    ],
)
async def test_the_key_is_the_re_visits_grade(
    town: Town, line: Line, keys: str, state: str, grade: str
) -> None:
    number = await answered(town)
    line.vendor.scripts[PHONE] = keys
    line.vendor.repeats = 3
    assert await line.round() == 1
    assert await state_of(town, number) == (state, grade)
    assert await line.outcomes() == [("reported", grade)]
    assert line.vendor.answers == [200, 200, 200]
    (task,) = await town.tasks(number)
    assert (task.state, task.done_by) == ("done", None)
    assert town.services.vault.open_json(task.form_sealed)["way"] == "voice"
    events = await town.services.cases.history(town.cast.centre.turn(), number)
    revisits = [event for event in events if event.verb is Verb.REVISIT]
    assert [(event.by, "way_voice" in event.words) for event in revisits] == [("system", True)]
    assert await line.round() == 0


@pytest.mark.parametrize("script", ["busy", "silent"])
async def test_who_does_not_pick_up_was_not_reached(town: Town, line: Line, script: str) -> None:
    number = await answered(town)
    line.vendor.scripts[PHONE] = script
    await line.round()
    (task,) = await town.tasks(number)
    assert (task.state, task.attempts) == ("open", 1)
    assert await line.outcomes() == [("reported", "unreached")]
    assert await line.round() == 0  # not before another part of the day
    assert (await state_of(town, number))[0] == "answered"


@pytest.mark.parametrize("script", ["0", "hung_up", "*"])
async def test_who_wants_a_person_is_left_to_people(town: Town, line: Line, script: str) -> None:
    number = await answered(town)
    line.vendor.scripts[PHONE] = script
    await line.round()
    assert await line.outcomes() == [("reported", "human")]
    (task,) = await town.tasks(number)
    assert (task.state, task.attempts) == ("open", 0)
    assert await town.listed(town.cast.centre) == [number]
    town.clock.advance(days=1)
    assert await line.round() == 0


async def test_what_the_vendor_refuses_is_left_to_people(town: Town, line: Line) -> None:
    number = await answered(town)
    line.vendor.key_secret = "another"
    assert await line.round() == 0
    assert await line.outcomes() == [("failed", None)]
    assert await town.listed(town.cast.centre) == [number]
    assert await line.round() == 0


async def test_not_outside_the_calling_hours(town: Town, line: Line) -> None:
    await answered(town)
    town.at("11-20 22:30")
    assert await line.round() == 0
    assert line.vendor.calls == []


@pytest.mark.parametrize(
    "services",
    [{"voice": None}, {"voice": {"calls": ["spot_check"]}}, {"revisit": None}],
    indirect=True,
)
async def test_no_call_without_a_policy_and_a_task(town: Town, line: Line) -> None:
    await answered(town)
    assert await line.round() == 0


async def test_no_call_to_a_landline(town: Town, line: Line) -> None:
    number = await town.open(phone="0310-3123456转8")
    await town.answer(number)
    assert await line.round() == 0
    assert await line.outcomes() == [("failed", "human")]  # and does not stand in others' way
    assert await town.listed(town.cast.centre) == [number]


async def test_nothing_said_names_the_matter(town: Town, line: Line) -> None:
    await answered(town)
    await line.round()
    (call,) = line.vendor.calls
    assert "两个小时" not in str(call)
    assert "Q26" not in str(call)
    assert "满意请按 1" in call["StartTtsParams"]["text"]
    assert [each["Key"] for each in call["MenuKeyMap"]] == ["1", "2", "3", "*", "0"]


async def test_a_report_needs_path_and_signature(town: Town, line: Line) -> None:
    number = await answered(town)
    line.vendor.scripts[PHONE] = "1"
    (due,) = await town.services.voice.due()
    raw = f'[{{"out_id": "{due.id}", "status_code": "200000", "dtmf": "1"}}]'.encode()
    good = signed("key", raw, int(time.time()))
    posts = [
        (line.vendor.callback, {}, raw, 403),
        (line.vendor.callback, signed("wrong", raw, 0), raw, 403),
        (line.vendor.callback.replace("ivr", "other"), good, raw, 404),
        (line.vendor.callback[:-1], good, raw, 404),
    ]
    async with ClientSession() as session:
        for url, headers, body, status in posts:
            async with session.post(url, data=body, headers=headers) as answer:
                assert answer.status == status
    assert (await state_of(town, number))[0] == "answered"
    assert not await town.services.voice.report(uuid.uuid4(), answered=True, keys="1")


async def test_late_for_a_case_that_was_closed_meanwhile(town: Town, line: Line) -> None:
    number = await answered(town)
    (due,) = await town.services.voice.due()
    await town.act(town.cast.centre, number, Verb.REVISIT, grade="satisfied", text="好了")
    assert await town.services.voice.report(due.id, answered=True, keys="3")
    assert await state_of(town, number) == ("closed", "satisfied")
    assert await line.outcomes() == [("reported", "late")]


def test_what_keys_mean() -> None:
    def say(key: str, language: str, **params: str) -> str:
        return f"{key} {params}"

    asks = questionnaire(say, "zh", ["satisfied", "unsatisfied"], "局", "110")
    assert asks.answers == {"1": "satisfied", "2": "unsatisfied"}
    assert read_keys("**2", asks.answers).grade == "unsatisfied"
    assert read_keys("90", asks.answers).human
    assert read_keys("", asks.answers) == read_keys("#9", asks.answers)


def test_a_signature_is_fresh_and_of_this_body() -> None:
    headers = signed("key", b"body", 1000)
    assert is_signed("key", headers, b"body", 1200)
    assert not is_signed("key", headers, b"body", 1301)
    assert not is_signed("key", headers, b"other", 1000)
    assert not is_signed("key", {}, b"body", 1000)
