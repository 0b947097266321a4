"""What the account sends, turned into what the follower's phone shows."""

from __future__ import annotations

from typing import Any

from bot.simulator.transcript import Choice, Entry
from bot.simulator.wechat.account import CHANNEL, Account, Follower
from bot.simulator.wechat.errors import PlatformError
from bot.simulator.wechat.markup import read_text

# Characters that the fields of templates take, by their type.
FIELDS = {"thing": 20, "const": 20, "short_thing": 5, "phrase": 5, "name": 10, "symbol": 5}
FIELDS |= {"character_string": 32, "letter": 32, "phone_number": 17}
TROUBLE = "该公众号提供的服务出现故障，请稍后再试"


def show_text(account: Account, follower: Follower, raw: object, via: str) -> Entry:
    """Raises 44004 for no words, 45002 for too many bytes."""
    content = str(raw or "")
    if not content.strip():
        raise PlatformError(44004)
    if len(content.encode()) > account.config.text_limit:
        raise PlatformError(45002)
    text, parts, choices = read_text(content)
    return received(account, follower, text=text, parts=parts, choices=choices, via=via)


def show_media(account: Account, follower: Follower, kind: str, key: object, via: str) -> Entry:
    """A picture or voice of the account. Raises 40007 when it is not there any more."""
    item = account.media(key)
    return received(account, follower, kind=kind, media=item.key, via=via)


def show_menu(account: Account, follower: Follower, menu: dict[str, Any], via: str) -> Entry:
    """A menu message: head, items to tap, tail."""
    rows = menu.get("list")
    if not isinstance(rows, list) or not rows:
        raise PlatformError(40035, "msgmenu.list")
    choices = [
        Choice(str(row.get("content", "")), str(row.get("id", "")), "menu", number)
        for number, row in enumerate(rows)
    ]
    if not all(choice.label and choice.key for choice in choices):
        raise PlatformError(40035, "msgmenu.list")
    head, parts, _ = read_text(str(menu.get("head_content") or ""))
    tail = str(menu.get("tail_content") or "")
    return received(
        account, follower, kind="menu", text=head, parts=parts, choices=choices, tail=tail, via=via
    )


def show_news(account: Account, follower: Follower, articles: list[Any], via: str) -> Entry:
    """Articles as cards; the title and the description as words."""
    words = [f"{a.get('Title', '')}\n{a.get('Description', '')}".strip() for a in articles]
    parts = [
        {"text": text, "href": str(article.get("Url") or "")}
        for text, article in zip(words, articles, strict=True)
    ]
    return received(account, follower, kind="card", text="\n\n".join(words), parts=parts, via=via)


def show_card(account: Account, follower: Follower, request: dict[str, Any], via: str) -> Entry:
    """A template message or a subscription notice: one line for each value.

    Raises 47003 for a value that is longer than its field.
    """
    data = request.get("data") or {}
    for name, value in data.items():
        most = FIELDS.get(name.rstrip("0123456789"))
        if most is not None and len(str(value.get("value", ""))) > most:
            raise PlatformError(47003, f"data.{name}.value")
    lines = [str(value.get("value", "")) for value in data.values()]
    link = str(request.get("url") or request.get("page") or "")
    parts = [{"text": "\n".join(lines), **({"href": link} if link else {})}]
    return received(account, follower, kind="card", text="\n".join(lines), parts=parts, via=via)


def show_trouble(account: Account, follower: Follower) -> Entry:
    """The platform's grey line when the service behind the account does not answer properly."""
    return account.transcript.add(CHANNEL, follower.name, "notice", text=TROUBLE, via="platform")


def received(account: Account, follower: Follower, **fields: Any) -> Entry:
    return account.transcript.add(CHANNEL, follower.name, "received", **fields)
