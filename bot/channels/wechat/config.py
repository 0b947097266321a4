"""What an official account needs to be connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from bot.channels.sealed import is_key
from bot.channels.wire import is_address

Mode = Literal["aes", "compat", "plain"]
Account = Literal["service", "subscription"]
MenuStyle = Literal["links", "numbers"]


@dataclass(frozen=True, slots=True)
class WeChatConfig:
    """Settings of one official account. Raises ValueError, one sentence, when they cannot work.

    `aes_keys`: the new key, then the old one while keys are being rotated. `reply_budget`: seconds
    in which an answer must be ready, the platform gives up after 5. `freshness`: seconds a
    callback's timestamp may lie before or after our clock. `template_*` and `notice_*`: the notice
    that goes out when a person has not written for too long; the fields map a field's name to a
    fixed text or to a text with {text} or {time}.
    """

    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(default=(), repr=False)
    mode: Mode = "aes"
    account: Account = "service"
    base_url: str = "https://api.weixin.qq.com"
    picture_url: str = "https://mp.weixin.qq.com"
    path: str = "/wechat"
    reply_budget: float = 4.5
    freshness: int = 300
    menu_style: MenuStyle = "links"
    template_id: str = ""
    template_fields: Mapping[str, str] = field(default_factory=lambda: {"thing1": "{text}"})
    template_url: str = ""
    notice_id: str = ""
    notice_fields: Mapping[str, str] = field(default_factory=lambda: {"thing1": "{text}"})
    notice_page: str = ""

    def __post_init__(self) -> None:
        for complaint in self._complaints():
            raise ValueError(complaint)

    def _complaints(self) -> list[str]:
        wrong = {
            "The WeChat app id is empty.": not self.app_id.strip(),
            "The WeChat token is empty: anyone could sign a callback.": not self.token.strip(),
            f"The WeChat mode is {self.mode!r}; it must be aes, compat or plain.": self.mode
            not in get_args(Mode),
            f"The WeChat account is {self.account!r}; it must be service or subscription.": (
                self.account not in get_args(Account)
            ),
            f"The WeChat menu style is {self.menu_style!r}; it must be links or numbers.": (
                self.menu_style not in get_args(MenuStyle)
            ),
            f"WeChat mode {self.mode} needs an AES key.": self.mode != "plain"
            and not self.aes_keys,
            "WeChat takes two AES keys at most: the new one, then the old one.": len(self.aes_keys)
            > 2,
            "A WeChat AES key must be 43 letters and digits.": not all(map(is_key, self.aes_keys)),
            "The WeChat reply budget must be above 0 and below 5 seconds.": not (
                0 < self.reply_budget < 5
            ),
            "The WeChat freshness window must be above 0 seconds.": self.freshness <= 0,
            f"The WeChat base URL {self.base_url!r} is not an http(s) address.": not is_address(
                self.base_url
            ),
            "No field of the WeChat template takes {text}.": bool(self.template_id)
            and not _says_text(self.template_fields),
            "No field of the WeChat notice takes {text}.": bool(self.notice_id)
            and not _says_text(self.notice_fields),
        }
        return [sentence for sentence, is_wrong in wrong.items() if is_wrong]


def _says_text(fields: Mapping[str, str]) -> bool:
    return any("{text}" in value for value in fields.values())
