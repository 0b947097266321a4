"""The gateway and its inbox over a real database; only Rasa is played by a stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from actions import clock
from actions.bootstrap import Services
from actions.notices.notices import Offer
from actions.store.tables import deliveries, identities, inbox
from bot.choices import Choices, Intent
from bot.conversation import Conversation
from bot.gateway import TurnGateway
from bot.inbox import Inbox
from bot.message import Incoming, Kind, Media, MediaKind, Outgoing
from bot.nlu import Reply, TurnFailedError
from bot.receipts import Receipts

type Script = Callable[[str | Intent], Awaitable[list[Reply]]]


class StandInForRasa:
    """Answers by a script and remembers what it was asked."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[str | Intent] = []
        self.at_once: dict[str, int] = {}
        self.overlapped = False

    async def turn(
        self, conversation: str, inbox_id: str, said: str | Intent, metadata: dict[str, Any]
    ) -> list[Reply]:
        self.asked.append(said)
        self.at_once[conversation] = self.at_once.get(conversation, 0) + 1
        self.overlapped |= self.at_once[conversation] > 1
        try:
            return await self.script(said)
        finally:
            self.at_once[conversation] -= 1


class Well:
    """Health that says that everything behind a turn is well, or not."""

    def __init__(self, well: bool = True) -> None:
        self.well = well

    async def behind_turns(self) -> bool:
        return self.well


async def echo(said: str | Intent) -> list[Reply]:
    return [Reply(f"听到：{said}", ())]


class Gateways:
    """Makes gateways on one installation, and lets their turns finish at the end."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.made: list[TurnGateway] = []

    def __call__(self, rasa: StandInForRasa, health: Well | None = None) -> TurnGateway:
        self.made.append(
            TurnGateway(
                self.services,
                Inbox(self.services, lease_seconds=30),
                Conversation(self.services, rasa, Choices(self.services.redis)),  # type: ignore[arg-type]
                health or Well(),  # type: ignore[arg-type]
                Receipts(self.services.engine, self.services.vault),
                sweep_seconds=0.05,
            )
        )
        return self.made[-1]


@pytest.fixture
async def gateway(services: Services) -> AsyncIterator[Gateways]:
    made = Gateways(services)
    yield made
    for one in made.made:
        await one.settle()


def words(text: str, number: str = "1", sender: str = "openid-chen", **more: Any) -> Incoming:
    at = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
    fields: dict[str, Any] = {"kind": Kind.TEXT, "text": text, **more}
    return Incoming("wechat", sender, number, sent_at=at, **fields)


async def texts(services: Services, state: str | None = None) -> list[str]:
    query = select(deliveries.c.content_sealed).order_by(deliveries.c.created_at, deliveries.c.key)
    if state:
        query = query.where(deliveries.c.state == state)
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalars().all()
    return [services.vault.open_json(one)["text"] for one in sealed]


async def test_an_answer_in_time_is_given_back(services: Services, gateway: Gateways) -> None:
    rasa = StandInForRasa(echo)
    assert await gateway(rasa).receive(words("你好"), wait=5) == [Outgoing("听到：你好")]
    assert await texts(services) == []


async def test_delivered_again_it_acts_once_and_answers_the_same(
    services: Services, gateway: Gateways
) -> None:
    rasa = StandInForRasa(echo)
    there = gateway(rasa)
    first = await there.receive(words("你好"), wait=5)
    assert await there.receive(words("你好"), wait=5) == first
    assert rasa.asked == ["你好"]


async def test_overlapping_deliveries_act_once(services: Services, gateway: Gateways) -> None:
    """On two gateways, as the platform's re-send may reach either."""
    rasa = StandInForRasa(echo)
    one, two = gateway(rasa), gateway(rasa)
    answers = await asyncio.gather(
        *(there.receive(words("你好"), wait=5) for there in (one, two, one, two))
    )
    assert answers == [[Outgoing("听到：你好")]] * 4
    assert rasa.asked == ["你好"]


async def test_one_turn_at_a_time_in_order_over_two_gateways(
    services: Services, gateway: Gateways
) -> None:
    async def slow(said: str | Intent) -> list[Reply]:
        await asyncio.sleep(0.01)
        return await echo(said)

    rasa = StandInForRasa(slow)
    there = [gateway(rasa), gateway(rasa)]
    waiting = []
    for number in range(12):
        # Stored one after the other, as a person sends them; answered as they may be.
        incoming = words(f"第{number}句", str(number))
        task = asyncio.create_task(there[number % 2].receive(incoming, wait=10))
        waiting.append(task)
        await stored(services, number + 1)
    answers = await asyncio.gather(*waiting)
    assert rasa.asked == [f"第{n}句" for n in range(12)]
    assert not rasa.overlapped
    assert answers == [[Outgoing(f"听到：第{n}句")] for n in range(12)]


async def stored(services: Services, rows: int) -> None:
    """Waits until that many messages are stored."""
    for _ in range(500):
        async with services.engine.connect() as connection:
            if len((await connection.execute(select(inbox.c.id))).all()) >= rows:
                return
        await asyncio.sleep(0.005)
    raise AssertionError("not stored")


async def test_a_late_answer_is_pushed(services: Services, gateway: Gateways) -> None:
    go = asyncio.Event()

    async def late(said: str | Intent) -> list[Reply]:
        await go.wait()
        return await echo(said)

    there = gateway(StandInForRasa(late))
    assert await there.receive(words("你好"), wait=0.05) is None
    go.set()
    await eventually(lambda: has_text(services, "听到：你好"))


async def has_text(services: Services, text: str) -> bool:
    return text in await texts(services)


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(400):
        if await condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass")


async def test_nobody_waits_on_telegram(services: Services, gateway: Gateways) -> None:
    there = gateway(StandInForRasa(echo))
    assert await there.receive(words("你好"), wait=0) is None
    await eventually(lambda: has_text(services, "听到：你好"))


class Breakable:
    """A script that fails until it is mended."""

    def __init__(self) -> None:
        self.broken = True

    async def __call__(self, said: str | Intent) -> list[Reply]:
        if self.broken:
            raise TurnFailedError("503")
        return await echo(said)


async def test_a_failed_turn_is_kept_told_once_and_done_later(
    services: Services, gateway: Gateways
) -> None:
    script = Breakable()
    rasa = StandInForRasa(script)
    there = gateway(rasa)
    kept = services.notices.wording.say("kept", "zh")
    assert await there.receive(words("一", "1"), wait=5) == [Outgoing(kept)]
    assert await there.receive(words("二", "2"), wait=5) == []
    script.broken = False
    async with running(there):
        await eventually(lambda: has_text(services, "听到：二"))
    assert await texts(services) == ["听到：一", "听到：二"]


def running(there: TurnGateway) -> Any:
    """The gateway with its sweeper, as inside the application."""
    from contextlib import asynccontextmanager

    return asynccontextmanager(there.run)(None)  # type: ignore[arg-type]


async def test_what_a_dead_gateway_left_is_taken_up(services: Services, gateway: Gateways) -> None:
    dead = gateway(StandInForRasa(echo))
    incoming = words("你好")
    stored_row = await dead._inbox.store(incoming, push=False)
    claimed = await dead._inbox.claim(stored_row.person.conversation)
    assert claimed is not None
    past = clock.now().replace(year=2020)
    async with services.engine.begin() as connection:
        await connection.execute(update(inbox).values(leased_until=past, next_attempt_at=past))
    alive = gateway(StandInForRasa(echo))
    async with running(alive):
        await eventually(lambda: has_text(services, "听到：你好"))
    assert (await dead._inbox.finish(claimed, [Outgoing("too late")])).said is None


async def test_what_always_fails_is_given_up_with_a_word(
    services: Services, gateway: Gateways
) -> None:
    script = Breakable()
    there = gateway(StandInForRasa(script))
    await there.receive(words("你好"), wait=5)
    async with services.engine.begin() as connection:
        await connection.execute(
            update(inbox).values(attempts=20, next_attempt_at=clock.now().replace(year=2020))
        )
    async with running(there):
        await eventually(lambda: is_state(services, "failed"))
    assert services.settings.hotline in (await texts(services))[-1]


async def is_state(services: Services, state: str) -> bool:
    async with services.engine.connect() as connection:
        return (await connection.execute(select(inbox.c.state))).scalar_one() == state


async def test_nothing_is_given_up_while_the_rest_is_down(
    services: Services, gateway: Gateways
) -> None:
    there = gateway(StandInForRasa(Breakable()), Well(False))
    await there.receive(words("你好"), wait=5)
    past = clock.now().replace(year=2020)
    async with services.engine.begin() as connection:
        await connection.execute(update(inbox).values(attempts=20, next_attempt_at=past))
    async with running(there):
        await eventually(lambda: attempts_are(services, 21))
    assert await is_state(services, "received")


async def attempts_are(services: Services, number: int) -> bool:
    async with services.engine.connect() as connection:
        row = (await connection.execute(select(inbox.c.attempts, inbox.c.state))).one()
    return bool(row.attempts == number and row.state == "received")


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "\u3000/admin_secret{}",
        '/grade{"grade": "satisfied"}',
        "/session_start",
        " /back",
    ],
)
async def test_words_are_never_an_intent(services: Services, gateway: Gateways, text: str) -> None:
    rasa = StandInForRasa(echo)
    await gateway(rasa).receive(words(text), wait=5)
    assert rasa.asked == [text]


async def graded(said: str | Intent) -> list[Reply]:
    if isinstance(said, Intent):
        return [Reply(f"{said.name} {said.entities}", ())]
    offers = (
        Offer("满意", '/grade{"grade": "satisfied"}'),
        Offer("不满意", '/grade{"grade": "unsatisfied"}'),
    )
    return [Reply("怎么样？", offers)]


@pytest.mark.parametrize("reply", ["2", "２", "2.", "不满意", "不满意。", " 不满意 "])
async def test_a_digit_or_the_label_is_the_choice(
    services: Services, gateway: Gateways, reply: str
) -> None:
    rasa = StandInForRasa(graded)
    there = gateway(rasa)
    await there.receive(words("评价", "1"), wait=5)
    await there.receive(words(reply, "2"), wait=5)
    assert rasa.asked[-1] == Intent("grade", {"grade": "unsatisfied"})


async def test_a_tap_is_the_choice_and_stays_good(services: Services, gateway: Gateways) -> None:
    rasa = StandInForRasa(graded)
    there = gateway(rasa)
    (message,) = await there.receive(words("评价", "1"), wait=5) or []
    token = message.choices[0].token
    await there.receive(words("别的", "2"), wait=5)
    await there.receive(words("满意", "3", kind=Kind.CHOICE, token=token), wait=5)
    assert rasa.asked[-1] == Intent("grade", {"grade": "satisfied"})


async def test_another_persons_token_means_nothing(services: Services, gateway: Gateways) -> None:
    rasa = StandInForRasa(graded)
    there = gateway(rasa)
    (message,) = await there.receive(words("评价", "1"), wait=5) or []
    stolen = words("x", "2", "openid-zhou", kind=Kind.CHOICE, token=message.choices[0].token)
    (answer,) = await there.receive(stolen, wait=5) or []
    assert answer.text == services.notices.wording.say("choice_gone", "zh")
    assert len(rasa.asked) == 1


async def test_a_long_text_is_cut_for_rasa_and_kept_whole(
    services: Services, gateway: Gateways
) -> None:
    from actions.turn import Turn
    from bot.nlu import TEXT_LIMIT

    long = "等" * 3000
    there = gateway(StandInForRasa(echo))
    await there.receive(words(long), wait=5)
    async with services.engine.connect() as connection:
        row = (await connection.execute(select(inbox.c.id, inbox.c.conversation))).one()
    assert await services.messages.full_text(Turn(row.conversation, str(row.id))) == long
    assert len(long) > TEXT_LIMIT


@pytest.mark.parametrize(
    ("incoming", "asked"),
    [
        ({"kind": Kind.SCAN, "scene": "mdl-xf8x"}, Intent("scan", {"scene": "mdl-xf8x"})),
        ({"kind": Kind.FOLLOW}, Intent("start", {})),
        ({"kind": Kind.MENU, "token": "mine"}, Intent("my_cases", {})),
        (
            {"kind": Kind.MEDIA, "media": Media(MediaKind.IMAGE, "m1")},
            Intent("attach", {"media_kind": "image"}),
        ),
        (
            {"kind": Kind.MEDIA, "media": Media(MediaKind.LOCATION, "", "东门", 38.0, 114.5)},
            Intent(
                "attach",
                {
                    "media_kind": "location",
                    "caption": "东门",
                    "latitude": 38.0,
                    "longitude": 114.5,
                },
            ),
        ),
    ],
)
async def test_events_are_intents(
    services: Services, gateway: Gateways, incoming: dict[str, Any], asked: Intent
) -> None:
    rasa = StandInForRasa(echo)
    await gateway(rasa).receive(words("", **incoming), wait=5)
    assert rasa.asked == [asked]


async def test_who_left_is_not_answered(services: Services, gateway: Gateways) -> None:
    rasa = StandInForRasa(echo)
    there = gateway(rasa)
    assert await there.receive(words("", kind=Kind.UNFOLLOW), wait=5) == []
    assert rasa.asked == []
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(identities.c.state))).scalar_one() == "unsubscribed"
    await there.receive(words("我又来了", "2"), wait=5)
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(identities.c.state))).scalar_one() == "active"


async def test_pushing_the_rest_acts_once(services: Services, gateway: Gateways) -> None:
    there = gateway(StandInForRasa(echo))
    await there.receive(words("你好"), wait=5)
    for _ in range(2):
        await there.push(words("你好"), [Outgoing("其一"), Outgoing("其二")])
    assert await texts(services, "queued") == ["其一", "其二"]


async def test_no_sender_and_no_words_lie_in_the_clear(
    services: Services, gateway: Gateways
) -> None:
    there = gateway(StandInForRasa(echo))
    await there.receive(words("电话 13900000000", sender="openid-secret"), wait=5)
    async with services.engine.connect() as connection:
        for table in (inbox, identities, deliveries):
            for row in (await connection.execute(select(table))).all():
                shown = " ".join(
                    bytes(v).decode("latin-1") if isinstance(v, (bytes, memoryview)) else str(v)
                    for v in row
                )
                assert "openid-secret" not in shown
                assert "13900000000" not in shown
