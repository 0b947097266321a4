"""The action server: rasa-sdk's executor behind a small HTTP edge of our own.

rasa-sdk's edge has no authentication and answers an error with the whole request, conversation
included. This one wants the shared secret and says nothing of what was asked.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator

import structlog
import uvloop
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import (
    ActionExecutionRejection,
    ActionMissingDomainException,
    ActionNotFoundException,
)

from actions.bootstrap import Services, bootstrap, install
from actions.memory import settle
from actions.settings import Settings

_MAX_BODY = 8 * 1024 * 1024  # a conversation with all its events

log = structlog.get_logger()
_EXECUTOR = web.AppKey("executor", ActionExecutor)
_SECRET = web.AppKey("secret", str)


def create_app(settings: Settings, wired: Services | None = None) -> web.Application:
    """The server as an application; `wired` replaces the services in tests."""
    app = web.Application(client_max_size=_MAX_BODY)
    app[_SECRET] = f"Bearer {settings.actions_secret.get_secret_value()}"
    executor = ActionExecutor()
    executor.register_package("actions.conversation")
    app[_EXECUTOR] = executor
    app.add_routes([web.post("/webhook", _run), web.get("/health", _health)])

    async def serve_with_services(_: web.Application) -> AsyncIterator[None]:
        services = wired or bootstrap(settings)
        install(services)
        yield
        install(None)
        if wired is None:
            await services.close()

    app.cleanup_ctx.append(serve_with_services)
    return app


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _run(request: web.Request) -> web.Response:
    """Runs one action. 4xx as Rasa understands them; 500 with nothing but the action's name."""
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, request.app[_SECRET].encode()):
        return web.json_response({"error": "wrong secret"}, status=401)
    try:
        call = await request.json()
        name = str(call["next_action"])
        str(call["tracker"]["sender_id"])
    except (ValueError, TypeError, KeyError, LookupError, RecursionError):
        return _refused(400, "not a call of an action", "")
    try:
        result = await request.app[_EXECUTOR].run(call)
    except ActionExecutionRejection as error:
        return _refused(400, error.message, error.action_name)
    except ActionNotFoundException as error:
        return _refused(404, error.message, error.action_name)
    except ActionMissingDomainException as error:
        return _refused(449, error.message, error.action_name)
    except Exception:
        log.exception("action failed", action=name)
        return web.json_response({"error": "action failed", "action_name": name}, status=500)
    return web.json_response(result.model_dump() if result else None)


def _refused(status: int, message: str, action: str) -> web.Response:
    return web.json_response({"error": message, "action_name": action}, status=status)


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM."""
    app = create_app(settings)
    app.on_startup.append(settle)
    web.run_app(
        app,
        host=settings.actions_host,
        port=settings.actions_port,
        print=None,
        access_log=None,
        loop=uvloop.new_event_loop(),
    )
