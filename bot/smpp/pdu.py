"""PDUs of SMPP 3.4: header, the bodies that we need, optional parameters. Pure.

Section numbers are of the specification, issue 1.2. Numbers are big-endian; a C-octet string ends
with a zero octet.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Self

HEADER = struct.Struct("!IIII")
LARGEST = 70_000  # octets: the longest message_payload and what stands around it
VERSION = 0x34
_ANSWER = 0x80000000


class PduError(ValueError):
    """The octets are no PDU."""


class Command(IntEnum):
    """5.1.2.1"""

    GENERIC_NACK = 0x80000000
    BIND_RECEIVER = 0x00000001
    BIND_TRANSMITTER = 0x00000002
    SUBMIT_SM = 0x00000004
    DELIVER_SM = 0x00000005
    UNBIND = 0x00000006
    BIND_TRANSCEIVER = 0x00000009
    ENQUIRE_LINK = 0x00000015


class Status(IntEnum):
    """5.1.3, those that we say or understand."""

    OK = 0x00
    INVALID_COMMAND = 0x03
    NOT_BOUND_FOR_THIS = 0x04
    ALREADY_BOUND = 0x05
    SYSTEM_ERROR = 0x08
    INVALID_SOURCE = 0x0A
    INVALID_DESTINATION = 0x0B
    BIND_FAILED = 0x0D
    INVALID_PASSWORD = 0x0E
    INVALID_SYSTEM_ID = 0x0F
    QUEUE_FULL = 0x14
    SUBMIT_FAILED = 0x45
    THROTTLED = 0x58
    TRY_LATER = 0x64


class Tag(IntEnum):
    """5.3.2"""

    RECEIPTED_MESSAGE_ID = 0x001E
    USER_MESSAGE_REFERENCE = 0x0204
    SAR_REFERENCE = 0x020C
    SAR_TOTAL = 0x020E
    SAR_NUMBER = 0x020F
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


class Coding(IntEnum):
    """data_coding, 5.2.19; 15 is GBK, as Chinese gateways have it."""

    DEFAULT = 0
    ASCII = 1
    LATIN1 = 3
    UCS2 = 8
    GBK = 15


IS_RECEIPT, RECEIPT_MASK, HAS_HEADER = 0x04, 0x3C, 0x40  # esm_class, 5.2.12


@dataclass(frozen=True, slots=True)
class Pdu:
    """One request or answer."""

    command: int
    sequence: int
    status: int = Status.OK
    body: bytes = b""

    def pack(self) -> bytes:
        head = HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.sequence)
        return head + self.body

    @property
    def is_answer(self) -> bool:
        return bool(self.command & _ANSWER)

    def answer(self, status: int = Status.OK, body: bytes = b"") -> Pdu:
        return Pdu(self.command | _ANSWER, self.sequence, status, body)


@dataclass(frozen=True, slots=True)
class Bind:
    """4.1.1: who wants to bind."""

    system_id: str
    password: str

    def pack(self) -> bytes:
        return _c(self.system_id) + _c(self.password) + _c("") + bytes([VERSION, 0, 0]) + _c("")

    @classmethod
    def read(cls, body: bytes) -> Self:
        reader = _Reader(body)
        return cls(reader.text(), reader.text())


@dataclass(frozen=True, slots=True)
class Short:
    """The body of submit_sm and deliver_sm (4.4.1, 4.6.1). `payload`: header and text as octets.

    Numbers are international, digits only.
    """

    source: str
    destination: str
    payload: bytes
    coding: int = Coding.DEFAULT
    esm_class: int = 0
    registered: int = 0
    tags: dict[int, bytes] = field(default_factory=dict)

    def pack(self) -> bytes:
        if len(self.payload) > 254:
            raise PduError("a short message has 254 octets at most")
        return b"".join(
            [
                _c(""),
                bytes([1, 1]) + _c(self.source),
                bytes([1, 1]) + _c(self.destination),
                bytes([self.esm_class, 0, 0]) + _c("") + _c(""),
                bytes([self.registered, 0, self.coding, 0, len(self.payload)]),
                self.payload,
                *(struct.pack("!HH", tag, len(v)) + v for tag, v in self.tags.items()),
            ]
        )

    @classmethod
    def read(cls, body: bytes) -> Self:
        reader = _Reader(body)
        reader.text()
        reader.octets(2)
        source = reader.text()
        reader.octets(2)
        destination = reader.text()
        esm_class = reader.octets(3)[0]
        reader.text()
        reader.text()
        registered, _, coding, _, length = reader.octets(5)
        payload = reader.octets(length)
        tags = reader.tags()
        payload = payload or tags.get(Tag.MESSAGE_PAYLOAD, b"")
        return cls(source, destination, payload, coding, esm_class, registered, tags)


def message_id(body: bytes) -> str:
    """The id in the answer to submit_sm (4.4.2)."""
    return _Reader(body).text() if body else ""


def c_string(text: str) -> bytes:
    """The text with its closing zero."""
    return _c(text)


def read_header(octets: bytes) -> tuple[int, int, int, int]:
    """Length, command, status and sequence. Raises PduError for a length that cannot be."""
    length, command, status, sequence = HEADER.unpack(octets)
    if not HEADER.size <= length <= LARGEST:
        raise PduError(f"a PDU of {length} octets")
    return length, command, status, sequence


class _Reader:
    """Takes fields off the front of a body. Raises PduError where it is too short."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._place = 0

    def text(self) -> str:
        end = self._body.find(b"\0", self._place)
        if end < 0:
            raise PduError("a string without an end")
        text = self._body[self._place : end].decode("latin-1")
        self._place = end + 1
        return text

    def octets(self, count: int) -> bytes:
        found = self._body[self._place : self._place + count]
        if len(found) < count:
            raise PduError("a body that is too short")
        self._place += count
        return found

    def tags(self) -> dict[int, bytes]:
        found = {}
        while self._place < len(self._body):
            tag, length = struct.unpack("!HH", self.octets(4))
            found[tag] = self.octets(length)
        return found


def _c(text: str) -> bytes:
    return text.encode("latin-1", "replace").replace(b"\0", b"") + b"\0"
