"""`/healthz`, `/readyz` and `/metrics` of a part, on a port that the public does not reach."""

from __future__ import annotations

import hmac
import ipaddress

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from actions.watch.backlog import Backlog
from actions.watch.metrics import Metrics
from actions.watch.readiness import Readiness


def add_live(app: web.Application) -> None:
    """`/healthz`: this process answers; nothing else is asked."""

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app.router.add_get("/healthz", live)


def add_watch(
    app: web.Application, readiness: Readiness, metrics: Metrics, backlog: Backlog, token: str
) -> None:
    """All three. `/readyz` is 200 while the part can work and 503 while it cannot.

    `/metrics` is for this machine only, or with `token` for whoever brings it as a bearer.
    """
    add_live(app)

    async def ready(_: web.Request) -> web.Response:
        found = await readiness.look()
        body = {"status": found.status, "missing": found.missing, "limited": found.limited}
        return web.json_response(body, status=200 if found.ready else 503)

    async def numbers(request: web.Request) -> web.Response:
        if not _may_read(request, token):
            return web.json_response({"error": "METRICS_TOKEN is wanted"}, status=401)
        await backlog.look()
        body = generate_latest(metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", numbers)


def _may_read(request: web.Request, token: str) -> bool:
    if token:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    return ipaddress.ip_address(request.remote or "::").is_loopback


def counting(metrics: Metrics) -> Middleware:
    """Counts a server's answers by route and status; addresses that nobody knows are one route."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        status = 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as answer:
            status = answer.status
            raise
        finally:
            metrics.responses.labels(route_of(request), status).inc()
        return response

    return count


def route_of(request: web.Request) -> str:
    """The route as it is declared: a secret or a number in a path stands in a gap, untold."""
    resource = request.match_info.route.resource
    return "none" if resource is None else resource.canonical
