"""Vectors and payloads that others have published, when they lie beside the checkout."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from wechat_platform import elements

from bot.channels import sealed
from bot.channels.wechat.parse import parse
from bot.message import Kind

_BESIDE = Path(__file__).parents[3] / "shared" / "data"
DATA = Path(os.environ.get("HUIYIN_SHARED_DATA", _BESIDE))
VECTORS = DATA / "wechat_vectors.json"
PAYLOADS = DATA / "wechat_xml_fixtures.jsonl"

KNOWN_EVENTS = {
    "subscribe": {Kind.FOLLOW, Kind.SCAN},
    "SCAN": {Kind.SCAN},
    "unsubscribe": {Kind.UNFOLLOW},
    "CLICK": {Kind.MENU},
    "TEMPLATESENDJOBFINISH": {Kind.RECEIPT},
    "subscribe_msg_sent_event": {Kind.RECEIPT},
}
KNOWN_MESSAGES = {
    "text": Kind.TEXT,
    "image": Kind.MEDIA,
    "video": Kind.MEDIA,
    "shortvideo": Kind.MEDIA,
    "location": Kind.MEDIA,
    "link": Kind.MEDIA,
}


def _vectors() -> list[Any]:
    return json.loads(VECTORS.read_text()) if VECTORS.exists() else []


def _payloads() -> list[Any]:
    return [json.loads(line) for line in PAYLOADS.read_text().splitlines() if line]


@pytest.mark.skipif(not VECTORS.exists(), reason=f"{VECTORS.name} is not beside the checkout")
def test_published_vectors():
    encrypted = [v for v in _vectors() if "encrypt" in v]
    plain = [v for v in _vectors() if "signature" in v]
    assert encrypted
    assert plain
    for v in plain:
        parts = (v["token"], v["timestamp"], v["nonce"])
        assert sealed.is_signed(v["signature"], *parts) is v["signature_ok"]
        assert not sealed.is_signed(v["negative_signature"], *parts)
    for v in encrypted:
        _check_sealed(v)


def _check_sealed(v: dict[str, Any]) -> None:
    call = (v["msg_signature"], v["timestamp"], v["nonce"])
    ours = sealed.Crypto(v["appid"], v["token"], (v["aes"],), random16=lambda: v["random16"])
    assert ours.open(v["encrypt"], *call).text == v["plaintext"]
    xml = ours.seal(v["plaintext"], v["aes"], int(v["timestamp"]), v["nonce"])
    assert (
        elements(xml)
        == {
            "Encrypt": v["encrypt"],
            "MsgSignature": v["msg_signature"],
            "TimeStamp": v["timestamp"],
            "Nonce": v["nonce"],
        }
        or not v["random16"].isdigit()
    )  # other vectors were sealed with random bytes, not text
    with pytest.raises(sealed.ForgedError):
        ours.open(v["encrypt"].swapcase(), *call)
    with pytest.raises(sealed.UnreadableError):
        sealed.Crypto("wxother", v["token"], (v["aes"],)).open(v["encrypt"], *call)


@pytest.mark.skipif(not PAYLOADS.exists(), reason=f"{PAYLOADS.name} is not beside the checkout")
def test_published_payloads():
    assert _payloads()
    for row in _payloads():
        incoming = parse(row["xml"])
        assert incoming.sender
        assert incoming.message_id
        kind = _bare(row["msgtype"])
        if kind == "event":
            known = KNOWN_EVENTS.get(_bare(row["event"]), {Kind.IGNORED})
            assert incoming.kind in known, row["xml"]
        elif kind == "voice":
            words = "<Recognition>" in row["xml"]
            assert incoming.kind is (Kind.TEXT if words else Kind.MEDIA)
        else:
            assert incoming.kind is KNOWN_MESSAGES.get(kind, Kind.IGNORED)


def _bare(text: str) -> str:
    return re.sub(r"<!\[CDATA\[|\]\]>|\s", "", text)
