"""Every address of the gateway, found in its router: headers, foreign pages, sessions, links."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from actions import clock, logs
from actions.people.sessions import LINK_LIFE, SESSION_LIFE
from actions.turn import Turn
from bench.fuzzing.house import HOST, House, house
from bench.fuzzing.wire import Answer, Sending, Wire
from tests.conftest import Databases, FrozenClock
from tests.installation import installation

OURS = "https://bot.example.org"
FORM = "application/x-www-form-urlencoded"
VISITOR = f"__Host-huiyin={9:032x}"

# What each address is: who may ask it, and by what it knows them.
PAGES = {
    "/chat", "/s/{code}", "/login/{token}", "/desk", "/bulletins", "/wall",
}  # fmt: skip
STAFF = {"/desk", "/desk/units", "/desk/script", "/bulletins", "/bulletins/{number}.{form}"}
OPEN = {
    "/healthz", "/api/openapi.json", "/chat/static/{name}", "/desk/static/{name}", "/wall/static/{name}",
    "/chat/messages", "/chat/events", "/chat/files/{number}", "/wall/events", "/wechat", "/wecom",
    "/api/cases/{number}",
}  # fmt: skip
BY_FORM = {
    "/chat/messages", "/chat/files", "/chat/language", "/chat/end", "/desk", "/desk/phone", "/login/{token}",
    "/logout",
}  # fmt: skip
BY_SECRET = {
    "/wechat", "/wecom", "/telegram", "/sms/{secret}/report", "/sms/{secret}/uplink", "/api/events",
    "/api/cases", "/voice/{vendor}/{secret}",
}  # fmt: skip


@pytest.fixture(scope="module")
async def there(databases: Databases) -> AsyncIterator[House]:
    async with installation(databases) as services:
        environ = databases.settings(str(services.engine.url.database))
        async with house(environ) as running:
            yield running
    logs.configure("INFO", process="tests")


async def asked(there: House, method: str, path: str, body: str = "", **headers: Any) -> Answer:
    wire = Wire(HOST, there.gate)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await wire.send(Sending(method, path, body.encode(), {"Accept": "text/html", **named}))
    await wire.close()
    return answer


def addresses(there: House, method: str) -> set[str]:
    routes = there.routes
    return {path for verb, path in routes if verb == method}


def filled(pattern: str) -> str:
    gaps = {"code": "mdl-xf8x", "token": "x" * 43, "number": "B26-0001", "form": "pdf", "name": "x"}
    return re.sub(r"\{(\w+)\}", lambda gap: gaps.get(gap[1], "x"), pattern)


async def entered(there: House, badge: str = "Y10101") -> tuple[str, str]:
    """An officer's cookie, and what its forms carry."""
    sessions = there.bot.services.sessions
    opened = await sessions.open(await sessions.link(Turn(there.chats[badge], str(clock.new_id()))))
    assert opened is not None
    return f"__Host-huiyin_staff={opened.token}", sessions.proof(opened.token)


def test_every_address_is_known_here(there: House) -> None:
    assert addresses(there, "GET") == PAGES | STAFF | OPEN
    assert addresses(there, "POST") == BY_FORM | BY_SECRET


@pytest.mark.parametrize(
    "path", sorted({*PAGES, *STAFF, *OPEN, "/no/such/page", "/chat/static/none"})
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
async def test_every_answer_is_safe_to_show(there: House, method: str, path: str) -> None:
    staff, _ = await entered(there)
    for cookie in ("", f"{VISITOR}; {staff}"):
        answer = await asked(there, method, filled(path), Cookie=cookie)
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "server" not in headers
        for cookie_line in headers.get("set-cookie", "").splitlines():
            assert {"HttpOnly", "Secure", "Path=/"} <= set(cookie_line.split("; ")), cookie_line
            assert "SameSite=" in cookie_line
            assert "Domain" not in cookie_line
        assert "access-control-allow-origin" not in headers
        body = answer.text
        assert not re.search(
            r"<script(?! src=| type=.application/json)[^>]*>|\son\w+=|javascript:", body
        )


@pytest.mark.parametrize("path", sorted(STAFF))
async def test_without_a_session_no_officers_page_shows_anything(there: House, path: str) -> None:
    for cookie in ("", "__Host-huiyin_staff=x", VISITOR, "huiyin_staff=" + "x" * 43):
        answer = await asked(there, "GET", filled(path), Cookie=cookie)
        assert answer.status == 401, cookie
        assert "明德里" not in answer.text


@pytest.mark.parametrize("path", sorted(BY_FORM))
@pytest.mark.parametrize(
    "origin",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": f"{OURS}.evil.example"},
        {"Referer": f"https://evil.example/{OURS}"},
        {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
async def test_a_foreign_page_posts_nothing(
    there: House, path: str, origin: dict[str, str]
) -> None:
    """With the victim's cookies and the right proof: the page is not ours, so nothing is done."""
    staff, proof = await entered(there)
    before = await there.rows()
    form = f"proof={proof}&id=0123456789ab&text=x&what=xx&source=walk_in&kind=complaint&language=en"
    headers = {"Cookie": f"{VISITOR}; {staff}", "Content-Type": FORM, **origin}
    answer = await asked(there, "POST", filled(path), form, **headers)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers
    assert await there.rows() == before


@pytest.mark.parametrize("path", ["/desk", "/desk/phone", "/logout"])
async def test_a_form_of_another_session_posts_nothing(there: House, path: str) -> None:
    staff, _ = await entered(there)
    _, proof_of_another = await entered(there, "Y10102")
    before = await there.rows()
    form = f"proof={proof_of_another}&what=xx&source=walk_in&kind=complaint"
    headers = {"Cookie": staff, "Content-Type": FORM, "Origin": OURS}
    assert (await asked(there, "POST", path, form, **headers)).status == 403
    assert await there.rows() == before
    assert (await asked(there, "GET", "/desk", Cookie=staff)).status == 200  # and is still in


@pytest.mark.parametrize("path", sorted(BY_SECRET))
async def test_without_the_secret_nothing_comes_in(there: House, path: str) -> None:
    before = await there.rows()
    for body in ("{}", '{"events": []}', "<xml/>", "[]"):
        headers = {"Content-Type": "application/json", "Origin": OURS, "Cookie": VISITOR}
        answer = await asked(there, "POST", filled(path), body, **headers)
        assert answer.status in (401, 403, 404)
    assert await there.rows() == before


async def test_a_login_link_opens_once_and_only_by_its_button(there: House) -> None:
    sessions = there.bot.services.sessions
    token = await sessions.link(Turn(there.chats["Y10101"], str(clock.new_id())))
    for _ in range(3):  # a chat that previews the link
        assert (await asked(there, "GET", f"/login/{token}")).status == 200
    first = await asked(there, "POST", f"/login/{token}", Origin=OURS)
    assert (first.status, first.headers["location"]) == (303, "/desk")
    cookie = first.headers["set-cookie"].split(";")[0]
    again = await asked(there, "POST", f"/login/{token}", Origin=OURS)
    assert again.status == 410
    assert "set-cookie" not in again.headers
    assert (await asked(there, "GET", "/desk", Cookie=cookie)).status == 200


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "desk%0d%0aX:%20y", "../wall"]
)
async def test_a_login_leads_to_no_foreign_page(there: House, to: str) -> None:
    token = await there.bot.services.sessions.link(Turn(there.chats["Y10101"], str(clock.new_id())))
    answer = await asked(there, "POST", f"/login/{token}?to={to}", Origin=OURS)
    assert (answer.status, answer.headers["location"]) == (303, "/desk")


async def test_links_and_sessions_end(there: House, frozen: FrozenClock) -> None:
    sessions = there.bot.services.sessions
    late = await sessions.link(Turn(there.chats["Y10101"], str(clock.new_id())))
    frozen.advance(seconds=LINK_LIFE.total_seconds() + 1)
    assert (await asked(there, "POST", f"/login/{late}", Origin=OURS)).status == 410
    staff, proof = await entered(there)
    assert (await asked(there, "GET", "/desk", Cookie=staff)).status == 200
    frozen.advance(seconds=SESSION_LIFE.total_seconds() + 1)
    assert (await asked(there, "GET", "/desk", Cookie=staff)).status == 401
    staff, proof = await entered(there)
    form = f"proof={proof}"
    headers = {"Cookie": staff, "Origin": OURS, "Content-Type": FORM}
    assert (await asked(there, "POST", "/logout", form, **headers)).status == 200
    assert (await asked(there, "GET", "/desk", Cookie=staff)).status == 401


async def test_guessed_codes_are_told_of_no_more_after_twenty(there: House) -> None:
    """The same page for a wrong code and for a right one, once too many were tried."""
    headers = {"X-Forwarded-For": "10.9.8.7"}
    for number in range(20):
        assert (await asked(there, "GET", f"/s/guess-{number}", **headers)).status == 404
    assert (await asked(there, "GET", "/s/mdl-xf8x", **headers)).status == 404
    assert (
        await asked(there, "GET", "/s/mdl-xf8x", **{"X-Forwarded-For": "10.9.8.6"})
    ).status == 200
    await there.bot.services.redis.flushdb()
