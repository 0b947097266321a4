"""The real stack under the dialogues: Rasa with the trained model, the action server, the services.

Rasa is started once per test run; each test has its own database and its own action server on the
port that Rasa knows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from actions.bootstrap import Services, install
from actions.server import create_app
from bot.stack import model
from bot.stack.children import Child, Children
from bot.stack.embedded import free_port
from tests.cast import Cast, Someone
from tests.conftest import Databases, FrozenClock
from tests.dialogue.chat import Chat, Rasa


@pytest.fixture(scope="session")
async def rasa(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Rasa]:
    """A running Rasa server with the model of the present training data."""
    path = model.model_path() if model.is_trained() else model.train()
    nlu, actions = free_port(), free_port()
    logs = tmp_path_factory.mktemp("rasa")
    env = {
        "NLU_SECRET": databases.keys["NLU_SECRET"],
        "ACTIONS_SECRET": databases.keys["ACTIONS_SECRET"],
        "REDIS_URL": databases.redis,
        "ACTIONS_URL": f"http://127.0.0.1:{actions}",
        "PYTHONPATH": str(model.ROOT),
    }
    argv = [str(model.NLU_PYTHON), "-m", "nlu.server", "--port", str(nlu), "--model", str(path)]
    url = f"http://127.0.0.1:{nlu}/webhooks/huiyin"
    children = Children(logs)
    children.start(Child("nlu", argv, env, f"{url}/health", model.ROOT))
    await children.ready("nlu", 180)
    headers = {"Authorization": f"Bearer {databases.keys['NLU_SECRET']}"}
    async with ClientSession(headers=headers) as session:
        yield Rasa(session, url, actions, children.pid("nlu"), Path(logs) / "nlu.log")
    children.stop()


class ActionServer:
    """The real action server; a test may stop and start it."""

    def __init__(self, services: Services, port: int) -> None:
        self._services = services
        self._port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = create_app(self._services.settings, self._services)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            install(None)


@pytest.fixture
async def actions(services: Services, rasa: Rasa) -> AsyncIterator[ActionServer]:
    server = ActionServer(services, rasa.actions_port)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def chat(rasa: Rasa, actions: ActionServer, frozen: FrozenClock) -> Callable[[Someone], Chat]:
    """Opens the conversation of one of the cast."""

    def open_chat(someone: Someone) -> Chat:
        return Chat(rasa, someone.services, someone.conversation)

    return open_chat


@pytest.fixture
def chats(cast: Cast, chat: Callable[[Someone], Chat]) -> Callable[[str], Chat]:
    """The conversation of a member of the cast, by name; always the same one."""
    opened: dict[str, Chat] = {}

    def of(name: str) -> Chat:
        if name not in opened:
            opened[name] = chat(getattr(cast, name))
        return opened[name]

    return of


type Chats = Callable[[str], Chat]
type Play = Callable[..., Awaitable[None]]
