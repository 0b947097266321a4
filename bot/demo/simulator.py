"""The fake platforms set up as the counterpart of this installation's settings."""

from __future__ import annotations

from pathlib import Path

from bot.settings import BotSettings
from bot.simulator import (
    FakeSmsConfig,
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
        sms=_sms(settings) if settings.sms_provider else FakeSmsConfig(),
        state_dir=Path(settings.simulator_state) if settings.simulator_state else None,
        journal=Path(settings.simulator_journal) if settings.simulator_journal else None,
    )


def _sms(settings: BotSettings) -> FakeSmsConfig:
    smpp = settings.sms_provider == "smpp"
    return FakeSmsConfig(
        through=settings.sms_provider or "alibaba",
        key_id=settings.sms_key_id,
        key_secret=settings.sms_key_secret.get_secret_value(),
        app_id=settings.sms_app_id,
        sign=settings.sms_sign,
        templates=settings.sms_templates,
        callback_secret=settings.sms_callback_secret.get_secret_value(),
        our_number=settings.smpp_source or FakeSmsConfig().our_number,
        smpp_port=settings.smpp_port if smpp else None,
        smpp_system_id=settings.smpp_system_id,
        smpp_password=settings.smpp_password.get_secret_value(),
    )


def _wecom(settings: BotSettings) -> FakeWeComConfig:
    return FakeWeComConfig(
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id,
        secret=settings.wecom_secret.get_secret_value(),
        token=settings.wecom_token.get_secret_value(),
        aes_key=settings.wecom_aes_keys.get_secret_value().split(",")[0],
    )
