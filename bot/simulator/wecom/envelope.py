"""Signing and sealing callbacks, on the platform's side of the line."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import xmltodict
from wechatpy.crypto import WeChatCrypto

from bot.simulator.config import FakeWeComConfig


@dataclass(frozen=True, slots=True)
class Letter:
    """A callback ready to post: the query and the body."""

    query: dict[str, str]
    body: bytes


class Envelope:
    """Seals with the app's key for the company's id; WeCom has no plain mode."""

    def __init__(self, config: FakeWeComConfig) -> None:
        self._config = config
        self._crypto = WeChatCrypto(config.token, config.aes_key, config.corp_id)

    def verification(self, echo: str, seconds: int) -> dict[str, str]:
        """The query of the URL check."""
        query, sealed = self._sealed(echo, seconds)
        return {**query, "echostr": sealed}

    def wrap(self, xml: str, seconds: int) -> Letter:
        """A callback; each call signs anew."""
        query, sealed = self._sealed(xml, seconds)
        outside = {"ToUserName": self._config.corp_id, "AgentID": str(self._config.agent_id)}
        return Letter(query, to_xml({**outside, "Encrypt": sealed}).encode())

    def _sealed(self, words: str, seconds: int) -> tuple[dict[str, str], str]:
        nonce, timestamp = str(secrets.randbelow(2_000_000_000)), str(seconds)
        message = xmltodict.parse(self._crypto.encrypt_message(words, nonce, timestamp))["xml"]
        query = {
            "msg_signature": str(message["MsgSignature"]),
            "timestamp": timestamp,
            "nonce": nonce,
        }
        return query, str(message["Encrypt"])


def to_xml(fields: dict[str, object]) -> str:
    """Fields as the platform writes them; one whose value is a dictionary holds elements."""
    return f"<xml>{_inside(fields)}</xml>"


def _inside(fields: dict[str, object]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return _inside(value)
    if isinstance(value, int | float):
        return str(value)
    return f"<![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]>"
