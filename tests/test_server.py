"""The action server: who may call it, and what it says when something goes wrong."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from aiohttp.test_utils import TestClient, TestServer
from cryptography.fernet import Fernet
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import logs, server
from actions.bootstrap import Services, bootstrap, services
from actions.settings import Settings, read

SECRET = "secret-of-the-action-server"
WORDS = "我叫李某某，电话 13900000000"


async def greeting(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
    dispatcher.utter_message(text=f"您好，{services().settings.hotline}")
    return []


async def broken(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
    words = tracker.latest_message["text"]
    try:
        raise KeyError(words)
    except KeyError as error:
        raise ValueError(f"{words!r} is not a valid Grade") from error


async def rejecting(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
    raise ActionExecutionRejection("action_rejecting")


@pytest.fixture
async def wired() -> AsyncIterator[Services]:
    """Services that are never asked for anything outside this process."""
    environ = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "DATA_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": "h" * 32,
        "ACTIONS_SECRET": SECRET,
    }
    made = bootstrap(read(Settings, environ))
    yield made
    await made.close()


@pytest.fixture
async def client(wired: Services) -> AsyncIterator[TestClient[Any, Any]]:
    app = server.create_app(wired.settings, wired)
    executor: ActionExecutor = app[server._EXECUTOR]
    executor.register_function("action_greeting", greeting)
    executor.register_function("action_broken", broken)
    executor.register_function("action_rejecting", rejecting)
    headers = {"Authorization": f"Bearer {SECRET}"}
    async with TestClient(TestServer(app), headers=headers) as found:
        yield found


@pytest.fixture
def logged() -> AsyncIterator[io.StringIO]:
    """What is logged, as configured in the real process."""
    written = io.StringIO()
    root, handlers, level = logging.getLogger(), logging.getLogger().handlers[:], logging.root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", written)
        logs.configure("DEBUG", process="test")
        yield written
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)


def call(action: str) -> dict[str, Any]:
    tracker = {
        "sender_id": "c_1",
        "slots": {},
        "latest_message": {"text": WORDS, "message_id": "1"},
        "events": [],
        "paused": False,
        "active_loop": {},
        "latest_action_name": None,
        "latest_input_channel": "huiyin",
        "followup_action": None,
    }
    return {"next_action": action, "tracker": tracker, "domain": {}, "sender_id": "c_1"}


async def test_an_action_runs_with_the_services(client: TestClient[Any, Any]) -> None:
    answer = await client.post("/webhook", json=call("action_greeting"))
    assert answer.status == 200
    hotline = services().settings.hotline
    assert (await answer.json())["responses"][0]["text"] == f"您好，{hotline}"


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong", SECRET, f"Bearer {SECRET} ", "Bearer ü"]
)
async def test_without_the_secret_nothing_runs(client: TestClient[Any, Any], given: str) -> None:
    headers = {"Authorization": given}
    answer = await client.post("/webhook", json=call("action_greeting"), headers=headers)
    assert (answer.status == 401) == (given.strip() != f"Bearer {SECRET}")
    if answer.status == 401:
        assert await answer.json() == {"error": "wrong secret"}


async def test_health_needs_no_secret(client: TestClient[Any, Any]) -> None:
    answer = await client.get("/health", headers={"Authorization": ""})
    assert answer.status == 200


async def test_an_unknown_action_is_404(client: TestClient[Any, Any]) -> None:
    answer = await client.post("/webhook", json=call("action_unheard_of"))
    assert answer.status == 404
    assert (await answer.json())["action_name"] == "action_unheard_of"


async def test_a_rejection_is_400(client: TestClient[Any, Any]) -> None:
    answer = await client.post("/webhook", json=call("action_rejecting"))
    assert answer.status == 400
    assert (await answer.json())["action_name"] == "action_rejecting"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"{}",
        b'{"next_action',
        b'{"next_action": "action_greeting"}',
        b'{"next_action": "action_greeting", "tracker": {}}',
        b"[" * 100_000,
    ],
)
async def test_what_is_no_call_is_400(client: TestClient[Any, Any], body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/webhook", data=body, headers=headers)
    assert answer.status == 400


async def test_a_failing_action_gives_nothing_away(
    client: TestClient[Any, Any], logged: io.StringIO
) -> None:
    answer = await client.post("/webhook", json=call("action_broken"))
    assert answer.status == 500
    assert await answer.json() == {"error": "action failed", "action_name": "action_broken"}
    written = logged.getvalue()
    assert '"action": "action_broken"' in written
    assert "builtins.ValueError" in written  # what failed, and where
    assert "test_server.py" in written
    for secret in ("139", "李某某", SECRET, "c_1"):
        assert secret not in written
        assert secret not in await answer.text()


def test_libraries_errors_are_logged_without_their_words(logged: io.StringIO) -> None:
    try:
        raise RuntimeError(WORDS)
    except RuntimeError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    written = logged.getvalue()
    assert "Error handling request" in written
    assert "builtins.RuntimeError" in written
    assert "139" not in written


async def test_services_are_only_there_while_it_serves(client: TestClient[Any, Any]) -> None:
    assert services().settings.actions_secret.get_secret_value() == SECRET
    await client.close()
    with pytest.raises(LookupError):
        services()
