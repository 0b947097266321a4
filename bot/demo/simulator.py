"""The fake platforms set up as the counterpart of this installation's settings."""

from __future__ import annotations

from pathlib import Path

from bot.settings import BotSettings
from bot.simulator import (
    FakeTelegramConfig,
    FakeWeChatConfig,
    FakeWeComConfig,
    SimulatorConfig,
)


def simulator_config(settings: BotSettings) -> SimulatorConfig:
    """Platforms that know the same tokens and keys as the gateway does."""
    return SimulatorConfig(
        port=settings.simulator_port,
        gateway_url=f"http://127.0.0.1:{settings.gateway_port}",
        wechat=FakeWeChatConfig(
            app_id=settings.wechat_app_id,
            app_secret=settings.wechat_app_secret.get_secret_value(),
            token=settings.wechat_token.get_secret_value(),
            aes_key=settings.wechat_aes_keys.get_secret_value().split(",")[0],
            mode=settings.wechat_mode,
        ),
        telegram=FakeTelegramConfig(
            bot_token=settings.telegram_token.get_secret_value(),
            secret_token=settings.telegram_secret.get_secret_value(),
        ),
        wecom=_wecom(settings) if settings.wecom_corp_id else FakeWeComConfig(),
        state_dir=Path(settings.simulator_state) if settings.simulator_state else None,
    )


def _wecom(settings: BotSettings) -> FakeWeComConfig:
    return FakeWeComConfig(
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id,
        secret=settings.wecom_secret.get_secret_value(),
        token=settings.wecom_token.get_secret_value(),
        aes_key=settings.wecom_aes_keys.get_secret_value().split(",")[0],
    )
