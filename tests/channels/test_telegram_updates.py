"""How updates come in: the webhook's door, the polling loop, and a Telegram that is not there."""

import asyncio

import pytest
from telegram_platform import GROUP, SECRET, message, refused, tap

from bot.channels.telegram.channel import SECRET_HEADER
from bot.channels.telegram.parse import parse
from bot.message import Choice, Kind, Outgoing

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


def popped_up(platform):
    """The answers to taps: words and whether they stand until closed."""
    bodies = [seen.body for seen in platform.seen if seen.call == "answerCallbackQuery"]
    return [(body.get("text"), body.get("show_alert")) for body in bodies]


OFFER = (Choice("电话回访", "c1"),)
FULL = "好" * 200
ALERTS = {
    "all there is to say": ([Outgoing("接单成功。")], "接单成功。", False),
    "several messages": (
        [Outgoing("接单成功。"), Outgoing("打完回一句")],
        "接单成功。\n打完回一句",
        False,
    ),
    "as long as it may be": ([Outgoing(FULL)], FULL, False),
    "too long": ([Outgoing(FULL + "好")], "好" * 199 + "…", True),
    "too long in two units each": ([Outgoing("🙂" * 101)], "🙂" * 99 + "…", True),
    "with choices": ([Outgoing("接单成功。", OFFER)], "接单成功。", True),
    "with a picture": ([Outgoing("看图", image=b"png")], "看图", True),
    "only choices": ([Outgoing("", OFFER)], None, True),
    "nothing to say": ([], None, False),
    "not ready in time": (None, None, False),
}


@pytest.mark.parametrize(("answer", "words", "pushed"), ALERTS.values(), ids=list(ALERTS))
async def test_a_tap_in_a_group_is_answered_on_the_phone(
    make_telegram, serve, gateway, telegram_platform, answer, words, pushed
):
    """Never in the group; privately as well where the alert does not say all."""
    client = await serve(make_telegram())
    gateway.answer = answer
    response = await client.post("/telegram", json=tap("g1", chat=GROUP), headers=GOOD)
    assert response.status == 200
    assert gateway.waits == [4]
    assert popped_up(telegram_platform) == [(words, "true" if words else None)]
    assert gateway.pushed == ([("900", answer)] if pushed else [])
    assert telegram_platform.count("sendMessage") == 0


async def test_what_could_not_pop_up_is_said_privately(
    make_telegram, serve, gateway, telegram_platform
):
    client = await serve(make_telegram())
    telegram_platform.replies["answerCallbackQuery"] = [refused(400, "Bad Request: too old")]
    gateway.answer = [Outgoing("接单成功。")]
    response = await client.post("/telegram", json=tap("g1", chat=GROUP), headers=GOOD)
    assert response.status == 200
    assert gateway.pushed == [("900", gateway.answer)]


async def test_a_tap_in_a_group_that_was_not_stored_is_not_acknowledged(
    make_telegram, serve, gateway, telegram_platform
):
    client = await serve(make_telegram())
    gateway.failure = ConnectionError("no database")
    response = await client.post("/telegram", json=tap("g1", chat=GROUP), headers=GOOD)
    assert response.status == 500
    assert popped_up(telegram_platform) == []


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


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_an_update_that_breaks_us_holds_up_no_other(
    make_telegram, serve, gateway, telegram_platform, monkeypatch, mode
):
    """A fault of our own in reading it would be the same the next time."""
    first, second = message(text="一"), {**message(text="二"), "update_id": 901}

    def breaks(update, *others):
        if update.update_id == 900:
            raise AttributeError("13900000000")
        return parse(update, *others)

    monkeypatch.setattr("bot.channels.telegram.channel.parse", breaks)
    if mode == "polling":
        telegram_platform.updates = [first, second]
        await serve(make_telegram(mode="polling"))
        await until(lambda: telegram_platform.confirmed == 902)
    else:
        client = await serve(make_telegram())
        for update in (first, second):
            assert (await client.post("/telegram", json=update, headers=GOOD)).status == 200
    assert [incoming.text for incoming in gateway.received] == ["二"]
