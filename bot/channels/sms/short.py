"""Words and receipts in SMPP's short messages: codings, parts of a long text. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from bot.channels.sms import parts
from bot.smpp.pdu import HAS_HEADER, IS_RECEIPT, RECEIPT_MASK, Coding, Short, Tag

_RECEIPT = re.compile(r"id:(?P<id>\S+).*?stat:(?P<state>[A-Z]+)(?:.*?err:(?P<error>\S+))?", re.S)
_CONTROL = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_STATES = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 7: "UNKNOWN", 8: "REJECTD"}
_OPEN = frozenset({"ENROUTE", "ACCEPTD", "SCHEDULED"})


@dataclass(frozen=True, slots=True)
class Fate:
    """What a receipt says; `reason` is the SMSC's state and error."""

    platform_id: str
    delivered: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A reply, or the part `number` of `total` of one; `reference` tells which belong together."""

    text: str
    reference: int = 0
    total: int = 1
    number: int = 1


def shorts(source: str, number: str, text: str) -> list[Short]:
    """The text as short messages that ask for a receipt each, with headers where it is long.

    The same text to the same number has the same reference, so that a part sent again fits.
    """
    pieces = parts.cut(text, gsm=True)
    gsm = parts.alphabet(text, gsm=True) is parts.GSM
    reference = hashlib.sha256(f"{number}\0{text}".encode()).digest()[0]
    found = []
    for place, piece in enumerate(pieces, 1):
        head = bytes([5, 0, 3, reference, len(pieces), place]) if len(pieces) > 1 else b""
        octets = parts.gsm_octets(piece) if gsm else piece.encode("utf-16-be")
        found.append(
            Short(
                source=source,
                destination=number.lstrip("+"),
                payload=head + octets,
                coding=Coding.DEFAULT if gsm else Coding.UCS2,
                esm_class=HAS_HEADER if head else 0,
                registered=1,
            )
        )
    return found


def is_receipt(short: Short) -> bool:
    return short.esm_class & RECEIPT_MASK == IS_RECEIPT


def read_receipt(short: Short) -> Fate | None:
    """What became of a part; None while that is open, or for what cannot be read."""
    found = _RECEIPT.search(short.payload.decode("latin-1"))
    state = _STATES.get(int.from_bytes(short.tags.get(Tag.MESSAGE_STATE, b"\0")[:1]))
    tagged = short.tags.get(Tag.RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("latin-1")
    key = tagged or (found["id"] if found else "")
    said = (found["state"] if found else state) or ""
    if not key or not said or said in _OPEN:
        return None
    error = found["error"] if found and found["error"] else ""
    return Fate(key, said == "DELIVRD", f"{said} {error}".strip())


def read_piece(short: Short) -> Piece:
    """The words of a reply, and of which parts it is one."""
    payload, header = short.payload, b""
    if short.esm_class & HAS_HEADER and payload:
        header, payload = payload[1 : 1 + payload[0]], payload[1 + payload[0] :]
    text = _decoded(payload, short.coding)
    joined = _joined(header) or _joined_by_tags(short.tags)
    return Piece(text, *joined) if joined else Piece(text)


def _joined(header: bytes) -> tuple[int, int, int] | None:
    """Reference, total and number from a user data header (23.040, 9.2.3.24.1 and .8)."""
    place = 0
    while place + 2 <= len(header):
        kind, length = header[place], header[place + 1]
        content = header[place + 2 : place + 2 + length]
        if (kind, len(content)) in ((0, 3), (8, 4)) and content[-2] and content[-1]:
            return int.from_bytes(content[:-2]), content[-2], content[-1]
        place += 2 + length
    return None


def _joined_by_tags(tags: dict[int, bytes]) -> tuple[int, int, int] | None:
    names = (Tag.SAR_REFERENCE, Tag.SAR_TOTAL, Tag.SAR_NUMBER)
    if not all(name in tags for name in names):
        return None
    reference, total, number = (int.from_bytes(tags[name]) for name in names)
    return reference, total, number


def _decoded(payload: bytes, coding: int) -> str:
    match coding:
        case Coding.UCS2:
            return payload.decode("utf-16-be", "replace")
        case Coding.GBK:
            return payload.decode("gb18030", "replace")
        case Coding.LATIN1:
            return payload.decode("latin-1")
        case Coding.ASCII if not _CONTROL.search(payload):  # else it is GSM by a wrong name
            return payload.decode("ascii", "replace")
        case _:
            return parts.gsm_text(payload)
