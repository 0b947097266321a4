"""Who asks: the visitor's cookie, the language, the address, and whether our own page asks."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web.behind import WebConfig

LANGUAGES = ("zh", "en")
LANGUAGE_COOKIE = "huiyin_language"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_YEAR = 365 * 24 * 3600


def new_token() -> str:
    """128 random bits."""
    return secrets.token_hex(16)


def sender_of(token: str) -> str:
    """The visitor's id in the channel: whoever reads it cannot make the cookie from it."""
    return hashlib.sha256(f"huiyin-web:{token}".encode()).hexdigest()


def cookie_name(config: WebConfig) -> str:
    """With https no other host and no path can set it."""
    return "__Host-huiyin" if config.secure else "huiyin"


def token_of(request: web.Request, config: WebConfig) -> str | None:
    """The visitor's token, None without a cookie of ours."""
    token = request.cookies.get(cookie_name(config), "")
    return token if _TOKEN.fullmatch(token) else None


def give_token(response: web.StreamResponse, token: str, config: WebConfig) -> None:
    """Lets the browser keep the token, from now for as long as its conversation is kept."""
    response.set_cookie(
        cookie_name(config),
        token,
        max_age=config.keep_days * 24 * 3600,
        path="/",
        httponly=True,
        secure=config.secure,
        samesite="Lax",
    )


def forget_token(response: web.StreamResponse, config: WebConfig) -> None:
    response.del_cookie(
        cookie_name(config), path="/", secure=config.secure, httponly=True, samesite="Lax"
    )


def give_language(response: web.StreamResponse, language: str, config: WebConfig) -> None:
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=_YEAR,
        path="/",
        httponly=True,
        secure=config.secure,
        samesite="Lax",
    )


def language_of(request: web.Request) -> str:
    """zh or en: as chosen before, else as the browser prefers, else Chinese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    preferred = request.headers.get("Accept-Language", "zh").strip().lower()
    return "zh" if preferred.startswith(("zh", "*")) or not preferred else "en"


def address_of(request: web.Request, config: WebConfig) -> str:
    """Where the request comes from; an IPv6 address as its /64, which is one household."""
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    address = request.remote or ""
    if config.proxy_hops and len(forwarded) >= config.proxy_hops:
        address = forwarded[-config.proxy_hops].strip()
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))


def is_from_our_page(request: web.Request, config: WebConfig) -> bool:
    """Whether a POST comes from a page of ours: by Sec-Fetch-Site, else by Origin, else Referer.

    Every browser sends one of them with a POST; a foreign page cannot forge any.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        host = urlsplit(source).netloc
    except ValueError:  # "http://["
        return False
    return bool(host) and host in {request.host, urlsplit(config.public_url).netloc}
