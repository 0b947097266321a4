"""What the text-message channel needs to be connected."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from bot.channels.wire import is_address

Provider = Literal["tencent", "alibaba", "smpp"]
ADDRESSES = {
    "tencent": "https://sms.tencentcloudapi.com",
    "alibaba": "https://dysmsapi.aliyuncs.com",
}
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,128}")


@dataclass(frozen=True, slots=True)
class CloudConfig:
    """An account at a cloud. `app_id` and `region` are Tencent's. Raises ValueError.

    `templates`: lines of `ID=the approved text, with {variables}`.
    """

    key_id: str
    key_secret: str = field(repr=False)
    base_url: str
    app_id: str = ""
    region: str = "ap-guangzhou"
    templates: str = ""

    def __post_init__(self) -> None:
        wrong = {
            "The SMS key id is empty.": not self.key_id.strip(),
            "The SMS key secret is empty.": not self.key_secret.strip(),
            f"The SMS base URL {self.base_url!r} is not an http(s) address.": not is_address(
                self.base_url
            ),
        }
        for sentence, is_wrong in wrong.items():
            if is_wrong:
                raise ValueError(sentence)


@dataclass(frozen=True, slots=True)
class SmppConfig:
    """A line to an SMSC. Raises ValueError.

    `bind`: pair binds as transmitter where messages are sent and as receiver where they come in;
    transceiver binds as that in both places. `window`: requests without an answer yet.
    """

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    source: str
    bind: Literal["pair", "transceiver"] = "pair"
    window: int = 10
    enquire_seconds: float = 30
    answer_seconds: float = 10

    def __post_init__(self) -> None:
        wrong = {
            "The SMPP host is empty.": not self.host.strip(),
            "The SMPP system id is empty or longer than 15 characters.": not (
                0 < len(self.system_id) <= 15
            ),
            "The SMPP password is longer than 8 characters.": len(self.password) > 8,
            "The SMPP source must be our number, digits only.": not self.source.isdecimal(),
        }
        for sentence, is_wrong in wrong.items():
            if is_wrong:
                raise ValueError(sentence)


@dataclass(frozen=True, slots=True)
class SmsConfig:
    """Settings of the channel. Raises ValueError, one sentence, when they cannot work.

    `sign` stands in 【】 before every message; an SMPP line may have none, where the SMSC adds it.
    `fen_per_part`: the price of a part, in fen.
    `sources`: networks from which callbacks are taken; none: any. `ending` closes a message that
    was too long and says where the rest is. `abroad`: whether to send to Hong Kong and Macau.
    """

    provider: Provider
    sign: str
    cloud: CloudConfig | None = None
    smpp: SmppConfig | None = None
    callback_secret: str = field(default="", repr=False)
    sources: tuple[str, ...] = ()
    fen_per_part: Decimal = Decimal(5)
    most_parts: int = 4
    ending: str = "…全文请在公众号回“进度”查看"
    abroad: bool = False

    def __post_init__(self) -> None:
        for complaint in self._complaints():
            raise ValueError(complaint)

    @property
    def path(self) -> str:
        """Under which the cloud calls us."""
        return f"/sms/{self.callback_secret}"

    @property
    def networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        return tuple(ipaddress.ip_network(source, strict=False) for source in self.sources)

    def _complaints(self) -> list[str]:
        cloud = self.provider != "smpp"
        wrong = {
            "The SMS signature is empty; it is what stands in 【】.": cloud
            and not self.sign.strip("【】 "),
            "The SMS signature is longer than 20 characters.": len(self.sign) > 20,
            "The SMS cloud's keys are missing.": cloud and self.cloud is None,
            "The SMPP line's settings are missing.": not cloud and self.smpp is None,
            "The SMS callback secret must be 16 letters or digits or more: it is all that "
            "keeps strangers out.": cloud and not _SECRET.fullmatch(self.callback_secret),
            "The SMS price of a part must not be below 0.": self.fen_per_part < 0,
            "SMS messages may have 1 to 10 parts.": not 1 <= self.most_parts <= 10,
        }
        found = [sentence for sentence, is_wrong in wrong.items() if is_wrong]
        return found + [
            f"{source!r} is no network from which SMS callbacks could come."
            for source in self.sources
            if not _is_network(source)
        ]


def _is_network(source: str) -> bool:
    try:
        ipaddress.ip_network(source, strict=False)
    except ValueError:
        return False
    return True
