"""POST /api/events: what is taken, what is refused, and in which words."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from actions.store.tables import service_events
from bot.web.intake.limits import REQUESTS, WRONG_KEYS
from bot.web.intake.openapi import document
from tests.web.conftest import Api


def event(**fields: object) -> dict[str, object]:
    """A counter's service; `fields` changes it, None takes away."""
    given: dict[str, object] = {
        "number": "N1",
        "kind": "counter",
        "unit": "YZ-QX-MDL-HJ2",
        "officer": "Y10101",
        "phone": "139 0000 0000",
        "finished_at": "2026-01-20 14:05",
        "flags": [],
    }
    return {name: value for name, value in (given | fields).items() if value is not None}


async def stored(api: Api) -> list[Any]:
    async with api.services.engine.connect() as connection:
        return list((await connection.execute(select(service_events))).all())


async def test_a_batch_is_taken_and_its_personal_data_sealed(api: Api) -> None:
    status, told = await api.post(event(), event(number="N2", phone="没有电话"))
    assert status == 200
    assert told == {
        "new": 2,
        "known": 0,
        "corrected": 0,
        "kept": 0,
        "events": [
            {"number": "N1", "outcome": "new"},
            {"number": "N2", "outcome": "new", "note": "phone_unreadable"},
        ],
    }
    first = next(row for row in await stored(api) if row.number == "N1")
    assert api.services.vault.open(first.phone_sealed) == "13900000000"
    assert b"13900000000" not in bytes(first.phone_digest)
    assert first.finished_at.isoformat() == "2026-01-20T06:05:00+00:00"


async def test_the_same_again_is_known_and_a_change_is_taken_over(api: Api) -> None:
    await api.post(event())
    _, again = await api.post(event())
    _, changed = await api.post(event(phone="13900000001"))
    assert again["events"] == [{"number": "N1", "outcome": "known"}]
    assert changed["events"] == [{"number": "N1", "outcome": "corrected"}]
    [row] = await stored(api)
    assert api.services.vault.open(row.phone_sealed) == "13900000001"


async def test_two_requests_at_once_keep_each_number_once(api: Api) -> None:
    batch = [event(number=f"N{n}") for n in range(50)]
    answers = await asyncio.gather(*(api.post(*batch) for _ in range(4)))
    assert [status for status, _ in answers] == [200] * 4
    assert sum(told["new"] for _, told in answers) == 50
    assert len(await stored(api)) == 50


WRONG = [
    (event(finished_at="2999-01-01 10:00"), "/events/1/finished_at", "lies in the future"),
    (event(finished_at="gestern"), "/events/1/finished_at", "must be a moment"),
    (event(finished_at="2026-02-30 10:00"), "/events/1/finished_at", "must be a moment"),
    (event(kind="raid"), "/events/1/kind", "must be one of police_call"),
    (event(unit="NOWHERE"), "/events/1/unit", "No unit has the code “NOWHERE”"),
    (event(officer="X"), "/events/1/officer", "No officer has the badge"),
    (event(flags=["victim"]), "/events/1/flags", "“victim” in flags is not one of"),
    (event(flags="none"), "/events/1/flags", "must be a list"),
    (event(number=None), "/events/1/number", "is missing"),
    (event(number="x" * 65), "/events/1/number", "longer than 64"),
    (event(number="a\nb"), "/events/1/number", "no line breaks"),
    (event(number=7), "/events/1/number", "must be text"),
    (event(birth_year=85), "/events/1/birth_year", "must be a year"),
    (event(language="fr"), "/events/1/language", "must be one of zh, en"),
    (event(name="张三"), "/events/1/name", "is not known here"),
    ("text", "/events/1", "must be an object"),
]


@pytest.mark.parametrize(("wrong", "pointer", "words"), WRONG)
async def test_a_mistake_is_named_and_nothing_is_kept(
    api: Api, wrong: Any, pointer: str, words: str
) -> None:
    status, told = await api.post(event(), wrong)
    assert status == 422
    [mistake] = told["errors"]
    assert mistake["pointer"] == pointer
    assert words in mistake["message"]
    assert mistake["message"].endswith(".")
    assert await stored(api) == []


async def test_a_number_that_stands_twice_with_other_content(api: Api) -> None:
    status, told = await api.post(event(), event(phone="13900000001"))
    assert status == 422
    assert told["errors"] == [
        {
            "pointer": "/events/1/number",
            "message": "Number “N1” also stands at /events/0.",
        }
    ]


async def test_every_mistake_is_told(api: Api) -> None:
    _, told = await api.post(event(kind="raid", unit="NOWHERE"), event(number=None))
    assert [each["pointer"] for each in told["errors"]] == [
        "/events/0/kind",
        "/events/0/unit",
        "/events/1/number",
    ]


BODIES = [
    ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
    ({"data": b"\xff", "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
    ({"data": b'{"events": NaN}', "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
    ({"data": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
    ({"data": b"{}", "headers": {"Content-Type": "text/plain"}}, 415, "application/json"),
    ({"json": []}, 422, "an object"),
    ({"json": {"events": []}}, 422, "1 to 500"),
    ({"json": {"events": [{}] * 501}}, 422, "1 to 500"),
    ({"json": {"events": [{}], "more": 1}}, 422, "only"),
    (
        {"data": io.BytesIO(b" " * 1_100_000), "headers": {"Content-Type": "application/json"}},
        413,
        "1 MiB",
    ),
]


@pytest.mark.parametrize(("given", "status", "words"), BODIES)
async def test_a_body_that_is_no_batch(
    api: Api, given: dict[str, Any], status: int, words: str
) -> None:
    found, told = await api.post(**given)
    assert found == status
    assert words in told["errors"][0]["message"]


async def test_a_body_that_does_not_say_how_long_it_is(api: Api) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 65536

    status, _ = await api.post(data=endless(), headers={"Content-Type": "application/json"})
    assert status == 413


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "hyf_wrong", "x" * 5000])
async def test_a_wrong_key_is_refused_before_the_body_is_read(api: Api, key: str) -> None:
    status, told = await api.post(key=key, data=b"{", headers={"Content-Type": "text/plain"})
    assert status == 401
    assert told["errors"][0]["message"].startswith("Send your feed's key")


async def test_a_closed_feed_and_an_old_key_open_nothing(api: Api) -> None:
    feeds = api.services.invitations.feeds
    newer = await feeds.add("hall", ["counter"])
    assert (await api.post(event()))[0] == 401
    assert (await api.post(event(), key=newer))[0] == 200
    status, told = await api.post(event(number="N2", kind="visit"), key=newer)
    assert (status, told["errors"][0]["pointer"]) == (422, "/events/0/kind")
    await feeds.close("hall")
    assert (await api.post(event(), key=newer))[0] == 401


async def test_another_feed_may_use_the_same_number(api: Api) -> None:
    other = await api.services.invitations.feeds.add("110", ["police_call"])
    await api.post(event())
    _, told = await api.post(event(kind="police_call"), key=other)
    assert told["new"] == 1


async def test_guessing_keys_is_limited_by_address(api: Api) -> None:
    found = [(await api.post(event(), key="hyf_guess"))[0] for _ in range(WRONG_KEYS + 1)]
    assert found == [401] * WRONG_KEYS + [429]
    assert (await api.post(event()))[0] == 200, "a right key from there is not held up"


async def test_a_feed_is_limited(api: Api) -> None:
    found = [(await api.post())[0] for _ in range(REQUESTS + 1)]
    assert found == [422] * REQUESTS + [429]


async def test_nothing_personal_is_logged(api: Api) -> None:
    with structlog.testing.capture_logs() as logs:
        await api.post(event())
        await api.post(event(kind="raid"))
    assert "13900000000" not in str(logs)
    assert "139 0000" not in str(logs)
    assert [line["event"] for line in logs] == ["events"]


# --- the document -------------------------------------------------------------------------------


async def test_the_document_is_served_and_kept(api: Api) -> None:
    async with api.client.get("/api/openapi.json") as answer:
        served = await answer.json()
    kept = Path(__file__).parents[2] / "docs" / "openapi.json"
    assert kept.read_text("utf-8") == document()
    assert served == json.loads(document())
