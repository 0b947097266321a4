"""Who is on the phones of the demonstration, and how officers' chats are bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.engine import reading
from actions.store.tables import codes, identities, officers
from bot.settings import BotSettings
from bot.simulator.driver import Driver, TelegramUser, WeComMember


@dataclass(frozen=True, slots=True)
class Chat:
    """An officer's phone: the name on it, the badge in the sample city, what the page says."""

    name: str
    badge: str
    role: str
    unit: str
    channel: str = "telegram"


OFFICERS = (
    Chat("李警官", "Y10101", "民警", "桥西分局明德里派出所"),
    Chat("王警官", "Y10102", "民警", "桥西分局明德里派出所"),
    Chat("张所长", "Y10103", "所长", "桥西分局明德里派出所", "wecom"),
    Chat("刘警官", "Y10201", "民警", "桥西分局南站派出所", "wecom"),
)
SUPERVISORS = (  # everyone above the stations
    Chat("董回访", "Y10002", "分中心回访员", "桥西分局", "wecom"),
    Chat("沈警官", "Y00002", "值班长", "云州市公安局"),
    Chat("彭督察", "Y00004", "督察", "云州市公安局"),
    Chat("于队长", "Y10001", "督察", "桥西分局"),
    Chat("萧队长", "Y20001", "督察", "桥东分局"),
)
CITIZENS = (
    {"name": "陈女士", "about": "来办身份证"},
    {"name": "周先生", "about": "有话要说"},
    {"name": "老吴", "about": "社区老住户"},
    {
        "name": "陈女士 · 短信",
        "about": "同一位的手机短信，139 0000 0001",
        "channel": "sms",
        "number": "8613900000001",
        "try": ["我要投诉", "进度"],
    },
)
WALL = 12  # codes on the page


async def introduce(services: Services, driver: Driver) -> None:
    """Gives the page its people and codes, and binds the officers' chats that are not bound yet."""
    await driver.gives_cast(await _cast(services))
    for chat in (*OFFICERS, *SUPERVISORS):
        phone = phone_of(driver, chat)
        if not await _is_bound(services, chat):
            code = await services.people.make_binding_code(chat.badge)
            await phone.types(f"/bind {code}")
            await phone.hears(timeout=30)


def phone_of(driver: Driver, chat: Chat) -> TelegramUser | WeComMember:
    """The phone in that person's hand."""
    return driver.wecom(chat.name) if chat.channel == "wecom" else driver.telegram(chat.name)


async def _cast(services: Services) -> dict[str, Any]:
    query = select(codes.c.scene, codes.c.label, codes.c.officer_id).order_by(codes.c.id)
    async with reading(services.engine) as connection:
        rows = (await connection.execute(query)).all()
    badges = [row for row in rows if row.officer_id][:3]
    places = [row for row in rows if not row.officer_id][: WALL - len(badges)]
    settings = services.settings
    return {
        "web_chat": settings.public_url if isinstance(settings, BotSettings) else "",
        "citizens": list(CITIZENS),
        "officers": [_person(chat) for chat in OFFICERS],
        "supervisors": [_person(chat) for chat in SUPERVISORS],
        "codes": [
            {"scene": row.scene, "label": row.label, "kind": _kind(row.label, row.officer_id)}
            for row in (*places, *badges)
        ],
    }


def _person(chat: Chat) -> dict[str, str]:
    return {
        "name": chat.name,
        "role": chat.role,
        "unit": chat.unit,
        "channel": chat.channel,
        "binding_code": "",
    }


def _kind(label: str, officer_id: int | None) -> str:
    if officer_id:
        return "officer"
    if "车" in label:
        return "car"
    return "desk" if "·" in label else "station"


async def _is_bound(services: Services, chat: Chat) -> bool:
    query = (
        select(identities.c.id)
        .join(officers, officers.c.id == identities.c.officer_id)
        .where(officers.c.badge == chat.badge, identities.c.channel == chat.channel)
    )
    async with reading(services.engine) as connection:
        return (await connection.execute(query.limit(1))).one_or_none() is not None
