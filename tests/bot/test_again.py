"""What could not be kept is answered so that its sender sends it again."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from bot.again import send_again
from bot.together import BusyError

SECRET = "13900000000"


async def answered(fault: Exception) -> web.Response:
    async def fail(_: web.Request) -> web.Response:
        raise fault

    app = web.Application(middlewares=[send_again])
    app.add_routes([web.post("/in/{secret}", fail)])
    async with TestClient(TestServer(app)) as client:
        response = await client.post(f"/in/{SECRET}", data=b"x")
        return web.Response(
            status=response.status, text=await response.text(), headers=response.headers
        )


@pytest.mark.parametrize(
    "fault",
    [
        NoConnectionError(f"no connection for {SECRET}"),
        OperationalError("SELECT", {}, Exception(SECRET)),
        RedisError(SECRET),
        BusyError(SECRET),
        OSError(SECRET),
    ],
)
async def test_what_is_away_makes_it_come_again(
    fault: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await answered(fault)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "1"
    assert SECRET not in (answer.text or "")
    assert SECRET not in capsys.readouterr().out


async def test_a_mistake_of_ours_stays_one() -> None:
    assert (await answered(KeyError("x"))).status == 500


async def test_a_refusal_stays_one() -> None:
    assert (await answered(web.HTTPForbidden())).status == 403
