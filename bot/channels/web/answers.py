"""What goes back to a browser: pages and JSON, each with the headers that keep it safe."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

# Nothing from elsewhere, nothing inline, and our pages in nobody's frame.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAFE = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # stricter, and old browsers post without an origin
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self)",
}
PRIVATE = {**SAFE, "Cache-Control": "private, no-store"}


def page(html: str, status: int = 200) -> web.Response:
    """A page of one visitor; zipped where the browser takes that."""
    response = web.Response(text=html, status=status, content_type="text/html", headers=PRIVATE)
    response.enable_compression()
    return response


def as_json(content: dict[str, Any], status: int = 200) -> web.Response:
    text = json.dumps(content, ensure_ascii=False)
    response = web.Response(
        text=text, status=status, content_type="application/json", headers=PRIVATE
    )
    response.enable_compression()
    return response


def refused(status: int, error: str, retry_after: int = 0) -> web.Response:
    """A request that is not done; the page knows what `error` means."""
    response = as_json({"error": error}, status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def to(path: str) -> web.Response:
    """On to a page of ours, after a form without a script."""
    return web.Response(status=303, headers={**PRIVATE, "Location": path})


def binary(content_type: str, content: bytes) -> web.Response:
    """A picture or a sound of one visitor."""
    headers = {**SAFE, "Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"}
    return web.Response(body=content, content_type=content_type, headers=headers)


def lasting(content_type: str, content: bytes) -> web.Response:
    """A file that pages load, kept by the browser for ever: its address changes with it."""
    headers = {**SAFE, "Cache-Control": "public, max-age=31536000, immutable"}
    return web.Response(body=content, content_type=content_type, charset="utf-8", headers=headers)
