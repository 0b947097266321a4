"""`python -m bot.simulator`: the fake platforms alone."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from aiohttp import web

from bot.simulator import (
    FakeTelegramConfig,
    FakeWeChatConfig,
    FakeWeComConfig,
    SimulatorConfig,
    build_simulator,
)

SHUTDOWN = 2.0  # seconds for requests under way


def parse(arguments: list[str] | None = None) -> SimulatorConfig:
    """The command line as a configuration; what is not given keeps its default."""
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--gateway", default="http://127.0.0.1:8080", metavar="URL")
    parser.add_argument("--state-dir", type=Path, metavar="FOLDER")
    parser.add_argument("--cast", type=Path, metavar="FILE", help="people and codes, as JSON")
    wechat, telegram = FakeWeChatConfig(), FakeTelegramConfig()
    parser.add_argument("--wechat-app-id", default=wechat.app_id)
    parser.add_argument("--wechat-app-secret", default=wechat.app_secret)
    parser.add_argument("--wechat-token", default=wechat.token)
    parser.add_argument("--wechat-aes-key", default=wechat.aes_key)
    parser.add_argument("--wechat-mode", default=wechat.mode, choices=("aes", "compat", "plain"))
    parser.add_argument("--wechat-original-id", default=wechat.original_id)
    parser.add_argument("--telegram-bot-token", default=telegram.bot_token)
    parser.add_argument("--telegram-secret-token", default=telegram.secret_token)
    parser.add_argument("--telegram-webhook", default="", metavar="URL")
    wecom = FakeWeComConfig()
    parser.add_argument("--wecom-corp-id", default=wecom.corp_id)
    parser.add_argument("--wecom-agent-id", type=int, default=wecom.agent_id)
    parser.add_argument("--wecom-secret", default=wecom.secret)
    parser.add_argument("--wecom-token", default=wecom.token)
    parser.add_argument("--wecom-aes-key", default=wecom.aes_key)
    given = parser.parse_args(arguments)
    return SimulatorConfig(
        host=given.host,
        port=given.port,
        gateway_url=given.gateway.rstrip("/"),
        wechat=FakeWeChatConfig(
            app_id=given.wechat_app_id,
            app_secret=given.wechat_app_secret,
            token=given.wechat_token,
            aes_key=given.wechat_aes_key,
            mode=given.wechat_mode,
            original_id=given.wechat_original_id,
        ),
        telegram=FakeTelegramConfig(
            bot_token=given.telegram_bot_token,
            secret_token=given.telegram_secret_token,
            webhook_url=given.telegram_webhook,
        ),
        wecom=FakeWeComConfig(
            corp_id=given.wecom_corp_id,
            agent_id=given.wecom_agent_id,
            secret=given.wecom_secret,
            token=given.wecom_token,
            aes_key=given.wecom_aes_key,
        ),
        state_dir=given.state_dir,
        cast=json.loads(given.cast.read_text(encoding="utf-8")) if given.cast else None,
    )


async def _application(config: SimulatorConfig) -> web.Application:
    return build_simulator(config)


def main() -> None:
    config = parse()
    web.run_app(_application(config), host=config.host, port=config.port, shutdown_timeout=SHUTDOWN)


if __name__ == "__main__":
    main()
