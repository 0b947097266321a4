"""WeChat's and WeCom's callbacks: sealed and signed well around bad words, and badly around any."""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct
import time
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bench.fuzzing.edges import Posts
from bench.fuzzing.house import Keys
from bench.fuzzing.values import Dice
from bench.fuzzing.wire import Answer, Sending

_KINDS = ("text", "image", "voice", "video", "location", "link", "event", "file", "zq")
_EVENTS = (
    "subscribe",
    "unsubscribe",
    "SCAN",
    "CLICK",
    "VIEW",
    "LOCATION",
    "TEMPLATESENDJOBFINISH",
    "subscribe_msg_sent_event",
    "template_card_event",
    "change_contact",
    "enter_agent",
    "zq",
)
_ELEMENTS = (
    "Content",
    "MsgId",
    "MsgID",
    "MediaId",
    "Recognition",
    "Location_X",
    "Location_Y",
    "Label",
    "Title",
    "Description",
    "Url",
    "EventKey",
    "Ticket",
    "Status",
    "TaskId",
    "ResponseCode",
    "ChangeType",
    "UserID",
    "bizmsgmenuid",
    "AgentID",
    "SubscribeMsgSentEvent",
)
_BROKEN = (
    "",
    "<",
    "<xml>",
    "<xml/>",
    "<xml></xml>",
    "no xml",
    "<xml><a></xml></a>",
    "<xml>&zq;</xml>",
    "<xml><MsgType><MsgType/></MsgType></xml>",
    "\ufeff<xml/>",
    "<?xml version='9'?><xml/>",
    "<?xml version='1.0' encoding='utf-7'?><xml>+ADw-</xml>",
    "<!-- -- --><xml/>",
    "<!DOCTYPE xml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><xml><Content>&a;</Content></xml>",
    "<!DOCTYPE xml [<!ENTITY a 'zq'>"
    + "".join(f"<!ENTITY a{n} '{'&a' * 10 if n == 0 else f'&a{n - 1};' * 10}'>" for n in range(9))
    + "]><xml><MsgType>&a8;</MsgType></xml>",
    "<xml>" + "<a>" * 9_000 + "</a>" * 9_000 + "</xml>",
    "<xml " + " ".join(f"a{n}='1'" for n in range(4_000)) + "/>",
    "<xml>" + "<MsgType>text</MsgType>" * 2 + "</xml>",
)


class Platform:
    """Seals and signs as the platform does."""

    def __init__(self, path: str, keys: Keys, receiver: str) -> None:
        self._path, self._keys, self._receiver = path, keys, receiver

    def sealed(self, xml: bytes, key: str, receiver: str) -> str:
        raw = base64.b64decode(key + "=")
        plain = secrets.token_bytes(16) + struct.pack("!I", len(xml)) + xml + receiver.encode()
        plain += bytes([32 - len(plain) % 32]) * (32 - len(plain) % 32)
        encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
        return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()

    def post(self, xml: bytes) -> Sending:
        """A callback as it should be."""
        return self.sent(self.sealed(xml, self._keys.aes, self._receiver))

    def sent(self, encrypt: str, *, token: str = "", seconds: int | None = None) -> Sending:
        query = self.query(encrypt, token or self._keys.token, seconds)
        body = f"<xml><ToUserName>a</ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
        return Sending("POST", f"{self._path}?{urlencode(query)}", body.encode())

    def query(self, encrypt: str, token: str, seconds: int | None = None) -> dict[str, str]:
        stamp, nonce = str(seconds or int(time.time())), secrets.token_hex(4)
        told = "".join(sorted((token, stamp, nonce, encrypt)))
        mark = hashlib.sha1(told.encode("utf-8", "replace")).hexdigest()
        return {"msg_signature": mark, "timestamp": stamp, "nonce": nonce, "encrypt_type": "aes"}

    def forged(self, dice: Dice) -> Sending:
        """A callback that nobody may take."""
        xml = message(dice)
        wrong = base64.b64encode(dice.randbytes(32)).decode().rstrip("=")
        good = self.sealed(xml, self._keys.aes, self._receiver)
        kind = dice.randrange(9)
        if kind == 0:
            return self.sent(good, token="a-wrong-token")
        if kind == 1:
            return self.sent(good, seconds=int(time.time()) - dice.randrange(400, 10**9))
        if kind == 2:
            return self.sent(self.sealed(xml, wrong, self._receiver))
        if kind == 3:
            return self.sent(self.sealed(xml, self._keys.aes, "wx-of-another"))
        if kind == 4:  # what is sealed was changed after it was signed
            sending = self.sent(good)
            changed = ("A" if good[40] != "A" else "B").join((good[:40], good[41:]))
            return Sending(
                "POST", sending.path, sending.body.replace(good.encode(), changed.encode())
            )
        if kind == 5:
            query = {
                name: dice.word() for name in ("msg_signature", "timestamp", "nonce", "echostr")
            }
            path = f"{self._path}?{urlencode(query, errors='replace')[:6000]}"
            return Sending(dice.choice(("GET", "POST")), path, dice.mangle(xml))
        if kind == 6:
            junk = dice.choice(
                ("A" * 43, "====", "AA", base64.b64encode(dice.randbytes(48)).decode())
            )
            return self.sent(junk)
        if kind == 7:
            query = self.query(quote(dice.word()[:500]), self._keys.token)
            doubled = b"<xml><Encrypt>AA</Encrypt><Encrypt>AA</Encrypt></xml>"
            body = dice.choice((xml, b"", doubled, b"<Encrypt>" * 99, dice.randbytes(200)))
            return Sending("POST", f"{self._path}?{urlencode(query)}", body)
        return Sending("POST", self.sent(good).path, b"x" * 2**20)


def message(dice: Dice) -> bytes:
    """The XML of a message or event; sometimes it is none."""
    if dice.chance(0.15):
        return dice.choice(_BROKEN).encode("utf-8", "surrogatepass")
    kind = dice.choice(_KINDS)
    fields = {
        "ToUserName": "gh_fuzz",
        "FromUserName": f"o{dice.randrange(300)}",
        "CreateTime": str(int(time.time())),
        "MsgType": kind,
    }
    if kind == "event":
        fields["Event"] = dice.choice(_EVENTS)
    for name in dice.sample(_ELEMENTS, dice.randrange(1, 7)):
        fields[name] = dice.word()
    fields["MsgId"] = str(dice.randrange(10**12))
    if dice.chance(0.3):
        fields[dice.choice(list(fields))] = dice.word()
    lines = [_element(name, value[:15_000], dice) for name, value in fields.items()]
    if dice.chance(0.05):
        lines.append(dice.choice(lines))
    xml = f"<xml>{''.join(lines)}</xml>".encode("utf-8", "replace")
    return dice.mangle(xml) if dice.chance(0.08) else xml


def _element(name: str, value: str, dice: Dice) -> str:
    if dice.chance(0.08):
        return f"<{name}>{value}</{name}>"  # with whatever markup is in it
    return f"<{name}><![CDATA[{value.replace(']]>', ']] >')}]]></{name}>"


def edges(keys: Keys) -> list[Posts]:
    found = []
    for name, receiver in (("wechat", "wxfuzz"), ("wecom", "wwfuzz")):
        platform = Platform(f"/{name}", keys, receiver)
        again = _Again(platform)
        found += [
            Posts(name, again.send, judging=_taken),
            Posts(f"{name}, forged", platform.forged, forged=True),
        ]
    return found


class _Again:
    """Sends messages, and now and then an earlier one once more, as it was."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._earlier: list[Sending] = []

    def send(self, dice: Dice) -> Sending:
        if self._earlier and dice.chance(0.1):
            return dice.choice(self._earlier)
        sending = self._platform.post(message(dice))
        if len(self._earlier) < 500:
            self._earlier.append(sending)
        return sending


def _taken(sending: Sending, answer: Answer) -> str:
    """What is signed is taken, whatever it says; refused is only what is too long, or no text."""
    may = {413} if len(sending.body) > 64 * 1024 else {200, 403}
    return "" if answer.status in may else f"answered {answer.status}"
