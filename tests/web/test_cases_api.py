"""POST /api/cases and GET /api/cases/{number}: what is taken, refused, and shown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import structlog
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS
from sqlalchemy import select

from actions.feeds.case_feeds import Tells
from actions.feeds.sources import Source
from actions.store.tables import cases, fed_cases
from bot.web.intake import cases as cases_module
from bot.web.intake import routes
from bot.web.intake.limits import REQUESTS
from tests.web.conftest import Api
from tests.web.test_intake_document import LEFT_OUT, Unlimited


@dataclass(frozen=True, slots=True)
class CasesApi:
    api: Api
    key: str

    async def post(self, *records: Any, key: str = "", **more: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {key or self.key}"}
        sent = more or {"json": {"cases": list(records)}}
        sent["headers"] = headers | sent.pop("headers", {})
        async with self.api.client.post("/api/cases", **sent) as answer:
            return answer.status, await answer.json()

    async def get(self, number: str, key: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {key or self.key}"}
        async with self.api.client.get(f"/api/cases/{number}", headers=headers) as answer:
            return answer.status, await answer.json()


def record(**fields: object) -> dict[str, object]:
    sent: dict[str, object] = {
        "number": "GD-1",
        "category": "服务态度",
        "words": "窗口民警态度很差",
        "unit": "YZ-QX-MDL",
        "phone": "139 0000 0000",
    }
    return {name: value for name, value in (sent | fields).items() if value is not None}


@pytest.fixture
async def hotline(api: Api, monkeypatch: pytest.MonkeyPatch) -> CasesApi:
    monkeypatch.setattr(cases_module, "PATIENCE", 600)  # however slow this machine is
    keys = await api.services.elsewhere.feeds.add(
        "hotline", Source.HOTLINE_12345, "12345", Tells.FEED, ""
    )
    return CasesApi(api, keys.key)


async def test_a_batch_is_opened_at_once(hotline: CasesApi) -> None:
    status, told = await hotline.post(record(), record(number="GD-2", phone="没有"))
    assert status == 200
    assert {name: told[name] for name in ("opened", "known", "updated", "kept", "waiting")} == {
        "opened": 2,
        "known": 0,
        "updated": 0,
        "kept": 0,
        "waiting": 0,
    }
    first, second = told["cases"]
    assert (first["number"], first["state"]) == ("GD-1", "opened")
    assert first["case"].startswith("Q")
    assert len(first["code"]) == 6
    assert second["note"] == "phone_unreadable"


async def test_the_same_again_is_the_same_case(hotline: CasesApi) -> None:
    _, first = await hotline.post(record())
    _, again = await hotline.post(record(), record())
    assert again["known"] == 1
    [line] = again["cases"]
    assert line == {**first["cases"][0], "state": "known"}
    _, changed = await hotline.post(record(words="又去了一次"))
    assert changed["cases"] == [{**first["cases"][0], "state": "updated"}]


async def test_what_does_not_fit_in_the_time_is_left_to_the_worker(
    hotline: CasesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases_module, "PATIENCE", -1.0)
    status, told = await hotline.post(record())
    assert (status, told["waiting"]) == (200, 1)
    assert told["cases"] == [{"number": "GD-1", "state": "waiting"}]
    assert (await hotline.get("GD-1"))[1]["state"] == "waiting"
    feed = await hotline.api.services.elsewhere.feeds.named("hotline")
    await hotline.api.services.elsewhere.openings.run(feed.id)
    _, seen = await hotline.get("GD-1")
    assert (seen["state"], seen["answer"]) == ("dispatched", None)
    assert (await hotline.post(record()))[1]["cases"][0]["case"] == seen["case"]


WRONG = [
    (record(words=None), "/cases/1/words", "is missing"),
    (record(photo="../../x"), "/cases/1/photo", "is not known here"),
    (record(attachments=["https://example.com/a.jpg"]), "/cases/1/attachments", "is not known"),
    (record(anonymous="yes"), "/cases/1/anonymous", "must be true or false"),
    (record(do_not_contact=1), "/cases/1/do_not_contact", "must be true or false"),
    (record(until="bald"), "/cases/1/until", "must be a moment"),
    (record(filed_at="2999-01-01 10:00"), "/cases/1/filed_at", "lies in the future"),
    (record(language=""), "/cases/1/language", "must be one of zh, en"),
    ("text", "/cases/1", "must be an object"),
    (record(number="GD-0", words="anders"), "/cases/1/number", "also stands at /cases/0"),
]


@pytest.mark.parametrize(("wrong", "pointer", "words"), WRONG)
async def test_a_mistake_is_named_and_nothing_is_kept(
    hotline: CasesApi, wrong: Any, pointer: str, words: str
) -> None:
    status, told = await hotline.post(record(number="GD-0"), wrong)
    assert status == 422
    [mistake] = told["errors"]
    assert mistake["pointer"] == pointer
    assert words in mistake["message"]
    async with hotline.api.services.engine.connect() as connection:
        assert (await connection.execute(select(fed_cases))).all() == []
        assert (await connection.execute(select(cases))).all() == []


async def test_of_many_mistakes_the_first_twenty_are_told(hotline: CasesApi) -> None:
    _, told = await hotline.post(*(record(number=f"GD-{n}", words=None) for n in range(100)))
    assert len(told["errors"]) == 20


async def test_a_body_that_is_no_batch_of_cases(hotline: CasesApi) -> None:
    assert (await hotline.post(json={"events": [record()]}))[0] == 422
    assert (await hotline.post(json={"cases": []}))[0] == 422
    status, told = await hotline.post(json={"cases": [{}] * 501})
    assert (status, told["errors"][0]["message"]) == (422, "Send 1 to 500 cases at once.")


async def test_each_key_opens_its_own_door(hotline: CasesApi) -> None:
    status, told = await hotline.post(record(), key=hotline.api.key)
    assert (status, told["errors"][0]["message"]) == (
        403,
        "This key is for service events: send them to /api/events.",
    )
    status, told = await hotline.api.post({}, key=hotline.key)
    assert (status, told["errors"][0]["message"]) == (
        403,
        "This key is for cases: send them to /api/cases.",
    )
    assert (await hotline.post(record(), key="hyf_wrong"))[0] == 401


async def test_a_closed_feed_opens_nothing(hotline: CasesApi) -> None:
    await hotline.post(record())
    await hotline.api.services.elsewhere.feeds.close("hotline")
    assert (await hotline.post(record()))[0] == 401
    assert (await hotline.get("GD-1"))[0] == 401


async def test_one_system_may_send_both(hotline: CasesApi) -> None:
    feeds = hotline.api.services.elsewhere.feeds
    both = await feeds.add("hall", Source.HOTLINE_12345, "12345", Tells.FEED, "")
    assert (await hotline.post(record(), key=both.key))[0] == 200
    status, _ = await hotline.api.post({}, key=both.key)
    assert status == 422, "the kinds of event it may send are kept"


NUMBERS = ["GD-2", "%00", "..%2F..%2Fx", "Q26-9999", "x" * 500, "%F0%9F%98%80"]


@pytest.mark.parametrize("number", NUMBERS)
async def test_a_number_that_is_nobodys(hotline: CasesApi, number: str) -> None:
    await hotline.post(record())
    status, told = await hotline.get(number)
    assert (status, told["errors"][0]["message"]) == (
        404,
        "Of you there is no case of that number.",
    )


async def test_a_number_with_a_slash(hotline: CasesApi) -> None:
    await hotline.post(record(number="GD/2026/1"))
    assert (await hotline.get("GD%2F2026%2F1"))[0] == 200


async def test_another_feeds_case_is_not_shown(hotline: CasesApi) -> None:
    _, told = await hotline.post(record())
    feeds = hotline.api.services.elsewhere.feeds
    box = await feeds.add("box", Source.MAILBOX, "mailbox", Tells.FEED, "")
    for number in ("GD-1", told["cases"][0]["case"]):
        assert (await hotline.get(number, key=box.key))[0] == 404


async def test_a_broken_mapping_is_no_answer_but_later(hotline: CasesApi, tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    good = 'name: x\nsource: "12345"\ndefault: {kind: help}\n'
    path.write_text(good, "utf-8")
    feeds = hotline.api.services.elsewhere.feeds
    keys = await feeds.add("own", Source.HOTLINE_12345, str(path), Tells.FEED, "")
    path.write_text(good + "nonsense: 1\n", "utf-8")
    assert (await hotline.post(record(), key=keys.key))[0] == 503
    path.write_text(good, "utf-8")
    assert (await hotline.post(record(), key=keys.key))[0] == 200


async def test_two_requests_at_once_open_each_once(hotline: CasesApi) -> None:
    batch = [record(number=f"GD-{n}", words=f"第 {n} 件") for n in range(6)]
    answers = await asyncio.gather(*(hotline.post(*batch) for _ in range(3)))
    assert [status for status, _ in answers] == [200] * 3
    # While one request takes the batch in, another passes over what it holds at that moment.
    elsewhere = hotline.api.services.elsewhere
    feed = (await elsewhere.feeds.all())[0]
    rest = await elsewhere.openings.run(feed.id)
    assert sum(told["opened"] for _, told in answers) + rest.done == 6
    async with hotline.api.services.engine.connect() as connection:
        assert len((await connection.execute(select(cases.c.id))).all()) == 6


async def test_a_feed_is_limited_over_both_methods(hotline: CasesApi) -> None:
    found = [(await hotline.get("GD-1"))[0] for _ in range(REQUESTS)]
    assert found == [404] * REQUESTS
    assert (await hotline.post(record()))[0] == 429


async def test_nothing_personal_is_logged(hotline: CasesApi) -> None:
    with structlog.testing.capture_logs() as logs:
        await hotline.post(record(name="陈静"))
        await hotline.post(record(until="x"))
    assert [line["event"] for line in logs] == ["cases from elsewhere"]
    for hidden in ("139", "陈静", "态度"):
        assert hidden not in str(logs)


@pytest.mark.parametrize("mode", ["positive", "negative"])
async def test_the_api_keeps_to_its_document(hotline: CasesApi, mode: str) -> None:
    await asyncio.to_thread(_try_out, hotline.api.url, hotline.key, mode)


@pytest.fixture(autouse=True)
def unlimited(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the test of the document only."""
    if "document" in request.node.name:
        monkeypatch.setattr(routes, "Limits", Unlimited)


def _try_out(url: str, key: str, mode: str) -> None:
    schema = schemathesis.openapi.from_url(f"{url}api/openapi.json")
    schema = schema.include(path_regex="/api/cases")
    schema.config.generation.update(modes=[schemathesis.GenerationMode(mode)])
    checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in LEFT_OUT]
    tried = 0
    for operation in schema.get_all_operations():
        tried += 1
        strategy = operation.ok().as_strategy(generation_mode=schemathesis.GenerationMode(mode))

        @given(case=strategy)
        @settings(max_examples=25, suppress_health_check=list(HealthCheck))
        def one(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=checks)

        one()
    assert tried == 2
