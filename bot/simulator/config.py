"""What a simulator is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Mode = Literal["aes", "compat", "plain"]
AccountKind = Literal["service", "subscription"]

# Daily calls of a new, verified service account (protocol: "Daily quotas").
DAILY_CALLS: dict[str, int] = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
}


@dataclass(frozen=True, slots=True)
class FakeWeChatConfig:
    """One official account. `answer_within` and `resend_after` are seconds.

    A callback without an answer is cut after `answer_within`; the next attempt starts
    `resend_after` seconds after the one before it started (or at once if that has passed).
    `text_limit` is in UTF-8 bytes, for passive replies and customer messages alike.
    """

    app_id: str = "wx0000000000demo01"
    app_secret: str = "0123456789abcdef0123456789abcdef"  # noqa: S105 - a fake's fake
    token: str = "huiyin-demo"  # noqa: S105
    aes_key: str = "0123456789012345678901234567890123456789ABC"
    mode: Mode = "aes"
    original_id: str = "gh_000000000000"
    name: str = "平安回音"
    account: AccountKind = "service"
    callback_path: str = "/wechat"
    answer_within: float = 5.0
    resend_after: float = 5.0
    resends: int = 3
    text_limit: int = 2048
    daily_calls: dict[str, int] = field(default_factory=lambda: dict(DAILY_CALLS))
    calls_per_minute: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FakeTelegramConfig:
    """One bot. With `webhook_url` the webhook is there from the start, with `secret_token`.

    `retry_after`: seconds before an update is posted again, doubled each time up to a minute.
    `private_per_second` turns on the soft limit of one message a second in a private chat;
    `per_second` is how many the bot may send to everybody.
    """

    bot_token: str = "7000000001:AAfake-token-of-the-demo-bot-0000000"  # noqa: S105
    secret_token: str = "huiyin-demo-secret"  # noqa: S105
    webhook_url: str = ""
    name: str = "回音 · 办件"
    username: str = "huiyin_demo_bot"
    answer_within: float = 10.0
    retry_after: float = 1.0
    private_per_second: bool = False
    group_per_minute: int = 20
    per_second: int = 30


@dataclass(frozen=True, slots=True)
class FakeWeComConfig:
    """One app of one company. `*_within` and `resend_after` are seconds.

    The check of the address is cut after `verify_within`, a callback after `answer_within`; one
    without a 200 is posted again, `resend_after` seconds after the attempt before it started.
    `per_minute` and `per_hour`: messages that one member gets; more are dropped silently.
    """

    corp_id: str = "ww0000000000demo01"
    agent_id: int = 1000002
    secret: str = "fake-secret-of-the-demo-app-000000000000000"  # noqa: S105
    token: str = "huiyin-demo"  # noqa: S105
    aes_key: str = "9876543210987654321098765432109876543210CBA"
    name: str = "回音 · 办件"
    callback_path: str = "/wecom"
    verify_within: float = 1.0
    answer_within: float = 5.0
    resend_after: float = 5.0
    resends: int = 3
    per_minute: int = 30
    per_hour: int = 1000


@dataclass(frozen=True, slots=True)
class FakeSmsConfig:
    """A number of ours at two clouds and at an SMSC, all of one carrier.

    `through`: where what is written back goes. `templates`: lines of `ID=text with {variables}`,
    approved at both clouds. `answer_within` and `resend_after` are seconds; a callback that is not
    taken is posted again `resends` times. `per_hour`, `per_day`: messages that one number gets.
    `balance` in fen. `smpp_port` None: no SMSC; 0: a free port. `smpp_per_second`: messages that
    the SMSC takes from us.
    """

    through: Literal["tencent", "alibaba", "smpp"] = "alibaba"
    key_id: str = "AKIDfake0000000000000"
    key_secret: str = "fake-secret-of-the-demo-sms"  # noqa: S105 - a fake's fake
    app_id: str = "1400000000"
    sign: str = "平安回音"
    templates: str = "T1={text}"
    callback_secret: str = "fake-callback-secret"  # noqa: S105
    answer_within: float = 0.7
    resend_after: float = 1.0
    resends: int = 3
    per_hour: int = 60
    per_day: int = 200
    balance: int = 1_000_000
    our_number: str = "1069000000000000"
    smpp_port: int | None = None
    smpp_system_id: str = "huiyin"
    smpp_password: str = "fakepass"  # noqa: S105
    smpp_per_second: int = 1000


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """The platforms, the gateway they call, and where the phones' memory is kept.

    `gateway_url` has no trailing slash. Port 0 takes a free one. Without `state_dir` everything
    is forgotten at the end. `journal` keeps every message of every phone, a line of JSON each; the
    phones themselves keep only the last ones. `cast` replaces the fictional cast of the demo page.
    """

    host: str = "127.0.0.1"
    port: int = 8081
    gateway_url: str = "http://127.0.0.1:8080"
    wechat: FakeWeChatConfig = field(default_factory=FakeWeChatConfig)
    telegram: FakeTelegramConfig = field(default_factory=FakeTelegramConfig)
    wecom: FakeWeComConfig = field(default_factory=FakeWeComConfig)
    sms: FakeSmsConfig = field(default_factory=FakeSmsConfig)
    state_dir: Path | None = None
    journal: Path | None = None
    cast: dict[str, Any] | None = None
