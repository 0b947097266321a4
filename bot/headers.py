"""What every answer of the gateway carries, also one that no handler of ours wrote."""

from __future__ import annotations

from aiohttp import web

# Pages and files bring their own policy; what is none of them may load nothing and be in no frame.
_LEAST = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


async def on_every_answer(_: web.Request, response: web.StreamResponse) -> None:
    """Adds what is missing, and takes out which software this is."""
    for name, value in _LEAST.items():
        response.headers.setdefault(name, value)
    response.headers.pop("Server", None)
