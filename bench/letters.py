"""The platform's side of the line: callbacks signed and sealed, passive replies opened."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from wechatpy.crypto import PrpCrypto

ACCOUNT = "gh_000000000000"

_ANCHOR = re.compile(r'<a href="(weixin://bizmsgmenu[^"]*)">(.*?)</a>', re.DOTALL)


class BadReplyError(Exception):
    """A passive reply that the platform would not have shown."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A callback ready to be posted."""

    query: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """A passive reply as the phone shows it; `links` maps what is tapped to its token."""

    text: str
    links: dict[str, str]


class Platform:
    """Seals and opens with the account's token and key (43 characters), AES mode."""

    def __init__(self, token: str, aes_key: str, app_id: str) -> None:
        self._token = token
        self._app_id = app_id
        self._cipher = PrpCrypto(base64.b64decode(aes_key + "="))

    def seal(self, fields: str, openid: str) -> Letter:
        """`fields` is the inside of the callback's <xml>."""
        sealed = self._cipher.encrypt(f"<xml>{fields}</xml>", self._app_id).decode("ascii")
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(2_000_000_000))
        query = {
            "signature": signature(self._token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": openid,
            "encrypt_type": "aes",
            "msg_signature": signature(self._token, timestamp, nonce, sealed),
        }
        address = f"<ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        body = f"<xml>{address}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return Letter(query, body.encode())

    def open(self, body: str, openid: str) -> Heard | None:
        """The text reply in `body`; None for `success`. Raises BadReplyError."""
        if body in ("", "success"):
            return None
        sealed = _element(body, "Encrypt")
        parts = (_element(body, "TimeStamp"), _element(body, "Nonce"), sealed)
        if signature(self._token, *parts) != _element(body, "MsgSignature"):
            raise BadReplyError("forged")
        xml = str(self._cipher.decrypt(sealed, self._app_id))
        if _element(xml, "ToUserName") != openid or _element(xml, "MsgType") != "text":
            raise BadReplyError("not a text to this person")
        return read_text(_element(xml, "Content"))


def signature(*parts: str) -> str:
    """sha1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def message(openid: str, text: str, token: str = "") -> str:
    """The fields of a typed message, or of a tap on a link when there is a token."""
    tapped = f"<bizmsgmenuid>{token}</bizmsgmenuid>" if token else ""
    number = secrets.randbits(62) | 1 << 61
    return (
        f"{_head(openid, 'text')}<Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{number}</MsgId>{tapped}"
    )


def scan(openid: str, scene: str) -> str:
    """The fields of a scan by somebody who follows the account already."""
    return (
        f"{_head(openid, 'event')}<Event><![CDATA[SCAN]]></Event>"
        f"<EventKey><![CDATA[{scene}]]></EventKey><Ticket><![CDATA[bench]]></Ticket>"
    )


def new_openid() -> str:
    """28 characters, as the platform's."""
    return "o" + secrets.token_urlsafe(21)[:27]


def read_text(content: str) -> Heard:
    """Words with their links taken apart: each label (without its number) and its token."""
    links: dict[str, str] = {}
    for href, label in _ANCHOR.findall(content):
        query = parse_qs(urlsplit(html.unescape(href)).query)
        shown = query.get("msgmenucontent", [label])[0]
        links[shown] = query.get("msgmenuid", [""])[0]
    return Heard(_ANCHOR.sub(r"\2", content), links)


def _head(openid: str, kind: str) -> str:
    return (
        f"<ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
    )


def _element(xml: str, name: str) -> str:
    """The text of the only element of that name, out of its CDATA. Raises BadReplyError."""
    _, opened, rest = xml.partition(f"<{name}>")
    inside, closed, _ = rest.partition(f"</{name}>")
    if not opened or not closed:
        raise BadReplyError(f"no {name}")
    inside = inside.strip()
    if inside.startswith("<![CDATA["):
        inside = inside.removeprefix("<![CDATA[").removesuffix("]]>")
    return inside.replace("]]]]><![CDATA[>", "]]>")
