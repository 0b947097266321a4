"""The flood sends as the platform does, three times at most; the crowd writes its turns down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bench.crowd import People
from bench.flooding import Flood, callback, pour
from bench.floor import create_app
from bot.channels.wechat.parse import parse
from bot.message import Kind

ACCOUNT = ("bench-token", "A" * 43, "wx0000000000bench1")


def lines(count: int) -> list[tuple[str, ...]]:
    return [("words", f"openid-{n}", "在吗") for n in range(count)]


async def test_what_is_answered_is_sent_once() -> None:
    async with TestServer(create_app(*ACCOUNT)) as server:
        flood = Flood(str(server.make_url("/wechat")), *ACCOUNT, lines(30), sockets=7)
        washed = await pour(flood)
    assert (washed.tries, washed.heard, washed.unacknowledged) == ({"1": 30}, {"answered": 30}, [])
    assert (len(washed.times), washed.late) == (30, 0)


async def test_what_is_refused_is_sent_three_times() -> None:
    asked: list[str] = []

    async def refuse(request: web.Request) -> web.Response:
        asked.append(request.query["openid"])
        return web.Response(status=500 if len(asked) < 6 else 200, text="success")

    app = web.Application()
    app.router.add_post("/wechat", refuse)
    async with TestServer(app) as server:
        url = str(server.make_url("/wechat"))
        washed = await pour(Flood(url, *ACCOUNT, lines(2), sockets=1))
    assert asked == ["openid-0"] * 3 + ["openid-1"] * 3
    assert washed.tries == {"0": 1, "3": 1}
    assert (washed.unacknowledged, washed.late) == ([0], 2)
    assert washed.heard == {"nothing": 1}


def test_a_receipt_is_read_as_one() -> None:
    what = callback(("receipt", "openid-1", "4711", "failed:user block"))
    incoming = parse(f"<xml>{what.fields}</xml>")
    assert (incoming.kind, incoming.sender) == (Kind.RECEIPT, "openid-1")
    assert (incoming.extra["platform_id"], incoming.text) == ("4711", "failed:user block")


def test_a_scan_is_read_as_one() -> None:
    assert parse(f"<xml>{callback(('scan', 'o1', 'mdl-hj1')).fields}</xml>").scene == "mdl-hj1"


@pytest.mark.parametrize(
    ("begin", "end", "turns", "late", "wrong"),
    [(0, 100, [10, 30], 1, 1), (0, 2, [10], 0, 0), (2, 3, [30], 1, 0), (50, 60, [], 0, 0)],
)
def test_the_diary_is_cut_by_time(
    tmp_path: Path, begin: float, end: float, turns: list[float], late: int, wrong: int
) -> None:
    file = tmp_path / "crowd.jsonl"
    entries = [
        [1.0, "scan", 10],
        [2.5, "tap", 30],
        [2.6, "late", 0],
        [4.0, "wrong", 0, "HTTP 500", "scan"],
        [4.1, "ended", 0, "lost"],
    ]
    written = "".join(json.dumps(entry) + "\n" for entry in entries)
    file.write_text(written + "[5.0, ", encoding="utf-8")  # the last line is being written
    span = People(file).between(begin, end)
    assert (span.times, span.late, span.wrong.total()) == (turns, late, wrong)
