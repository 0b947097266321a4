"""Signing, encrypting and opening, on the platform's side of the line."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException

from bot.simulator.config import FakeWeChatConfig


class BadReplyError(Exception):
    """The gateway's answer cannot be shown; `why` is `garbage`, `forged` or `unencrypted`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Letter:
    """A callback ready to post: the query and the body."""

    query: dict[str, str]
    body: bytes


def sign(*parts: str) -> str:
    """sha1 of the sorted parts, the platform's only signature."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324


class Envelope:
    """Wraps callbacks and opens passive replies in the account's mode."""

    def __init__(self, config: FakeWeChatConfig) -> None:
        self._config = config
        self._crypto = WeChatCrypto(config.token, config.aes_key, config.app_id)

    def verification(self, echo: str, seconds: int) -> dict[str, str]:
        """The query of the URL check."""
        return {**self._signed(seconds), "echostr": echo}

    def wrap(self, fields: str, openid: str, seconds: int) -> Letter:
        """A callback. `fields` is the inside of its `<xml>`; each call signs anew."""
        query = {**self._signed(seconds), "openid": openid}
        plain = f"<xml>{fields}</xml>"
        if self._config.mode == "plain":
            return Letter(query, plain.encode())
        sealed = xmltodict.parse(
            self._crypto.encrypt_message(plain, query["nonce"], query["timestamp"])
        )["xml"]
        query |= {"encrypt_type": "aes", "msg_signature": sealed["MsgSignature"]}
        secret = f"<Encrypt><![CDATA[{sealed['Encrypt']}]]></Encrypt>"
        address = f"<ToUserName><![CDATA[{self._config.original_id}]]></ToUserName>"
        shown = fields if self._config.mode == "compat" else address
        return Letter(query, f"<xml>{shown}{secret}</xml>".encode())

    def open(self, body: bytes) -> dict[str, object] | None:
        """The fields of a passive reply; None for `success` or nothing. Raises BadReplyError."""
        words = body.decode("utf-8", "replace")
        if words in ("", "success"):
            return None
        message = _fields(words)
        if "Encrypt" in message:
            return _fields(self._decrypted(message))
        if self._config.mode == "aes":
            raise BadReplyError("unencrypted")
        return message

    def _decrypted(self, message: dict[str, object]) -> str:
        if self._config.mode == "plain":
            raise BadReplyError("garbage")
        try:
            signature, seconds, nonce = (
                str(message[name]) for name in ("MsgSignature", "TimeStamp", "Nonce")
            )
            plain = self._crypto.decrypt_message(message, signature, seconds, nonce)
        except (InvalidSignatureException, InvalidAppIdException) as error:
            raise BadReplyError("forged") from error
        except Exception as error:  # wechatpy lets struct, base64 and cipher errors through
            raise BadReplyError("garbage") from error
        return str(plain)

    def _signed(self, seconds: int) -> dict[str, str]:
        timestamp, nonce = str(seconds), str(secrets.randbelow(2_000_000_000))
        signature = sign(self._config.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}


def _fields(xml: str) -> dict[str, object]:
    try:
        root = xmltodict.parse(xml)
    except Exception as error:  # expat's error, or xmltodict's refusal of entities
        raise BadReplyError("garbage") from error
    message = root.get("xml")
    if not isinstance(message, dict):
        raise BadReplyError("garbage")
    return message
