"""What can be done on a phone, by name. Each takes the JSON of the request."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from bot.simulator.sms.carrier import CHANNEL as SMS
from bot.simulator.stage import Stage
from bot.simulator.telegram.bot import CHANNEL as TELEGRAM
from bot.simulator.transcript import Choice, Entry
from bot.simulator.wechat.account import CHANNEL as WECHAT
from bot.simulator.wecom.corp import CHANNEL as WECOM

Body = dict[str, Any]
Verb = Callable[[Stage, str, Body], Awaitable[Any]]


class NothingToTapError(Exception):
    """No message on this phone has that choice."""


def _bytes(body: Body) -> bytes:
    return base64.b64decode(body["data"])


def _deliveries(body: Body) -> int:
    return int(body.get("deliveries", 1))


def _choice(stage: Stage, channel: str, name: str, body: Body) -> tuple[Entry, Choice]:
    """By `entry` and `key` (a tap on the page), or the newest one called `label`."""
    if "entry" in body:
        entry = stage.transcript.find(channel, name, int(body["entry"]))
        choices = entry.choices if entry else []
        chosen = [c for c in choices if c.key == body["key"] and c.kind != "grey"]
        if entry and chosen:
            return entry, chosen[0]
    elif found := stage.transcript.newest_choice(channel, name, body["label"]):
        return found
    raise NothingToTapError(str(body.get("label") or body.get("key")))


async def wechat_say(stage: Stage, name: str, body: Body) -> Any:
    return await stage.citizens.say(name, body["text"], _deliveries(body))


async def wechat_tap(stage: Stage, name: str, body: Body) -> Any:
    entry, choice = _choice(stage, WECHAT, name, body)
    return await stage.citizens.tap(name, entry, choice, _deliveries(body))


async def wechat_scan(stage: Stage, name: str, body: Body) -> Any:
    return await stage.citizens.scan(name, str(body["scene"]), _deliveries(body))


async def wechat_click(stage: Stage, name: str, body: Body) -> Any:
    return await stage.citizens.click(name, body["key"], _deliveries(body))


async def wechat_follow(stage: Stage, name: str, body: Body) -> Any:
    return await stage.citizens.follow(name, body.get("event_key", ""), _deliveries(body))


async def wechat_unfollow(stage: Stage, name: str, body: Body) -> Any:
    return await stage.citizens.unfollow(name)


async def wechat_photo(stage: Stage, name: str, body: Body) -> Any:
    content_type = body.get("content_type", "image/jpeg")
    return await stage.citizens.send_photo(name, _bytes(body), content_type, _deliveries(body))


async def wechat_voice(stage: Stage, name: str, body: Body) -> Any:
    return await stage.citizens.send_voice(
        name, _bytes(body), body.get("recognition"), _deliveries(body)
    )


async def wechat_video(stage: Stage, name: str, body: Body) -> Any:
    return await stage.citizens.send_video(name, _bytes(body), _deliveries(body))


async def wechat_location(stage: Stage, name: str, body: Body) -> Any:
    place = (float(body["latitude"]), float(body["longitude"]), body.get("label", ""))
    return await stage.citizens.send_location(name, *place, _deliveries(body))


async def wechat_link(stage: Stage, name: str, body: Body) -> Any:
    words = (body["title"], body.get("description", ""), body["url"])
    return await stage.citizens.send_link(name, *words, _deliveries(body))


async def wechat_raw(stage: Stage, name: str, body: Body) -> Any:
    fields, deliveries = body.get("fields", {}), _deliveries(body)
    return await stage.citizens.send_raw(name, body["type"], fields, deliveries)


async def wechat_event(stage: Stage, name: str, body: Body) -> Any:
    fields, deliveries = body.get("fields", {}), _deliveries(body)
    return await stage.citizens.send_event(name, body["event"], fields, deliveries)


async def wechat_accept_notice(stage: Stage, name: str, body: Body) -> Any:
    stage.account.person(name).notices[body["template_id"]] += int(body.get("count", 1))


async def telegram_start(stage: Stage, name: str, body: Body) -> Any:
    await stage.users.start(name, body.get("payload", ""))


async def telegram_say(stage: Stage, name: str, body: Body) -> Any:
    """With `member`, `name` is a group; `answering` replies to what the bot said there last."""
    if "member" in body:
        told, words = bool(body.get("answering")), (body["member"], body["text"])
        await stage.groups.say(name, *words, answering=told, deliveries=_deliveries(body))
    else:
        await stage.users.say(name, body["text"], _deliveries(body))


async def telegram_tap(stage: Stage, name: str, body: Body) -> Any:
    entry, choice = _choice(stage, TELEGRAM, name, body)
    if "member" in body:
        await stage.groups.press(name, body["member"], entry, choice, _deliveries(body))
    else:
        await stage.users.press(name, entry, choice, _deliveries(body))


async def telegram_add_bot(stage: Stage, name: str, body: Body) -> Any:
    await stage.groups.add_bot(name, body["member"])


async def telegram_remove_bot(stage: Stage, name: str, body: Body) -> Any:
    await stage.groups.remove_bot(name, body["member"])


async def telegram_upgrade(stage: Stage, name: str, body: Body) -> Any:
    await stage.groups.upgrade(name, body["member"])


async def telegram_photo(stage: Stage, name: str, body: Body) -> Any:
    content_type = body.get("content_type", "image/jpeg")
    await stage.users.send_photo(name, _bytes(body), content_type, body.get("caption", ""))


async def telegram_document(stage: Stage, name: str, body: Body) -> Any:
    content_type = body.get("content_type", "application/octet-stream")
    await stage.users.send_document(name, _bytes(body), content_type, body.get("name", "file"))


async def telegram_voice(stage: Stage, name: str, body: Body) -> Any:
    await stage.users.send_voice(name, _bytes(body))


async def telegram_location(stage: Stage, name: str, body: Body) -> Any:
    await stage.users.send_location(name, float(body["latitude"]), float(body["longitude"]))


async def telegram_block(stage: Stage, name: str, body: Body) -> Any:
    await stage.users.block(name)


async def telegram_unblock(stage: Stage, name: str, body: Body) -> Any:
    await stage.users.unblock(name)


async def wecom_say(stage: Stage, name: str, body: Body) -> Any:
    return await stage.members.say(name, body["text"], _deliveries(body))


async def wecom_tap(stage: Stage, name: str, body: Body) -> Any:
    entry, choice = _choice(stage, WECOM, name, body)
    return await stage.members.press(name, entry, choice, _deliveries(body))


async def wecom_photo(stage: Stage, name: str, body: Body) -> Any:
    content_type = body.get("content_type", "image/jpeg")
    return await stage.members.send_photo(name, _bytes(body), content_type, _deliveries(body))


async def wecom_voice(stage: Stage, name: str, body: Body) -> Any:
    return await stage.members.send_voice(name, _bytes(body))


async def wecom_video(stage: Stage, name: str, body: Body) -> Any:
    return await stage.members.send_video(name, _bytes(body))


async def wecom_location(stage: Stage, name: str, body: Body) -> Any:
    place = (float(body["latitude"]), float(body["longitude"]), body.get("label", ""))
    return await stage.members.send_location(name, *place)


async def wecom_link(stage: Stage, name: str, body: Body) -> Any:
    words = (body["title"], body.get("description", ""), body["url"])
    return await stage.members.send_link(name, *words)


async def wecom_join(stage: Stage, name: str, body: Body) -> Any:
    return await stage.members.join(name)


async def wecom_leave(stage: Stage, name: str, body: Body) -> Any:
    """`company`: told by the address book, in the company's name."""
    if body.get("company"):
        return await stage.members.leave_company(name)
    return await stage.members.leave(name)


async def wecom_event(stage: Stage, name: str, body: Body) -> Any:
    return await stage.members.send_event(name, body["event"], body.get("fields", {}))


async def sms_say(stage: Stage, name: str, body: Body) -> Any:
    return await stage.handsets.say(name, body["text"], _deliveries(body))


async def sms_number(stage: Stage, name: str, body: Body) -> Any:
    """Gives the phone a number: digits of E.164."""
    stage.handsets.has(name, str(body["number"]))


async def sms_switch(stage: Stage, name: str, body: Body) -> Any:
    """On or off; a phone that is off gets nothing."""
    stage.handsets.switch(name, on=bool(body["on"]))


VERBS: dict[tuple[str, str], Verb] = {
    (channel, name.removeprefix(f"{channel}_")): verb
    for channel in (WECHAT, WECOM, TELEGRAM, SMS)
    for name, verb in list(globals().items())
    if name.startswith(f"{channel}_")
}
