"""Settings of the gateway, the worker and the command line; read once, here."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from actions.settings import Settings


class BotSettings(Settings):
    """Adds the platforms and Rasa's address to what the services need."""

    gateway_host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    gateway_port: int = Field(8080, description="Port of the gateway.", ge=1, le=65535)
    public_url: str = Field(
        "", description="The gateway's address as platforms reach it, https://… without a slash."
    )
    nlu_url: str = Field("http://127.0.0.1:5005", description="Address of the Rasa server.")
    nlu_secret: SecretStr = Field(
        description="Shared secret between gateway and Rasa; 16 characters or more."
    )
    turn_timeout: float = Field(
        20.0, description="Seconds that a turn may take in Rasa before it is tried again.", gt=1
    )
    actions_url: str = Field(
        "http://127.0.0.1:5055",
        description="Address of the action server, as Rasa reaches it.",
    )

    wechat_app_id: str = Field("", description="AppID of the official account; empty: no WeChat.")
    wechat_app_secret: SecretStr = Field(SecretStr(""), description="Its AppSecret.")
    wechat_token: SecretStr = Field(
        SecretStr(""), description="The Token typed into the account's server settings."
    )
    wechat_aes_keys: SecretStr = Field(
        SecretStr(""),
        description="EncodingAESKey of the account; while it is being changed: new,old.",
    )
    wechat_mode: Literal["aes", "compat", "plain"] = Field(
        "aes", description="Message encryption as set in the account: aes, compat or plain."
    )
    wechat_base_url: str = Field(
        "https://api.weixin.qq.com", description="Address of the WeChat API, a proxy or a fake."
    )
    wechat_account: Literal["service", "subscription"] = Field(
        "service", description="Kind of official account: service or subscription."
    )
    wechat_reply_budget: float = Field(
        4.5, description="Seconds within which a passive reply is given.", gt=0, le=4.9
    )
    wechat_freshness: int = Field(
        300, description="Seconds by which a callback's timestamp may differ from our clock.", gt=0
    )
    wechat_template_id: str = Field(
        "", description="Template for messages outside the window; empty: none."
    )
    wechat_notice_id: str = Field(
        "", description="Subscription notice for messages outside the window; empty: none."
    )

    telegram_token: SecretStr = Field(
        SecretStr(""), description="Token of the Telegram bot; empty: no Telegram."
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""), description="Secret that Telegram sends with each update."
    )
    telegram_mode: Literal["webhook", "polling"] = Field(
        "webhook", description="webhook, or polling for a machine without a public address."
    )
    telegram_base_url: str = Field(
        "https://api.telegram.org/bot", description="Address of the Bot API, a proxy or a fake."
    )
    telegram_base_file_url: str = Field(
        "https://api.telegram.org/file/bot", description="Address of the Bot API's files."
    )

    @field_validator("nlu_secret")
    @classmethod
    def _nlu_secret(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 16:
            raise ValueError("needs at least 16 characters")
        return value

    @model_validator(mode="after")
    def _whole_platforms(self) -> BotSettings:
        if self.wechat_app_id and not self.wechat_token.get_secret_value():
            raise ValueError("WECHAT_TOKEN is empty but WECHAT_APP_ID is set; set both or neither")
        if self.wechat_app_id and not self.wechat_app_secret.get_secret_value():
            raise ValueError("WECHAT_APP_SECRET is empty but WECHAT_APP_ID is set")
        if self.wechat_app_id and self.wechat_mode != "plain":
            keys = self.wechat_aes_keys.get_secret_value().split(",")
            if any(len(key.strip()) != 43 for key in keys):
                raise ValueError(
                    "WECHAT_AES_KEYS must hold keys of 43 characters, as the account shows them"
                )
        if self.telegram_token.get_secret_value() and self.telegram_mode == "webhook":
            if not self.telegram_secret.get_secret_value():
                raise ValueError("TELEGRAM_SECRET is empty but TELEGRAM_MODE is webhook")
            if not self.public_url:
                raise ValueError("PUBLIC_URL is empty but TELEGRAM_MODE is webhook")
        return self
