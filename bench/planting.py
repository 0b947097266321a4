"""Everybody tells what nobody else may read: the conversation before the search for secrets.

All of it is invented; the numbers belong to nobody.
"""

from __future__ import annotations

import csv
import secrets
import struct
import zlib
from typing import Any

from aiohttp import ClientSession, CookieJar

from actions.bootstrap import Services
from actions.feeds.case_feeds import Tells
from actions.feeds.sources import Source
from bot.demo.people import OFFICERS, SUPERVISORS, phone_of
from bot.simulator.driver import Driver, NotHeardError
from bot.simulator.hotline import file
from bot.simulator.persons import Person
from bot.stack.stack import SAMPLE

STORY = (
    "我要投诉，南站派出所的民警说话难听，我叫欧阳青禾禾，身份证110101199003070012，"
    "车牌冀A7K3P9，邮箱qinghe.0000@example.org，家住青禾巷七十九号后院"
)
SAID = {
    "name": "欧阳青禾禾",
    "ID number": "110101199003070012",
    "plate": "冀A7K3P9",
    "e-mail": "qinghe.0000@example.org",
    "address": "青禾巷七十九号后院",
    "phone, typed": "13900008123",
    "phone, typed with spaces": "139 0000 8123",
    "phone of the text message": "13900008124",
    "words by text message": "短信里说的青石桥头夜市",
    "words in the web chat": "网页上说的槐树下三轮车",
    "phone in the web chat": "13900008125",
    "name from the hotline": "上官听雨雨",
    "phone from the hotline": "13900008126",
    "words from the hotline": "热线转来的梧桐里东门口",
    "phone of a service": "13900008127",
    "words of the officer": "已当面向青禾老人赔不是",
}


async def plant(driver: Driver, services: Services, url: str) -> dict[str, str | bytes]:
    """Has all channels told their secrets; returns what may be found nowhere, by name.

    `url`: the gateway's. Officers' chats must be bound.
    """
    photo = picture()
    citizen = driver.wechat("青禾")
    number = await _complains(citizen, photo)
    await _officer(driver, number)
    handset = driver.sms("青石")
    await handset.has_number("8613900008124")
    await handset.says("我要投诉，短信里说的青石桥头夜市，派出所没人管")
    await _web(url)
    await _feeds(services, url)
    phones = [phone_of(driver, chat) for chat in (*OFFICERS, *SUPERVISORS)]
    ids = [await phone.identity() for phone in phones]
    ours: dict[str, str | bytes] = {**SAID, "photo": photo[41:105]}
    ours["openid"] = await citizen.identity()
    ours |= {f"officers' chat {n}": each for n, each in enumerate(ids) if len(each) > 6}
    return ours | _officers()


async def _complains(citizen: Person, photo: bytes) -> str:
    """A complaint in free words with a photo; returns its number."""
    await citizen.says(STORY)
    for _ in range(8):
        heard = (await _last(citizen)).text
        if "提交" in heard or "核对" in heard:
            break
        if "照片" in heard:
            await citizen.sends_photo(photo)
            await citizen.says("没有了")
        elif "电话" in heard or "手机" in heard:
            await citizen.says("139 0000 8123")
        elif "时候" in heard:
            await citizen.says("昨天下午三点多")
        else:
            await citizen.says("跳过")
    await citizen.taps("提交")
    told = (await citizen.hears("编号", timeout=20)).text
    return told[told.index("Q") :].split()[0].rstrip("，。,")[:8]


async def _officer(driver: Driver, number: str) -> None:
    liu = phone_of(driver, next(chat for chat in OFFICERS if chat.name == "刘警官"))
    try:
        await liu.hears(number, timeout=20)
    except NotHeardError:  # the case went to the level above
        liu = phone_of(driver, next(chat for chat in SUPERVISORS if chat.name == "沈警官"))
        await liu.hears(number, timeout=20)
    await liu.types(f"/accept {number}")
    await liu.hears(number, timeout=20)
    await liu.types(f"/answer {number} 已当面向青禾老人赔不是，今后注意说话。")
    await liu.hears(timeout=20)


async def _web(url: str) -> None:
    """A browser's conversation: scanned, not satisfied, words and a number."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        async with session.get(f"{url}/s/mdl-hj2-cspc"):
            pass
        steps: tuple[dict[str, Any], ...] = (
            {"scene": "mdl-hj2-cspc", "grade": "unsatisfied"},
            {"text": "太慢"},
            {"text": "网页上说的槐树下三轮车，没人管"},
            {"text": "13900008125"},
        )
        for number, fields in enumerate(steps, 1):
            body = {"id": f"secret-{number:08d}", "after": 0, **fields}
            headers = {"Origin": url}
            async with session.post(f"{url}/chat/messages", json=body, headers=headers):
                pass


async def _feeds(services: Services, url: str) -> None:
    """A matter from the hotline and a service from a counter, by their APIs."""
    keys = await services.elsewhere.feeds.add(
        "secrets12345", Source.HOTLINE_12345, "12345", Tells.US, ""
    )
    matter = {
        "number": "GD-SECRET-1",
        "category": "服务态度",
        "title": "反映窗口态度",
        "words": "热线转来的梧桐里东门口，上官听雨雨说窗口民警很凶",
        "unit": "明德里派出所",
        "name": "上官听雨雨",
        "phone": "139 0000 8126",
    }
    told = await file(url, keys.key, [matter])
    if told["status"] != 200:
        raise RuntimeError(f"the hotline was answered {told['status']}")
    key = await services.invitations.feeds.add("secretshall", ["counter"])
    event = {
        "number": "S-1",
        "kind": "counter",
        "unit": "YZ-QX-MDL-HJ2",
        "phone": "13900008127",
        "finished_at": "2026-11-20 10:00",
        "flags": [],
    }
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        ClientSession(headers=headers) as session,
        session.post(f"{url}/api/events", json={"events": [event]}) as answer,
    ):
        if answer.status != 200:
            raise RuntimeError(f"the counter was answered {answer.status}")


def picture() -> bytes:
    """A PNG of random dots, so that its bytes are found again if they lie anywhere open."""
    rows = b"".join(b"\0" + secrets.token_bytes(8 * 3) for _ in range(8))

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _officers() -> dict[str, str | bytes]:
    """The full names of the sample city's officers; of two characters they would be found in words."""
    with (SAMPLE / "officers.csv").open(encoding="utf-8-sig", newline="") as lines:
        names = [row["name"] for row in csv.DictReader(lines)]
    return {f"officer {n}": name for n, name in enumerate(names) if len(name) > 2}


async def _last(person: Person) -> Any:
    return [entry for entry in await person.transcript() if entry.direction == "received"][-1]
