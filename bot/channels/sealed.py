"""Signatures and sealed bodies of callbacks, the same for WeChat and WeCom.

CallbackError
├── ForgedError      the signature, or the time it names, is not good: nothing was read
└── UnreadableError  the signature is good, but no key of ours opens the body, or it is not for us
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from aiohttp import web
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

# Read without an XML parser: what is not yet known to be signed is not parsed.
_ENCRYPT = re.compile(
    rb"<Encrypt>\s*(?:<!\[CDATA\[([A-Za-z0-9+/=\s]+)\]\]>|([A-Za-z0-9+/=\s]+))\s*</Encrypt>"
)
_SEALED = """<xml>
<Encrypt><![CDATA[{encrypt}]]></Encrypt>
<MsgSignature><![CDATA[{signature}]]></MsgSignature>
<TimeStamp>{timestamp}</TimeStamp>
<Nonce><![CDATA[{nonce}]]></Nonce>
</xml>"""


BODY_LIMIT = 64 * 1024  # bytes


class CallbackError(Exception):
    """A callback that must not be acknowledged; the text is free of personal data."""


class ForgedError(CallbackError):
    """Not signed by someone who knows our token, or signed too long ago."""


class UnreadableError(CallbackError):
    """Signed with our token, but sealed with a foreign key or for another account."""


log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Opened:
    """The text that was sealed, and the key that opened it: the answer is sealed with the same."""

    text: str
    key: str


def signature(*parts: str) -> str:
    """sha1 over the sorted parts, as the platform signs."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "replace")).hexdigest()  # noqa: S324


def is_signed(given: str, *parts: str) -> bool:
    """Whether `given` is the signature of `parts`, in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), signature(*parts).encode())


def is_fresh(timestamp: str, now: float, window: int) -> bool:
    """Whether `timestamp` (seconds, as text) lies within `window` seconds of `now`."""
    return re.fullmatch(r"[0-9]{1,12}", timestamp) is not None and (
        abs(now - int(timestamp)) <= window
    )


def sealed_part(body: bytes) -> str:
    """The one <Encrypt> of a body. Raises ForgedError when there is none, or more than one."""
    found = _ENCRYPT.findall(body)
    if len(found) != 1:
        raise ForgedError(f"{len(found)} sealed parts where there must be one")
    return "".join((found[0][0] or found[0][1]).decode("ascii").split())


def is_key(text: str) -> bool:
    """Whether `text` can be an EncodingAESKey."""
    return re.fullmatch(r"[A-Za-z0-9+/]{43}", text) is not None


async def bounded_body(request: web.Request) -> bytes:
    """The body, BODY_LIMIT at most. Raises HTTPRequestEntityTooLarge."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, len(body))
    return bytes(body)


class Crypto:
    """Opens and seals with the account's keys, for its app id or corp id.

    `random16` gives 16 unguessable ASCII characters.
    """

    def __init__(
        self,
        receiver: str,
        token: str,
        keys: tuple[str, ...],
        random16: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._receiver = receiver
        self._token = token
        self._ciphers = {key: PrpCrypto(base64.b64decode(key + "=")) for key in keys}
        for cipher in self._ciphers.values():
            cipher.get_random_string = random16  # wechatpy's own comes from `random`

    def open(self, encrypt: str, msg_signature: str, timestamp: str, nonce: str) -> Opened:
        """Checks the signature over the sealed text, then tries the keys, the new one first."""
        if not is_signed(msg_signature, self._token, timestamp, nonce, encrypt):
            raise ForgedError("msg_signature does not match")
        for key, cipher in self._ciphers.items():
            try:
                return Opened(cipher.decrypt(encrypt, self._receiver), key)
            except (ValueError, IndexError, struct.error, InvalidAppIdException):
                continue
        raise UnreadableError("no key opens this, or it is meant for another account")

    def seal(self, xml: str, key: str, timestamp: int, nonce: str) -> str:
        """The body of an answer: `xml` sealed and signed. `nonce`: letters and digits."""
        encrypt = self._ciphers[key].encrypt(xml, self._receiver).decode("ascii")
        return _SEALED.format(
            encrypt=encrypt,
            signature=signature(self._token, str(timestamp), nonce, encrypt),
            timestamp=timestamp,
            nonce=nonce,
        )


def refused(platform: str, error: CallbackError) -> web.Response:
    """The answer to a callback that is not acknowledged; our own mistake is logged as one."""
    if isinstance(error, UnreadableError):
        log.error(f"{platform}: signed, but no key fits", reason=str(error))
    else:
        log.warning(f"{platform}: forged callback refused", reason=str(error))
    return web.Response(status=403, text="forbidden")
