"""The WeChat platform's side of a callback, written apart from our code: it signs and seals."""

from __future__ import annotations

import base64
import hashlib
import struct
from typing import Any
from xml.etree import ElementTree as ET

from channel_stubs import NOW, StubPlatform
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

APP_ID = "wx0123456789abcdef"
TOKEN = "huiyin-test-token"
KEY_NEW = base64.b64encode(bytes(range(32))).decode().rstrip("=")
KEY_OLD = base64.b64encode(bytes(range(32, 64))).decode().rstrip("=")
KEY_FOREIGN = base64.b64encode(bytes(range(64, 96))).decode().rstrip("=")
ACCOUNT = "gh_huiyin"
CITIZEN = "oCitizen-0001_abcdefghijklmn"


class WeChatPlatform(StubPlatform):
    """The HTTP interface, with a token that counts up."""

    def __init__(self) -> None:
        super().__init__()
        self.token = 1
        self.expires_in = 7200

    def default(self, call: str) -> Any:
        answers = {
            "stable_token": {"access_token": f"token-{self.token}", "expires_in": self.expires_in},
            "media/upload": {"type": "image", "media_id": "media-1", "created_at": 1},
            "message/template/send": {"errcode": 0, "errmsg": "ok", "msgid": 200163836},
            "qrcode/create": {"ticket": "gQ+/=", "expire_seconds": 60, "url": "http://weixin/q/1"},
        }
        return answers.get(call) or super().default(call)


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _cipher(key: str) -> Cipher[modes.CBC]:
    raw = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))


def seal(xml: str, key: str = KEY_NEW, app_id: str = APP_ID) -> str:
    content = xml.encode()
    plain = b"0123456789abcdef" + struct.pack(">I", len(content)) + content + app_id.encode()
    pad = 32 - len(plain) % 32
    encryptor = _cipher(key).encryptor()
    sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def unseal(encrypt: str, key: str = KEY_NEW) -> tuple[str, str]:
    """The text and the app id in a sealed answer."""
    decryptor = _cipher(key).decryptor()
    plain = decryptor.update(base64.b64decode(encrypt)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    return plain[20 : 20 + length].decode(), plain[20 + length :].decode()


def plain_query(timestamp: float = NOW, nonce: str = "n1", token: str = TOKEN) -> dict[str, str]:
    stamp = str(int(timestamp))
    return {"timestamp": stamp, "nonce": nonce, "signature": sha1(token, stamp, nonce)}


def sealed_query(
    encrypt: str, timestamp: float = NOW, nonce: str = "n1", token: str = TOKEN
) -> dict[str, str]:
    query = plain_query(timestamp, nonce, token)
    sign = sha1(token, query["timestamp"], nonce, encrypt)
    return {**query, "encrypt_type": "aes", "msg_signature": sign}


def sealed_body(encrypt: str) -> str:
    return f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"


def message(kind: str = "text", inside: str = "", created: int = int(NOW)) -> str:
    """The XML of a message or an event from the citizen."""
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{CITIZEN}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inside}</xml>"
    )


def text_message(text: str = "我要投诉", msg_id: str = "23456789012345678") -> str:
    return message("text", f"<Content><![CDATA[{text}]]></Content><MsgId>{msg_id}</MsgId>")


def event(name: str, inside: str = "", created: int = int(NOW)) -> str:
    return message("event", f"<Event><![CDATA[{name}]]></Event>{inside}", created)


def elements(xml: str) -> dict[str, str]:
    """The elements of a reply; fails when one is there twice."""
    root = ET.fromstring(xml)
    names = [child.tag for child in root]
    assert len(names) == len(set(names)), names
    return {child.tag: child.text or "" for child in root}
