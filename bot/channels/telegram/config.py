"""What a Telegram bot needs to be connected."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import urlsplit

Mode = Literal["webhook", "polling"]


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """Settings of one bot. Raises ValueError, one sentence, when they cannot work.

    `public_url` is where Telegram reaches the gateway, without the path; only a webhook needs it,
    and only a webhook needs `secret_token`, which every update must then carry. Both base URLs end
    right before the token, as in python-telegram-bot.
    """

    token: str = field(repr=False)
    secret_token: str = field(default="", repr=False)
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    mode: Mode = "webhook"
    public_url: str = ""
    path: str = "/telegram"

    def __post_init__(self) -> None:
        for complaint in self._complaints():
            raise ValueError(complaint)

    @property
    def webhook_url(self) -> str:
        return self.public_url.rstrip("/") + self.path

    def _complaints(self) -> list[str]:
        webhook = self.mode == "webhook"
        secret_is_good = re.fullmatch(r"[A-Za-z0-9_-]{1,256}", self.secret_token)
        wrong = {
            "The Telegram token must be the bot's number, a colon and letters.": not re.fullmatch(
                r"[0-9]+:[A-Za-z0-9_-]+", self.token
            ),
            f"The Telegram mode is {self.mode!r}; it must be webhook or polling.": self.mode
            not in get_args(Mode),
            "The Telegram secret must be 1 to 256 letters, digits, _ or -.": webhook
            and not secret_is_good,
            "A Telegram webhook needs the gateway's public URL.": webhook
            and not _is_url(self.public_url),
            f"The Telegram base URL {self.base_url!r} is not an http(s) address.": not _is_url(
                self.base_url
            ),
        }
        return [sentence for sentence, is_wrong in wrong.items() if is_wrong]


def _is_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc)
