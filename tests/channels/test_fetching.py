"""Fetching an attachment from a server that means harm: nothing is followed, no more is held."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.base import TransportError
from bot.channels.wire import Wire

LIMIT = 64 * 1024
ELSEWHERE = (
    "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:6379/", "http://[::1]/", "file:///etc/passwd",
    "//10.0.0.1/", "/again", "gopher://127.0.0.1/", "",
)  # fmt: skip
type Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def server() -> AsyncIterator[tuple[dict[str, Answers], str, list[str]]]:
    """Answers as told; remembers what was asked."""
    answers: dict[str, Answers] = {}
    asked: list[str] = []
    app = web.Application()

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return await answers["it"](request)

    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as running:
        yield answers, str(running.make_url("/file")), asked


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    made = Wire()
    yield made
    await made.close()


@pytest.mark.parametrize("where", ELSEWHERE)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(server: object, wire: Wire, where: str, status: int) -> None:
    answers, address, asked = server  # type: ignore[misc]

    async def away(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": where})

    answers["it"] = away
    with pytest.raises(TransportError) as refused:
        await wire.fetch("fetch", "GET", address, limit=LIMIT)
    assert refused.value.permanent
    assert where not in refused.value.message or not where
    assert asked == ["/file"]


async def _large(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"x" * (LIMIT + 1))


async def _endless(request: web.Request) -> web.StreamResponse:
    """Without a length, for as long as somebody reads."""
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(10_000):
        try:
            await response.write(b"x" * 8192)
        except ConnectionError:
            break
    return response


async def _bomb(request: web.Request) -> web.StreamResponse:
    """A few kilobytes that are 64 megabytes once unpacked."""
    body = gzip.compress(b"\0" * 64 * 1024 * 1024)
    assert len(body) < 80_000
    return web.Response(body=body, headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize("answer", [_large, _endless, _bomb])
async def test_no_more_than_the_limit_is_read(server: object, wire: Wire, answer: Answers) -> None:
    answers, address, _ = server  # type: ignore[misc]
    answers["it"] = answer
    with pytest.raises(TransportError) as refused:
        await wire.fetch("fetch", "GET", address, limit=LIMIT)
    assert refused.value.permanent


async def _cut(request: web.Request) -> web.StreamResponse:
    """Says more than it sends."""
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b"x")
    assert request.transport is not None
    request.transport.close()
    return response


async def _no_gzip(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b"no gzip", headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize("answer", [_cut, _no_gzip])
async def test_half_an_attachment_is_none(server: object, wire: Wire, answer: Answers) -> None:
    answers, address, _ = server  # type: ignore[misc]
    answers["it"] = answer
    with pytest.raises(TransportError) as failed:
        await wire.fetch("fetch", "GET", address, limit=LIMIT)
    assert not failed.value.permanent  # the next try may get it whole


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[", "x", ""]
)
async def test_what_is_no_address_is_not_fetched(wire: Wire, address: str) -> None:
    with pytest.raises(TransportError) as failed:
        await wire.fetch("fetch", "GET", address, limit=LIMIT)
    assert "passwd" not in failed.value.message
