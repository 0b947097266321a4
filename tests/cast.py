"""The people of the tests, a sentence each. All are invented.

CHEN    a citizen in WeChat who waited two hours at a counter of Mingdeli station.
ZHOU    another citizen in WeChat.
LI      an officer of Mingdeli station, on Telegram.
WANG    a second officer of the same station.
LIU     an officer of another station (Nanzhan).
CHIEF   the supervisor of Qiaoxi county, to which both stations belong.
OTHER   the supervisor of Qiaodong county.
CENTRE  who sits at the city's duty desk.
HEAD    the head of Mingdeli station.
SUB     who calls back and reviews at Qiaoxi county's sub-centre.
INSPECT an inspector of the city.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from actions import clock
from actions.bootstrap import Services
from actions.store.tables import officers, posts, units
from actions.turn import Turn


@dataclass(frozen=True, slots=True)
class Someone:
    """A person in a channel."""

    services: Services
    conversation: str
    badge: str = ""

    def turn(self) -> Turn:
        """A new message of this person."""
        return Turn(self.conversation, str(clock.new_id()))


@dataclass(frozen=True, slots=True)
class Cast:
    chen: Someone
    zhou: Someone
    li: Someone
    wang: Someone
    liu: Someone
    chief: Someone
    other: Someone
    centre: Someone
    head: Someone
    sub: Someone
    inspect: Someone


async def gather_cast(services: Services) -> Cast:
    return Cast(
        chen=await citizen(services, "openid-chen"),
        zhou=await citizen(services, "openid-zhou"),
        li=await officer(services, "明德里派出所", "officer"),
        wang=await officer(services, "明德里派出所", "officer", 1),
        liu=await officer(services, "南站派出所", "officer"),
        chief=await officer(services, "桥西分局", "supervisor"),
        other=await officer(services, "桥东分局", "supervisor"),
        centre=await officer(services, "云州市公安局", "centre"),
        head=await officer(services, "明德里派出所", "unit_lead"),
        sub=await officer(services, "桥西分局", "sub_centre"),
        inspect=await officer(services, "云州市公安局", "inspector"),
    )


async def citizen(services: Services, sender: str) -> Someone:
    """Somebody in WeChat."""
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "wechat", sender)
    return Someone(services, person.conversation)


async def officer(services: Services, unit: str, role: str, nth: int = 0) -> Someone:
    """The unit's nth officer with this role, by badge, bound in Telegram."""
    badge = await badge_of(services, unit, role, nth)
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "telegram", f"chat-{badge}")
    someone = Someone(services, person.conversation, badge)
    code = await services.people.make_binding_code(badge)
    await services.people.bind(someone.turn(), code)
    return someone


async def badge_of(services: Services, unit: str, role: str, nth: int = 0) -> str:
    query = (
        select(officers.c.badge)
        .join(posts, posts.c.officer_id == officers.c.id)
        .join(units, units.c.id == posts.c.unit_id)
        .where(units.c.name == unit, posts.c.role == role)
        .order_by(officers.c.badge)
    )
    async with services.engine.connect() as connection:
        return str((await connection.execute(query)).scalars().all()[nth])
