"""One message's whole way by one grep: gateway, Rasa, action, delivery; and nobody's words in it."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import ClientSession
from sqlalchemy import select

from actions.bootstrap import bootstrap
from actions.store.tables import deliveries
from bot.demo.acceptance import Play
from bot.demo.people import CITIZENS, OFFICERS, SUPERVISORS
from bot.stack.stack import Stack

PARTS = ("gateway", "nlu", "actions", "worker")
WORDS = ("等了俩小时没人理", "想问问谁管", "139 0000 0009", "13900000009", "0000009", "欧阳")


def lines(stack: Stack, part: str) -> list[dict[str, Any]]:
    """Every line that the part has written: each is one JSON object."""
    text = (stack.folder / "logs" / f"{part}.log").read_text(encoding="utf-8")
    strange = [line for line in text.splitlines() if not line.startswith("{")]
    assert not strange, f"not JSON in the log of {part}: {strange[:5]}"
    return [json.loads(line) for line in text.splitlines()]


async def complain(play: Play) -> None:
    someone = play.driver.wechat("欧阳女士")
    await someone.scan("mdl-hj2-cspc")
    await someone.hears("满意")
    await someone.taps("不满意")
    await someone.hears("哪方面")
    await someone.taps("太慢")
    await someone.hears()
    await someone.says("等了俩小时没人理，想问问谁管")
    await someone.hears("留个电话")
    await someone.says("139 0000 0009")
    await someone.hears("编号")


async def test_a_messages_way_is_one_grep(play: Play, stack: Stack) -> None:
    """The citizen's last message makes the case; the officers' notices belong to it."""
    await complain(play)
    services = bootstrap(stack.settings)
    query = (
        select(deliveries.c.id, deliveries.c.turn)
        .where(deliveries.c.case_id.is_not(None), deliveries.c.topic != "answer")
        .order_by(deliveries.c.created_at.desc())
        .limit(1)
    )
    async with services.engine.connect() as connection:
        notice = (await connection.execute(query)).one()
    await services.close()
    await play.driver.telegram(OFFICERS[0].name).hears("等了俩小时没人理")
    told = {
        part: [line for line in lines(stack, part) if line.get("turn") == str(notice.turn)]
        for part in PARTS
    }
    assert [line["event"] for line in told["gateway"]] == ["message", "turn"]
    assert [line["event"] for line in told["nlu"]] == ["turn"]
    assert {line["event"] for line in told["actions"]} == {"action"}
    assert all(line["result"] == "done" for line in told["actions"])
    assert {line["event"] for line in told["worker"]} <= {"delivered", "delivery failed"}
    assert all(line["process"] == part for part in PARTS for line in told[part])


async def test_the_lines_of_all_parts_are_in_order_when_sorted(play: Play, stack: Stack) -> None:
    """A line begins with its time, in every part in the same form."""
    for part in PARTS:
        text = (stack.folder / "logs" / f"{part}.log").read_text(encoding="utf-8")
        moments = [line["timestamp"] for line in lines(stack, part)]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z", moment) for moment in moments)
        assert all(line.startswith('{"timestamp": "') for line in text.splitlines())


async def test_the_numbers_tell_of_it_and_of_nobody(play: Play, stack: Stack) -> None:
    environ = stack.environ
    ports = (environ["GATEWAY_WATCH_PORT"], environ["WORKER_WATCH_PORT"], environ["ACTIONS_PORT"])
    async with ClientSession() as session:
        texts = []
        for port in ports:
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                texts.append(await answer.text())
    gateway, worker, actions = texts
    assert 'huiyin_turns_total{channel="wechat",result="answered"}' in gateway
    assert 'huiyin_answer_seconds_count{channel="wechat"}' in gateway
    assert 'huiyin_messages_total{channel="wechat",result="new"}' in gateway
    assert 'huiyin_deliveries_total{channel="telegram",result="sent",via="message"}' in worker
    assert 'result="done"' in actions
    named = {line.rpartition(" ")[0] for text in texts for line in text.splitlines()}
    for word in (*WORDS, *(chat.name for chat in OFFICERS), "Q26-"):
        assert not [sample for sample in named if word in sample], word


async def test_no_log_holds_what_anybody_said_or_who_they_are(play: Play, stack: Stack) -> None:
    """After everything that was played so far, by whichever module."""
    people = [chat.name for chat in (*OFFICERS, *SUPERVISORS)]
    people += [str(citizen["name"]) for citizen in CITIZENS]
    senders = [entry.get("openid", "") for entry in await play.driver.wire()]
    for part in PARTS:
        text = (stack.folder / "logs" / f"{part}.log").read_text(encoding="utf-8")
        for word in (*WORDS, *people, *filter(None, senders)):
            assert word not in text, f"{word} stands in the log of {part}"
    secrets = json.loads((stack.folder / "secrets.json").read_text(encoding="utf-8"))
    for part in PARTS:
        text = (stack.folder / "logs" / f"{part}.log").read_text(encoding="utf-8")
        assert not [name for name, value in secrets.items() if value in text]
