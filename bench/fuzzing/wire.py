"""HTTP by hand: whatever bytes are to go, also those that no client would send."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field

ANSWER_WITHIN = 20.0  # seconds


@dataclass(frozen=True, slots=True)
class Sending:
    """A request as it goes out. `headers` may hold any bytes but line ends."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, bytes | str] = field(default_factory=dict)
    raw: bytes | None = None  # instead of all the above

    def bytes(self, host: str) -> bytes:
        if self.raw is not None:
            return self.raw
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\n".encode("utf-8", "replace")
        for name, value in self.headers.items():
            told = value.encode("utf-8", "replace") if isinstance(value, str) else value
            head += name.encode() + b": " + told.replace(b"\r", b"").replace(b"\n", b"") + b"\r\n"
        return head + f"Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: the connection was closed without a word; -1: no answer in time."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        plain = self.body
        if self.headers.get("content-encoding") == "gzip":
            plain = gzip.decompress(plain)
        return plain.decode("utf-8", "replace")


class Wire:
    """One connection that is kept, and made anew when the other side closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, sending: Sending) -> Answer:
        """The answer to one request; tried once more where a kept connection was over."""
        kept = self._ends is not None
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self._send(sending)
        except TimeoutError:
            await self.close()
            return Answer(-1)
        except (ConnectionError, asyncio.IncompleteReadError):
            await self.close()
            return await self.send(sending) if kept else Answer(0)

    async def _send(self, sending: Sending) -> Answer:
        if self._ends is None:
            self._ends = await asyncio.open_connection(self._host, self._port, limit=2**22)
        reader, writer = self._ends
        writer.write(sending.bytes(f"{self._host}:{self._port}"))
        with contextlib.suppress(ConnectionError):  # refused before all of it was read
            await writer.drain()
        answer = await _read(reader, sending.method)
        if sending.raw is not None or answer.headers.get("connection") == "close":
            await self.close()
        return answer

    async def close(self) -> None:
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None


async def _read(reader: asyncio.StreamReader, method: str) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        headers[key] = f"{headers[key]}\n{value.strip()}" if key in headers else value.strip()
    status = int(first.split()[1])
    if method == "HEAD" or status in (204, 304):
        return Answer(status, headers)
    if headers.get("content-type", "").startswith("text/event-stream"):
        headers["connection"] = "close"
        return Answer(status, headers)
    if headers.get("transfer-encoding") == "chunked":
        return Answer(status, headers, await _chunks(reader))
    return Answer(
        status, headers, await reader.readexactly(int(headers.get("content-length", "0")))
    )


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        found += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return found
