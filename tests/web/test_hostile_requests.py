"""Requests that no platform and no browser sends: refused in a sentence, and nothing else happens.

Each was found by `python -m bench.fuzz`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from actions import clock, logs
from actions.turn import Turn
from bench.fuzzing.house import HOST, House, house
from bench.fuzzing.values import nested
from bench.fuzzing.wire import Answer, Sending, Wire
from bot import patience
from bot.voice.signing import signed
from tests.conftest import Databases
from tests.installation import installation

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://bot.example.org"}
TELEGRAM = "X-Telegram-Bot-Api-Secret-Token"
VISITOR = {**FORM, "Cookie": f"__Host-huiyin={7:032x}", "X-Forwarded-For": "10.0.0.7"}


@pytest.fixture(scope="module")
async def there(databases: Databases) -> AsyncIterator[House]:
    async with installation(databases) as services:
        environ = databases.settings(str(services.engine.url.database))
        async with house(environ) as running:
            yield running
    logs.configure("INFO", process="tests")


async def sent(there: House, path: str, body: bytes = b"", **headers: Any) -> Answer:
    wire = Wire(HOST, there.gate)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await wire.send(Sending("POST", path, body, names))
    await wire.close()
    return answer


async def staff(there: House, badge: str) -> dict[str, str]:
    """The headers of an officer's browser, and what its forms carry under "proof"."""
    sessions = there.bot.services.sessions
    opened = await sessions.open(await sessions.link(Turn(there.chats[badge], str(clock.new_id()))))
    assert opened is not None
    cookie = f"__Host-huiyin_staff={opened.token}"
    return {**FORM, "Cookie": cookie, "proof": sessions.proof(opened.token)}


# --- what is not UTF-8, and what is nested -------------------------------------------------------


@pytest.mark.parametrize("secret", [b"\xff\xfe", "密".encode(), b""])
async def test_telegrams_secret_may_be_any_bytes(there: House, secret: bytes) -> None:
    answer = await sent(there, "/telegram", b"{}", **{TELEGRAM: secret})
    assert answer.status == 403


@pytest.mark.parametrize("body", [nested(100_000), b'{"update_id": NaN}', b'{"update_id": 1e400}'])
async def test_an_update_that_is_none_is_passed_over(there: House, body: bytes) -> None:
    before = await there.rows()
    answer = await sent(there, "/telegram", body, **{TELEGRAM: there.keys.secret})
    assert answer.status == 200  # sent again it would not read better
    assert await there.rows() == before


@pytest.mark.parametrize("path", ["report", "uplink"])
async def test_a_nested_callback_of_a_cloud_is_passed_over(there: House, path: str) -> None:
    answer = await sent(there, f"/sms/{there.keys.secret}/{path}", nested(30_000))
    assert answer.status == 200


@pytest.mark.parametrize("name", ["a\\u0000b", "\\ud800", "x" * 9_000, "\\u202e"])
async def test_an_id_of_a_cloud_may_be_anything(there: House, name: str) -> None:
    """NUL and lone surrogates are in no text of the database, and no index takes a page of one."""
    report = f'[{{"sid": "{name}", "report_status": "FAIL", "errmsg": "{name}"}}]'
    answer = await sent(there, f"/sms/{there.keys.secret}/report", report.encode())
    assert answer.status == 200
    for number, words in (("13900000001", name), (name, "好")):
        reply = (
            '{"nationcode": "86", "mobile": "%s", "text": "%s", "time": 1790000000, "extend": "%s"}'
        )
        told = (reply % (number, words, name)).encode()
        assert (await sent(there, f"/sms/{there.keys.secret}/uplink", told)).status == 200


async def test_a_voice_report_is_signed_or_refused(there: House) -> None:
    path, body = f"/voice/ivr/{there.keys.secret}", nested(30_000)
    good = signed(there.keys.secret, body, int(time.time()))
    assert (await sent(there, path, body, **good)).status == 200
    for wrong in (
        {"X-Voice-Signature": "٣٤٥"},
        {"X-Voice-Nonce": b"\xff"},
        {"X-Voice-Timestamp": "²"},
    ):
        assert (await sent(there, path, body, **{**good, **wrong})).status == 403


# --- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["nosuch", "zlib", "utf-89"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_a_charset_that_does_not_exist(there: House, kind: str, charset: str) -> None:
    headers = {**VISITOR, "Content-Type": f"{kind}; charset={charset}"}
    answer = await sent(there, "/chat/messages", b"a=b", **headers)
    assert answer.status == (400 if kind == "application/json" else 303)
    answer = await sent(there, "/chat/language", b"language=en", **headers)
    assert answer.status == 400


async def test_a_nested_message_of_a_browser(there: House) -> None:
    headers = {**VISITOR, "Content-Type": "application/json"}
    assert (await sent(there, "/chat/messages", nested(15_000), **headers)).status == 400


@pytest.mark.parametrize(
    "broken",
    [b"--b\r\nx", b"--b\r\n\r\n" * 3, b"--b\r\n" + b"a: b\r\n" * 9_000, b"--b\r\n: x\r\n\r\n"],
)
async def test_a_file_in_a_broken_form(there: House, broken: bytes) -> None:
    headers = {**VISITOR, "Content-Type": "multipart/form-data; boundary=b"}
    assert (await sent(there, "/chat/files", broken, **headers)).status == 400


async def test_an_origin_that_is_no_address(there: House) -> None:
    for path in ("/chat/messages", "/chat/end", "/login/x", "/logout"):
        answer = await sent(there, path, b"", **{**VISITOR, "Origin": "http://["})
        assert answer.status == 403, path
    headers = {**VISITOR, "Referer": "http://[", "Sec-Fetch-Site": "same-origin"}
    answer = await sent(there, "/chat/messages", b"id=x", **headers)
    assert (answer.status, answer.headers["location"]) == (303, "/chat")


# --- the officers' pages -------------------------------------------------------------------------


async def test_who_writes_nothing_down_is_told_so_and_alarms_nobody(there: House) -> None:
    """The supervisor of a county has a session, and the form of somebody else's page."""
    badge = await _badge(there, "supervisor")
    headers = await staff(there, badge)
    proof = headers.pop("proof")
    before = await there.rows()
    form = f"proof={proof}&what=%E4%BB%96%E8%A6%81%E6%9D%80%E6%88%91&source=hotline&kind=complaint"
    assert (await sent(there, "/desk", form.encode(), **headers)).status == 403
    assert (
        await sent(there, "/desk/phone", f"proof={proof}&phone=1".encode(), **headers)
    ).status == 403
    assert await there.rows() == before


async def test_controls_in_the_entry_form_are_taken_out(there: House) -> None:
    headers = await staff(there, await _badge(there, "officer"))
    proof = headers.pop("proof")
    form = f"proof={proof}&what=%00x&source=walk_in&kind=complaint&unit=%00&badge=%00Y1"
    assert (await sent(there, "/desk", form.encode(), **headers)).status in (200, 422)


async def _badge(there: House, role: str) -> str:
    query = f"""SELECT o.badge FROM officers o JOIN posts p ON p.officer_id = o.id
        GROUP BY o.badge HAVING array_agg(DISTINCT p.role) = ARRAY['{role}'] ORDER BY 1 LIMIT 1"""
    async with there.engine.connect() as connection:
        return str((await connection.execute(text(query))).scalar_one())


# --- logs, and slow bodies -----------------------------------------------------------------------


async def test_no_log_quotes_what_came_in(there: House) -> None:
    there.heard.taken()
    secret, headers = (
        there.keys.secret,
        {**VISITOR, "Content-Type": "multipart/form-data; boundary=b"},
    )
    told = b'[{"biz_id": "1", "success": false, "sid": "1", "report_status": "FAIL",'
    told += b'"errmsg": "zqFuzzMark 13900000000", "err_msg": "zqFuzzMark"}]'
    assert (await sent(there, f"/sms/{secret}/report", told)).status == 200
    named = b'--b\r\nContent-Disposition: form-da\xd2ta; name="file"; filename="zqFuzzMark"\r\n\r\nx\r\n--b--'
    await sent(there, "/chat/files", named, **headers)
    wire = Wire(HOST, there.gate)
    assert (await wire.send(Sending("", "", raw=b"zqFuzzMark\r\n\r\n"))).status == 400
    heard = there.heard.taken()
    assert "zqFuzzMark" not in heard
    assert "127.0.0.1" not in heard
    assert '"status": "failed"' in heard


async def test_a_body_that_does_not_come_is_waited_for_only_so_long(
    there: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "WITHIN", 0.05)
    for path in ("/chat/messages", "/telegram", "/wechat", f"/sms/{there.keys.secret}/report"):
        headers = {**VISITOR, TELEGRAM: there.keys.secret}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        raw = f"POST {path} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: 9\r\n\r\na=b".encode()
        wire = Wire(HOST, there.gate)
        assert (await wire.send(Sending("", "", raw=raw))).status == 408, path
        await wire.close()
