"""PDUs over a connection."""

from __future__ import annotations

import asyncio

from bot.smpp.pdu import HEADER, Pdu, read_header


async def read_pdu(reader: asyncio.StreamReader) -> Pdu:
    """The next PDU. Raises IncompleteReadError at the end, PduError for what is none."""
    head = await reader.readexactly(HEADER.size)
    length, command, status, sequence = read_header(head)
    body = await reader.readexactly(length - HEADER.size)
    return Pdu(command, sequence, status, body)


async def close(writer: asyncio.StreamWriter) -> None:
    """Closes the connection, whatever state it is in."""
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        return
