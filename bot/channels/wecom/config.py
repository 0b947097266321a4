"""What an app in WeCom needs to be connected."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.sealed import is_key
from bot.channels.wire import is_address


@dataclass(frozen=True, slots=True)
class WeComConfig:
    """Settings of one app. Raises ValueError, one sentence, when they cannot work.

    `aes_keys`: the new key, then the old one while keys are being rotated. `freshness`: seconds a
    callback's timestamp may lie before or after our clock.
    """

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    base_url: str = "https://qyapi.weixin.qq.com"
    path: str = "/wecom"
    freshness: int = 300

    def __post_init__(self) -> None:
        for complaint in self._complaints():
            raise ValueError(complaint)

    def _complaints(self) -> list[str]:
        wrong = {
            "The WeCom corp id is empty.": not self.corp_id.strip(),
            "The WeCom agent id must be a number above 0.": self.agent_id <= 0,
            "The WeCom secret is empty.": not self.secret.strip(),
            "The WeCom token is empty: anyone could sign a callback.": not self.token.strip(),
            "WeCom needs an AES key: it always encrypts.": not self.aes_keys,
            "WeCom takes two AES keys at most: the new one, then the old one.": len(self.aes_keys)
            > 2,
            "A WeCom AES key must be 43 letters and digits.": not all(map(is_key, self.aes_keys)),
            "The WeCom freshness window must be above 0 seconds.": self.freshness <= 0,
            f"The WeCom base URL {self.base_url!r} is not an http(s) address.": not is_address(
                self.base_url
            ),
        }
        return [sentence for sentence, is_wrong in wrong.items() if is_wrong]
