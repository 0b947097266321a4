"""Words with links in them, as the WeChat client shows them."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

from bot.simulator.transcript import Choice

_ANCHOR = re.compile(r"<a\b[^>]*?href=[\"']([^\"']*)[\"'][^>]*>(.*?)</a>", re.S | re.I)


def read_text(raw: str) -> tuple[str, list[dict[str, str]], list[Choice]]:
    """The words as read, their parts ({text}, {text, tap} or {text, href}), the tappable ones."""
    parts: list[dict[str, str]] = []
    choices: list[Choice] = []
    end = 0
    for anchor in _ANCHOR.finditer(raw):
        parts.append({"text": raw[end : anchor.start()]})
        label, target = anchor[2], html.unescape(anchor[1])
        if menu := _menu_link(target):
            content, key = menu
            choices.append(Choice(content or label, key, "link"))
            parts.append({"text": label, "tap": key})
        else:
            parts.append({"text": label, "href": target})
        end = anchor.end()
    parts.append({"text": raw[end:]})
    parts = [part for part in parts if part["text"]]
    return "".join(part["text"] for part in parts), parts, choices


def _menu_link(target: str) -> tuple[str, str] | None:
    """(content, id) of a `weixin://bizmsgmenu?…` link."""
    if not target.startswith("weixin://bizmsgmenu"):
        return None
    query = parse_qs(urlsplit(target).query)
    return query.get("msgmenucontent", [""])[0], query.get("msgmenuid", [""])[0]
