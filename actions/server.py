"""The action server: rasa-sdk's executor behind a small HTTP edge of our own.

rasa-sdk's edge has no authentication and answers an error with the whole request, conversation
included. This one wants the shared secret and says nothing of what was asked.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any

import structlog
import uvloop
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import (
    ActionExecutionRejection,
    ActionMissingDomainException,
    ActionNotFoundException,
)

from actions import logs
from actions.bootstrap import Services, bootstrap, install
from actions.memory import settle
from actions.settings import Settings
from actions.watch.endpoints import add_watch
from actions.watch.metrics import Metrics
from actions.watch.readiness import Readiness, checks

_MAX_BODY = 8 * 1024 * 1024  # a conversation with all its events

log = structlog.get_logger()
_EXECUTOR = web.AppKey("executor", ActionExecutor)
_SECRET = web.AppKey("secret", str)
_METRICS = web.AppKey("metrics", Metrics)


def create_app(settings: Settings, wired: Services | None = None) -> web.Application:
    """The server as an application; `wired` replaces the services in tests."""
    app = web.Application(client_max_size=_MAX_BODY)
    app[_SECRET] = f"Bearer {settings.actions_secret.get_secret_value()}"
    executor = ActionExecutor()
    executor.register_package("actions.conversation")
    app[_EXECUTOR] = executor
    services = wired or bootstrap(settings)
    app[_METRICS] = services.metrics
    app.add_routes([web.post("/webhook", _run), web.get("/health", _health)])
    _add_watch(app, services)

    async def serve_with_services(_: web.Application) -> AsyncIterator[None]:
        install(services)
        yield
        install(None)
        if wired is None:
            await services.close()

    app.cleanup_ctx.append(serve_with_services)
    return app


def _add_watch(app: web.Application, services: Services) -> None:
    """`/healthz`, `/readyz` and `/metrics`; this server's port is private as it is."""
    found = checks(services.engine, services.vault, services.redis)
    readiness = Readiness((found["database"], found["keys"]), (found["redis"],))
    token = services.settings.metrics_token.get_secret_value()
    add_watch(app, readiness, services.metrics, services.backlog, token)


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
    with logs.about(_turn(call)):
        started = perf_counter()
        answer, result = await _answered(request.app[_EXECUTOR], name, call)
        _note(request.app, name, result, perf_counter() - started)
    return answer


async def _answered(
    executor: ActionExecutor, name: str, call: dict[str, Any]
) -> tuple[web.Response, str]:
    """The action's answer, and how it went: done, rejected or failed."""
    try:
        result = await executor.run(call)
    except ActionExecutionRejection as error:
        return _refused(400, error.message, error.action_name), "rejected"
    except ActionNotFoundException as error:
        return _refused(404, error.message, error.action_name), "failed"
    except ActionMissingDomainException as error:
        return _refused(449, error.message, error.action_name), "rejected"
    except Exception:
        log.exception("action failed", action=name)
        body = {"error": "action failed", "action_name": name}
        return web.json_response(body, status=500), "failed"
    return web.json_response(result.model_dump() if result else None), "done"


def _turn(call: dict[str, Any]) -> str | None:
    """The id of the message that is being answered, as it is written in the logs."""
    message = (call.get("tracker") or {}).get("latest_message") or {}
    return str(message["message_id"]) if message.get("message_id") else None


def _note(app: web.Application, name: str, result: str, seconds: float) -> None:
    known = name if name in app[_EXECUTOR].actions else "unknown"
    app[_METRICS].actions.labels(known, result).inc()
    app[_METRICS].action_seconds.observe(seconds)
    log.info("action", action=known, result=result, milliseconds=round(seconds * 1000, 1))


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
