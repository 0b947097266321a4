"""Words with entities, as the Bot API reads them. HTML is checked; Markdown is shown as it is."""

from __future__ import annotations

import html
import re
from typing import Any

from bot.simulator.telegram.errors import bad_request

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>|<")
_HREF = re.compile(r"href\s*=\s*[\"']([^\"']*)[\"']")
_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
}


def utf16(text: str) -> int:
    """The length of `text` in the Bot API's unit."""
    return len(text.encode("utf-16-le")) // 2


def read_formatted(raw: str, parse_mode: str) -> tuple[str, list[dict[str, Any]]]:
    """The words as shown and their entities. Raises 400 for HTML that Telegram refuses."""
    if parse_mode.lower() == "html":
        return _read_html(raw)
    return raw, []


def _read_html(raw: str) -> tuple[str, list[dict[str, Any]]]:
    text, end = "", 0
    entities: list[dict[str, Any]] = []
    open_tags: list[tuple[str, int, str]] = []
    for tag in _TAG.finditer(raw):
        text += html.unescape(raw[end : tag.start()])
        end = tag.end()
        name = (tag[2] or "").lower()
        offset = len(raw[: tag.start()].encode())
        if name not in _KINDS:
            raise _cannot(f'Unsupported start tag "{name}" at byte offset {offset}')
        if not tag[1]:
            link = _HREF.search(tag[3] or "")
            open_tags.append((name, utf16(text), link[1] if link else ""))
            continue
        if not open_tags or open_tags[-1][0] != name:
            raise _cannot(f'Unexpected end tag at byte offset {offset}, expected "</{name}>"')
        _, start, target = open_tags.pop()
        entity = {"type": _KINDS[name], "offset": start, "length": utf16(text) - start}
        entities.append(entity | ({"url": target} if name == "a" else {}))
    if open_tags:
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    text += html.unescape(raw[end:])
    return text, sorted(entities, key=lambda entity: entity["offset"])


def _cannot(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")


def cut_parts(text: str, entities: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The words cut where a style or a link begins or ends (nested ones: the outer counts)."""
    units = text.encode("utf-16-le")
    parts: list[dict[str, str]] = []
    end = 0
    for entity in entities:
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        if start < end:
            continue
        parts.append({"text": _slice(units, end, start)})
        parts.append(
            {"text": _slice(units, start, stop)}
            | ({"href": entity["url"]} if "url" in entity else {"style": entity["type"]})
        )
        end = stop
    parts.append({"text": _slice(units, end, len(units) // 2)})
    return [part for part in parts if part["text"]]


def _slice(units: bytes, start: int, stop: int) -> str:
    return units[start * 2 : stop * 2].decode("utf-16-le")


def find_commands(text: str) -> list[dict[str, Any]]:
    """The `bot_command` entities of a person's message; clients mark them, bots rely on it."""
    return _find("bot_command", r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?", text)


def find_mentions(text: str) -> list[dict[str, Any]]:
    """The `mention` entities of a person's message."""
    return _find("mention", r"(?<!\w)@[A-Za-z]\w{4,31}", text)


def _find(kind: str, pattern: str, text: str) -> list[dict[str, Any]]:
    return [
        {"type": kind, "offset": utf16(text[: match.start()]), "length": len(match[0])}
        for match in re.finditer(pattern, text)
    ]
