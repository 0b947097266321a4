"""Text messages: through Tencent Cloud, Alibaba Cloud or an SMPP 3.4 line."""

from bot.channels.sms.channel import SmsChannel
from bot.channels.sms.config import CloudConfig, SmppConfig, SmsConfig

__all__ = ["CloudConfig", "SmppConfig", "SmsChannel", "SmsConfig"]
