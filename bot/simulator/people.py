"""The fictional people and their ids on the platforms."""

from __future__ import annotations

import secrets


class People:
    """Names on one platform and their ids there, made on first use and then kept."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def give(self, name: str, identity: str) -> None:
        self._ids[name] = identity
        self._names[identity] = name

    def identity(self, name: str) -> str | None:
        return self._ids.get(name)

    def name(self, identity: str) -> str | None:
        return self._names.get(identity)

    def all(self) -> dict[str, str]:
        """name → id, in order of first use."""
        return dict(self._ids)


def new_openid() -> str:
    """28 characters, as WeChat makes them."""
    return "o" + secrets.token_urlsafe(24)[:27]


def new_userid() -> str:
    """As companies give them: letters of both cases and digits; WeCom does not mind the case."""
    return f"Jing{secrets.token_hex(4).upper()}"


def new_chat_id() -> int:
    """A private Telegram chat: positive, beyond 32 bits as new accounts are."""
    return 5_000_000_000 + secrets.randbelow(2_500_000_000)


def new_group_id() -> int:
    return -(1_000_000_000 + secrets.randbelow(1_000_000_000))


def new_supergroup_id() -> int:
    return -(1_001_000_000_000 + secrets.randbelow(1_000_000_000))
