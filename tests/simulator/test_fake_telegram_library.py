"""python-telegram-bot, unmodified, against the fake: by webhook and by polling."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from simulated_world import Build, World
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

MARKUP = InlineKeyboardMarkup([[InlineKeyboardButton("接单", callback_data="a1")]])


def builder(world: World) -> ApplicationBuilder[Any, Any, Any, Any, Any, Any]:
    return (
        ApplicationBuilder()
        .token(world.config.telegram.bot_token)
        .base_url(f"{world.url}/telegram/bot")
        .base_file_url(f"{world.url}/telegram/file/bot")
    )


async def on_start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text(f"新件 {' '.join(context.args or [])}", reply_markup=MARKUP)


async def on_press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("接单成功")
    await update.callback_query.edit_message_text("<b>已接单</b>", parse_mode="HTML")


async def on_photo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    file = await update.message.photo[-1].get_file()
    data = bytes(await file.download_as_bytearray())
    await update.message.reply_photo(data, caption=f"收到 {len(data)} 字节")


def handled(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    application.add_handler(CommandHandler("start", on_start))
    application.add_handler(CallbackQueryHandler(on_press))
    application.add_handler(MessageHandler(filters.PHOTO, on_photo))


@pytest.fixture
async def polling(world: World) -> AsyncIterator[World]:
    application = builder(world).build()
    handled(application)
    async with application:
        assert application.updater
        await application.updater.start_polling(timeout=5)
        await application.start()
        yield world
        await application.updater.stop()
        await application.stop()


async def conversation(world: World) -> None:
    officer = world.driver.telegram("李警官")
    await officer.starts("Q26-0017")
    await officer.hears("新件 Q26-0017")
    await officer.presses("接单")
    await officer.hears("接单成功")
    edited = await officer.hears("已接单")
    assert edited.choices == []
    await officer.sends_photo(b"12345")
    assert (await officer.hears("收到 5 字节")).kind == "image"


async def test_polling(polling: World) -> None:
    await conversation(polling)


async def test_webhook(world: World) -> None:
    application = builder(world).updater(None).build()
    handled(application)
    seen: list[int] = []

    def take(update: dict[str, Any]) -> None:
        seen.append(update["update_id"])
        parsed = Update.de_json(update, application.bot)
        application.update_queue.put_nowait(parsed)

    world.gateway.updates = type("Taking", (list,), {"append": lambda _, u: take(u)})()
    async with application:
        await application.bot.set_webhook(f"{world.gateway_url}/telegram", secret_token="s1")
        info = await application.bot.get_webhook_info()
        assert info.url.endswith("/telegram")
        await application.start()
        await conversation(world)
        await application.stop()
    assert seen == sorted(seen)


async def test_its_errors_are_the_librarys(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    world = await build(telegram={"private_per_second": True})
    officer = world.driver.telegram("李警官")
    application = builder(world).updater(None).build()
    async with application:
        bot = application.bot
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(1, "x")
        await officer.starts()
        chat = int(await officer.identity())
        await bot.send_message(chat, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(chat, "x")
        await officer.blocks()
        with pytest.raises(Forbidden, match="blocked by the user"):
            await bot.send_message(chat, "x")
        await officer.unblocks()
        await world.driver.advances(2)
        long = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="y" * 65)]])
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(chat, "x", reply_markup=long)
        await bot.set_my_commands([BotCommand("stats", "统计")])
        assert [c.command for c in await bot.get_my_commands()] == ["stats"]
        assert await bot.send_chat_action(chat, "typing")
        await world.driver.advances(2)
        sent = await bot.send_document(chat, b"pdf", filename="月报.pdf", caption="月报")
        assert sent.document
        assert await bot.delete_message(chat, sent.message_id)
        await bot.set_webhook("http://127.0.0.1:9/x")
        with pytest.raises(Conflict):
            await bot.get_updates()
        assert await bot.delete_webhook()


async def test_a_wrong_token_does_not_start(world: World) -> None:
    application = builder(world).token("1:wrong").updater(None).build()
    with pytest.raises(InvalidToken):
        await application.initialize()
    await asyncio.gather(*(request.shutdown() for request in application.bot._request))
