"""Settings of the gateway, the worker and the command line; read once, here."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from actions.settings import Settings
from bot.channels.sms.config import ADDRESSES, CloudConfig, SmppConfig, SmsConfig
from bot.channels.sms.templates import read_templates
from bot.channels.telegram.config import TelegramConfig
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wecom.config import WeComConfig
from bot.replicas import Replicas, addresses
from bot.voice.calls import VoiceConfig


class BotSettings(Settings):
    """Adds the platforms and Rasa's address to what the services need."""

    gateway_host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    gateway_port: int = Field(8080, description="Port of the gateway.", ge=1, le=65535)
    watch_host: str = Field(
        "127.0.0.1",
        description="Address of /readyz and /metrics of gateway and worker; not public.",
    )
    gateway_watch_port: int = Field(
        8090, description="Port of the gateway's /readyz and /metrics; 0: none.", ge=0, le=65535
    )
    worker_watch_port: int = Field(
        8091, description="Port of the worker's /readyz and /metrics; 0: none.", ge=0, le=65535
    )
    nlu_url: str = Field(
        "http://127.0.0.1:5005",
        description="Address of the Rasa server. Of several, comma-separated: a conversation goes "
        "always to the same one, and to another while that one does not answer.",
    )
    nlu_secret: SecretStr = Field(
        description="Shared secret between gateway and Rasa; 16 characters or more."
    )
    turn_timeout: float = Field(
        20.0, description="Seconds that a turn may take in Rasa before it is tried again.", gt=1
    )
    messages_a_minute: int = Field(
        60,
        description="Messages of one sender that are taken in a minute; beyond, none for a while.",
        gt=0,
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
    wechat_picture_url: str = Field(
        "https://mp.weixin.qq.com", description="Address that shows the pictures of QR codes."
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
    wechat_menu_style: Literal["links", "numbers"] = Field(
        "links", description="Choices in a reply as tappable links, or as numbers only."
    )
    wechat_template_fields: str = Field(
        "thing1={text}",
        description="The template's fields: name=text;… where {text} and {time} are filled in.",
    )
    wechat_notice_fields: str = Field(
        "thing1={text}", description="The same for the subscription notice."
    )
    wechat_notice_id: str = Field(
        "", description="Subscription notice for messages outside the window; empty: none."
    )

    wecom_corp_id: str = Field("", description="CorpID of the WeCom company; empty: no WeCom.")
    wecom_agent_id: int = Field(0, description="AgentId of the app in WeCom.", ge=0)
    wecom_secret: SecretStr = Field(SecretStr(""), description="The app's Secret.")
    wecom_token: SecretStr = Field(
        SecretStr(""), description="The Token typed into the app's settings for receiving messages."
    )
    wecom_aes_keys: SecretStr = Field(
        SecretStr(""),
        description="EncodingAESKey of the app; while it is being changed: new,old.",
    )
    wecom_base_url: str = Field(
        "https://qyapi.weixin.qq.com", description="Address of the WeCom API, a proxy or a fake."
    )
    wecom_freshness: int = Field(
        300, description="Seconds by which a callback's timestamp may differ from our clock.", gt=0
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

    sms_provider: Literal["", "tencent", "alibaba", "smpp"] = Field(
        "", description="What text messages go through: tencent, alibaba or smpp; empty: none."
    )
    sms_sign: str = Field("", description="The approved signature, which stands in 【】.")
    sms_key_id: str = Field("", description="Tencent's SecretId, Alibaba's AccessKey ID.")
    sms_key_secret: SecretStr = Field(SecretStr(""), description="The key that goes with it.")
    sms_app_id: str = Field("", description="Tencent's SmsSdkAppId.")
    sms_region: str = Field("ap-guangzhou", description="Tencent's region.")
    sms_templates: str = Field(
        "",
        description="The approved templates, one per line: ID=text with {variables}; "
        "SMS_TEMPLATES_FILE names a file of them.",
    )
    sms_base_url: str = Field(
        "", description="Address of the cloud's API, a proxy or a fake; empty: the cloud's own."
    )
    sms_callback_secret: SecretStr = Field(
        SecretStr(""),
        description="Part of the path under which the cloud calls us; 16 characters or more.",
    )
    sms_sources: str = Field(
        "",
        description="Networks from which callbacks are taken, comma-separated; empty: any.",
    )
    sms_fen_per_part: Decimal = Field(Decimal(5), description="Price of one part, in fen.")
    sms_max_parts: int = Field(4, description="Parts that one message may have.", ge=1, le=10)
    sms_ending: str = Field(
        "…全文请在公众号回“进度”查看",
        description="Closes a text message that was too long; says where to read the whole.",
    )
    sms_abroad: bool = Field(False, description="Whether to write to Hong Kong and Macau too.")
    smpp_host: str = Field("", description="Address of the SMSC.")
    smpp_port: int = Field(2775, description="Its port.", ge=1, le=65535)
    smpp_system_id: str = Field("", description="Our system_id there.")
    smpp_password: SecretStr = Field(SecretStr(""), description="Its password, 8 at most.")
    smpp_source: str = Field("", description="Our number, as people see it; digits only.")
    smpp_bind: Literal["pair", "transceiver"] = Field(
        "pair",
        description="pair: the worker binds as transmitter, the gateway as receiver; "
        "transceiver: both as that.",
    )
    smpp_window: int = Field(10, description="Requests without an answer yet.", ge=1, le=1000)
    voice_url: str = Field(
        "", description="Address of the vendor of voice calls; empty: no recorded voice calls."
    )
    voice_key_id: str = Field("", description="Our key's id at that vendor.")
    voice_key_secret: SecretStr = Field(
        SecretStr(""), description="The key; requests and reports are signed with it."
    )
    voice_show_number: str = Field("", description="The number that people see when it rings.")
    voice_template: str = Field(
        "", description="The vendor's approved template, whose one gap takes the question."
    )
    voice_callback_secret: SecretStr = Field(
        SecretStr(""), description="Part of the path of its reports; 16 characters or more."
    )
    web_chat: Literal["on", "off"] = Field(
        "on", description="The web chat at /chat and behind every code, /s/CODE: on or off."
    )
    web_keep_days: int = Field(
        30,
        description="Days after its last message for which a conversation can be read in the "
        "browser; then that copy is deleted.",
        ge=1,
        le=365,
    )
    proxy_hops: int = Field(
        0,
        description="Reverse proxies in front of the gateway; a visitor's address is taken that "
        "far from the end of X-Forwarded-For.",
        ge=0,
        le=5,
    )

    simulator_port: int = Field(8081, description="Port of the fake platforms.", ge=1, le=65535)
    simulator_state: str = Field(
        "", description="Folder in which the fake phones keep their history; empty: nowhere."
    )
    simulator_journal: str = Field(
        "",
        description="File to which the fake phones write every message, a line of JSON each; "
        "empty: nowhere.",
    )

    def channel_configs(self) -> dict[str, object]:
        """The settings of each channel that is connected, by its name in the registry."""
        configs: dict[str, object] = {"console": None}
        if self.wechat_app_id:
            configs["wechat"] = self._wechat()
        if self.wecom_corp_id:
            configs["wecom"] = self._wecom()
        if self.telegram_token.get_secret_value():
            configs["telegram"] = TelegramConfig(
                token=self.telegram_token.get_secret_value(),
                secret_token=self.telegram_secret.get_secret_value(),
                base_url=self.telegram_base_url,
                base_file_url=self.telegram_base_file_url,
                mode=self.telegram_mode,
                public_url=self.public_url,
            )
        if self.sms_provider:
            configs["sms"] = self._sms(self.sms_provider)
        return configs

    def voice_config(self) -> VoiceConfig | None:
        """The vendor of voice calls; None where there is none."""
        if not self.voice_url:
            return None
        return VoiceConfig(
            url=self.voice_url,
            key_id=self.voice_key_id,
            key_secret=self.voice_key_secret.get_secret_value(),
            show_number=self.voice_show_number,
            template=self.voice_template,
            callback_secret=self.voice_callback_secret.get_secret_value(),
        )

    def _sms(self, provider: Literal["tencent", "alibaba", "smpp"]) -> SmsConfig:
        return SmsConfig(
            provider=provider,
            sign=self.sms_sign,
            cloud=None if provider == "smpp" else self._sms_cloud(provider),
            smpp=self._smpp() if provider == "smpp" else None,
            callback_secret=self.sms_callback_secret.get_secret_value(),
            sources=tuple(part.strip() for part in self.sms_sources.split(",") if part.strip()),
            fen_per_part=self.sms_fen_per_part,
            most_parts=self.sms_max_parts,
            ending=self.sms_ending,
            abroad=self.sms_abroad,
        )

    def _sms_cloud(self, provider: str) -> CloudConfig:
        read_templates(self.sms_templates)
        return CloudConfig(
            key_id=self.sms_key_id,
            key_secret=self.sms_key_secret.get_secret_value(),
            base_url=self.sms_base_url or ADDRESSES[provider],
            app_id=self.sms_app_id,
            region=self.sms_region,
            templates=self.sms_templates,
        )

    def _smpp(self) -> SmppConfig:
        return SmppConfig(
            host=self.smpp_host,
            port=self.smpp_port,
            system_id=self.smpp_system_id,
            password=self.smpp_password.get_secret_value(),
            source=self.smpp_source,
            bind=self.smpp_bind,
            window=self.smpp_window,
        )

    def _wecom(self) -> WeComConfig:
        return WeComConfig(
            corp_id=self.wecom_corp_id,
            agent_id=self.wecom_agent_id,
            secret=self.wecom_secret.get_secret_value(),
            token=self.wecom_token.get_secret_value(),
            aes_keys=_keys(self.wecom_aes_keys),
            base_url=self.wecom_base_url,
            freshness=self.wecom_freshness,
        )

    def _wechat(self) -> WeChatConfig:
        return WeChatConfig(
            app_id=self.wechat_app_id,
            app_secret=self.wechat_app_secret.get_secret_value(),
            token=self.wechat_token.get_secret_value(),
            aes_keys=_keys(self.wechat_aes_keys),
            mode=self.wechat_mode,
            account=self.wechat_account,
            base_url=self.wechat_base_url,
            reply_budget=self.wechat_reply_budget,
            freshness=self.wechat_freshness,
            template_id=self.wechat_template_id,
            template_fields=_fields(self.wechat_template_fields),
            notice_id=self.wechat_notice_id,
            notice_fields=_fields(self.wechat_notice_fields),
            menu_style=self.wechat_menu_style,
            picture_url=self.wechat_picture_url,
        )

    @field_validator("nlu_secret")
    @classmethod
    def _nlu_secret(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 16:
            raise ValueError("needs at least 16 characters")
        return value

    @field_validator("nlu_url")
    @classmethod
    def _rasas(cls, value: str) -> str:
        Replicas(addresses(value))
        return value

    @field_validator("voice_callback_secret")
    @classmethod
    def _long_path(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 16:
            raise ValueError("needs at least 16 characters")
        return value

    @model_validator(mode="after")
    def _whole_platforms(self) -> BotSettings:
        """Refuses a platform that is only half set up; the channels check their own settings."""
        # Of the platform's own two, each needs the other; ours may be made before there is one.
        wechat = self._any("wechat_app_id", "wechat_app_secret")
        wecom = self._any("wecom_corp_id", "wecom_agent_id", "wecom_secret")
        needed = {
            "wechat_app_id": wechat,
            "wechat_app_secret": wechat,
            "wechat_token": wechat,
            "wechat_aes_keys": wechat and self.wechat_mode != "plain",
            "wecom_corp_id": wecom,
            "wecom_agent_id": wecom,
            "wecom_secret": wecom,
            "wecom_token": wecom,
            "wecom_aes_keys": wecom,
            "sms_app_id": self.sms_provider == "tencent",
            "telegram_secret": self._telegram_webhook,
            "public_url": self._telegram_webhook,
            **{
                f"voice_{name}": bool(self.voice_url)
                for name in ("key_id", "key_secret", "show_number", "template", "callback_secret")
            },
        }
        lack = [name.upper() for name, need in needed.items() if need and not self._any(name)]
        if lack:
            raise ValueError(f"lack {', '.join(lack)}, which this platform cannot do without")
        self.channel_configs()
        return self

    def _any(self, *names: str) -> bool:
        """Whether at least one of these settings is given."""
        values = (getattr(self, name) for name in names)
        return any(v.get_secret_value() if isinstance(v, SecretStr) else v for v in values)

    @property
    def _telegram_webhook(self) -> bool:
        return bool(self.telegram_token.get_secret_value()) and self.telegram_mode == "webhook"


def _keys(value: SecretStr) -> tuple[str, ...]:
    """`new,old` as keys."""
    return tuple(key.strip() for key in value.get_secret_value().split(",") if key.strip())


def _fields(text: str) -> dict[str, str]:
    """`name=text;name=text` as a dictionary."""
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
