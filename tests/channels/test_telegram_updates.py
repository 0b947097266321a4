"""How updates come in: the webhook's door, the polling loop, and a Telegram that is not there."""

import asyncio

import pytest
from telegram_platform import SECRET, message, refused, tap

from bot.channels.telegram.channel import SECRET_HEADER
from bot.message import Kind, Outgoing

GOOD = {SECRET_HEADER: SECRET}


async def until(condition):
    """Lets the loop run until the condition holds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_an_update_is_stored_before_it_is_acknowledged(make_telegram, serve, gateway):
    client = await serve(make_telegram())
    response = await client.post("/telegram", json=message(text="我要投诉"), headers=GOOD)
    assert response.status == 200
    assert [(i.text, i.message_id) for i in gateway.received] == [("我要投诉", "900")]
    assert gateway.waits == [0]


async def test_an_update_that_was_not_stored_is_not_acknowledged(make_telegram, serve, gateway):
    client = await serve(make_telegram())
    gateway.failure = ConnectionError("no database")
    response = await client.post("/telegram", json=message(text="我要投诉"), headers=GOOD)
    assert response.status == 500


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET + "x"}])
async def test_without_the_secret_nothing_is_read(make_telegram, serve, gateway, headers):
    client = await serve(make_telegram())
    response = await client.post("/telegram", json=message(text="hi"), headers=headers)
    assert response.status == 403
    assert gateway.received == []


@pytest.mark.parametrize("body", ["", "hello", "[]", "{}", '{"update_id":1,"message":{}}', "\xff"])
async def test_what_is_no_update_is_acknowledged_and_dropped(make_telegram, serve, gateway, body):
    client = await serve(make_telegram())
    response = await client.post("/telegram", data=body.encode("latin-1"), headers=GOOD)
    assert response.status == 200
    assert gateway.received == []


async def test_a_body_over_256_kib_is_refused(make_telegram, serve, gateway):
    client = await serve(make_telegram())
    response = await client.post("/telegram", data=b"x" * (257 * 1024), headers=GOOD)
    assert response.status == 413


async def test_a_tap_is_ended_on_the_phone(make_telegram, serve, gateway, telegram_platform):
    client = await serve(make_telegram())
    telegram_platform.replies["answerCallbackQuery"] = [refused(400, "Bad Request: too old")]
    for number in (901, 902):
        await client.post("/telegram", json=tap("g1", number), headers=GOOD)
    await until(lambda: telegram_platform.count("answerCallbackQuery") == 2)
    assert [i.kind for i in gateway.received] == [Kind.CHOICE] * 2


async def test_what_receive_returns_is_left_to_send(
    make_telegram, serve, gateway, telegram_platform
):
    client = await serve(make_telegram())
    gateway.answer = [Outgoing("您好")]
    await client.post("/telegram", json=message(text="hi"), headers=GOOD)
    assert telegram_platform.count("sendMessage") == 0


async def test_telegram_is_told_where_we_are(make_telegram, serve, telegram_platform):
    channel = make_telegram()
    await serve(channel)
    await until(lambda: channel.username)
    assert channel.username == "huiyin_bot"
    hook = next(seen.body for seen in telegram_platform.seen if seen.call == "setWebhook")
    assert hook["url"] == "https://bot.example.org/telegram"
    assert hook["secret_token"] == SECRET
    assert "callback_query" in hook["allowed_updates"]


async def test_start_up_does_not_need_telegram(make_telegram, serve, gateway, telegram_platform):
    channel = make_telegram()
    telegram_platform.replies["getMe"] = [refused(502, "Bad Gateway")] * 8
    client = await serve(channel)
    response = await client.post("/telegram", json=message(text="hi"), headers=GOOD)
    assert response.status == 200
    await until(lambda: channel.username)
    assert channel.pauses == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_shutting_down_while_telegram_is_away(make_telegram, serve):
    channel = make_telegram(base_url="http://127.0.0.1:1/bot")
    client = await serve(channel)
    await until(lambda: channel.pauses)
    await client.close()


async def test_polling_confirms_what_was_stored(make_telegram, serve, gateway, telegram_platform):
    telegram_platform.updates = [{**message(text=str(n)), "update_id": n} for n in (5, 6, 9)]
    client = await serve(make_telegram(mode="polling", public_url="", secret_token=""))
    await telegram_platform.drained.wait()
    assert [i.message_id for i in gateway.received] == ["5", "6", "9"]
    assert telegram_platform.confirmed == 10
    assert telegram_platform.count("deleteWebhook") == 1
    assert telegram_platform.count("setWebhook") == 0
    assert (await client.post("/telegram", json={}, headers=GOOD)).status == 404


async def test_polling_confirms_nothing_that_was_not_stored(
    make_telegram, serve, gateway, telegram_platform
):
    telegram_platform.updates = [{**message(text=str(n)), "update_id": n} for n in (5, 6)]
    gateway.failure = ConnectionError("no database")
    channel = make_telegram(mode="polling")
    await serve(channel)
    await until(lambda: len(channel.pauses) > 2)
    assert telegram_platform.confirmed == 0
    gateway.failure = None
    await telegram_platform.drained.wait()
    assert [i.message_id for i in gateway.received] == ["5", "6"]
    assert telegram_platform.confirmed == 7


async def test_polling_outlives_errors(make_telegram, serve, gateway, telegram_platform):
    telegram_platform.updates = [message(text="hi")]
    telegram_platform.replies["getUpdates"] = [
        refused(409, "Conflict: terminated by other getUpdates request"),
        refused(429, "Too Many Requests", retry_after=3),
        {"ok": True, "result": [{"update_id": "no number"}]},
    ]
    channel = make_telegram(mode="polling")
    await serve(channel)
    await telegram_platform.drained.wait()
    assert [i.text for i in gateway.received] == ["hi"]
    assert channel.pauses == [1, 2, 4]
