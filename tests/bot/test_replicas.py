"""A conversation goes always to the same Rasa, and to another while that one does not answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.health import Health
from bot.nlu import Nlu, TurnFailedError
from bot.replicas import HUNG, REST, Replicas, addresses
from bot.stack.embedded import free_port

A, B, C = "http://a", "http://b", "http://c"
PEOPLE = [f"c{number}" for number in range(300)]


class Hands:
    """A clock whose hands a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


def test_each_conversation_has_one_of_its_own(hands: Hands) -> None:
    replicas = Replicas([A, B, C], hands)
    first = {person: replicas.order(person)[0] for person in PEOPLE}
    assert first == {person: replicas.order(person)[0] for person in PEOPLE}
    assert first == {person: Replicas([C, A, B], hands).order(person)[0] for person in PEOPLE}
    assert min(Counter(first.values()).values()) > len(PEOPLE) / 3 / 2


def test_only_the_conversations_of_one_that_is_away_move(hands: Hands) -> None:
    replicas = Replicas([A, B, C], hands)
    before = {person: replicas.order(person)[0] for person in PEOPLE}
    replicas.away(B, REST)
    during = {person: replicas.order(person)[0] for person in PEOPLE}
    assert {during[person] for person in PEOPLE if before[person] == B} == {A, C}
    assert all(during[person] == before[person] for person in PEOPLE if before[person] != B)
    assert {replicas.order(person)[-1] for person in PEOPLE} == {B}
    hands.now += REST
    assert before == {person: replicas.order(person)[0] for person in PEOPLE}


def test_one_that_hangs_rests_longer(hands: Hands) -> None:
    replicas = Replicas([A, B], hands)
    replicas.away(A, HUNG)
    hands.now += REST
    assert replicas.order("c1")[0] == B


@pytest.mark.parametrize("urls", [[], [A, A]])
def test_none_or_the_same_twice_is_refused(urls: list[str]) -> None:
    with pytest.raises(ValueError, match="each once"):
        Replicas(urls)


def test_addresses_are_separated_by_commas() -> None:
    assert addresses("http://a/, http://b:5005 ,") == ["http://a", "http://b:5005"]


# --- the client -----------------------------------------------------------------------------------


class Rasas:
    """Little Rasas that say who they are."""

    def __init__(self) -> None:
        self.running: list[TestServer] = []
        self.asked: Counter[str] = Counter()

    async def start(self, status: int = 200) -> str:
        async def turn(request: web.Request) -> web.Response:
            await request.json()
            self.asked[url] += 1
            return web.json_response({"replies": [{"text": url}]}, status=status)

        async def health(_: web.Request) -> web.Response:
            return web.json_response({"status": "ok"})

        app = web.Application()
        app.router.add_post("/webhooks/huiyin/turn", turn)
        app.router.add_get("/webhooks/huiyin/health", health)
        server = TestServer(app)
        await server.start_server()
        self.running.append(server)
        url = str(server.make_url("")).rstrip("/")
        return url

    async def close(self) -> None:
        for server in self.running:
            await server.close()


@pytest.fixture
async def rasas() -> AsyncIterator[Rasas]:
    made = Rasas()
    yield made
    await made.close()


async def ask(nlu: Nlu, person: str) -> str:
    (said,) = await nlu.turn(person, "inbox-1", "你好", {})
    return said.text


async def test_the_others_take_over_what_a_dead_one_had(rasas: Rasas) -> None:
    alive, dead = [await rasas.start(), await rasas.start()], f"http://127.0.0.1:{free_port()}"
    nlu = Nlu(",".join([*alive, dead]), "secret", timeout=10)
    said = {person: await ask(nlu, person) for person in PEOPLE}
    assert set(said.values()) == set(alive)
    assert await nlu.missing() == [dead]
    assert await nlu.healthy()
    sentence = await Health(nlu, "http://127.0.0.1:9").rasa_missing()
    assert sentence == f"Rasa does not answer at {dead}; run ./huiyin nlu or check NLU_URL."
    await nlu.close()


async def test_none_there_is_a_failed_turn() -> None:
    nowhere = [f"http://127.0.0.1:{free_port()}" for _ in range(2)]
    nlu = Nlu(",".join(nowhere), "secret", timeout=10)
    with pytest.raises(TurnFailedError, match="ClientConnectorError"):
        await ask(nlu, "c1")
    assert not await nlu.healthy()
    await nlu.close()


async def test_a_turn_that_failed_is_not_asked_of_another(rasas: Rasas) -> None:
    nlu = Nlu(f"{await rasas.start(503)},{await rasas.start(503)}", "secret", timeout=10)
    with pytest.raises(TurnFailedError, match="503"):
        await ask(nlu, "c1")
    assert rasas.asked.total() == 1
    await nlu.close()
