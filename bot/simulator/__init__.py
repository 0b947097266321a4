"""The fake platforms: little servers that speak WeChat's, WeCom's and Telegram's protocols, and those of
text-message gateways.

They are peers of the gateway, not parts of it: nothing here imports `bot.channels`, and the
gateway knows them only by the base URLs in its settings.
"""

from bot.simulator.app import build_simulator
from bot.simulator.config import (
    FakeSmsConfig,
    FakeTelegramConfig,
    FakeWeChatConfig,
    FakeWeComConfig,
    SimulatorConfig,
)

__all__ = [
    "FakeSmsConfig",
    "FakeTelegramConfig",
    "FakeWeChatConfig",
    "FakeWeComConfig",
    "SimulatorConfig",
    "build_simulator",
]
