"""Takes out of a photo where it was taken; when and how it was taken stays: it may be evidence.

A place is only ever given by a tap of its own. What cannot be read is taken out as a whole.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_GPS = 0x8825  # the tag in the first directory that leads to the one with the place
_ENTRY = 12  # bytes of an entry: tag, type, count, value or where it stands
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_END, _EXIF_OR_XMP, _IPTC, _COMMENT = 0xD9, 0xE1, 0xED, 0xFE
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)  # not one within the picture's bytes
_PNG_TEXTS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}
_WEBP_TEXTS = {b"EXIF", b"XMP "}


def without_place(content: bytes, content_type: str) -> bytes:
    """The same picture. Never raises; what is broken beyond reading stays broken."""
    cleaners = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}
    cleaner = cleaners.get(content_type)
    return b"".join(cleaner(content)) if cleaner else content


def _jpeg(content: bytes) -> Iterator[bytes]:
    """Segment by segment up to the end of the picture: phones hang whole films behind it."""
    yield content[:2]
    at = 2
    while (found := _MARKER.search(content, at)) is not None:
        yield content[at : found.start()]  # the picture's own bytes, behind a start of scan
        at, marker = found.start(), found[0][1]
        if marker == _END or at + 4 > len(content):
            yield content[at : at + 2]
            return
        size = struct.unpack_from(">H", content, at + 2)[0] + 2
        segment = content[at : at + size]
        if marker == _EXIF_OR_XMP:
            yield _exif(segment)
        elif marker not in (_IPTC, _COMMENT):
            yield segment
        at += size
    yield content[at:]


def _exif(segment: bytes) -> bytes:
    """An EXIF segment with its place blanked; empty for any other use of the segment (XMP)."""
    if segment[4:10] != b"Exif\x00\x00":
        return b""
    tiff = bytearray(segment[10:])
    try:
        _blank(tiff)
    except (struct.error, KeyError, IndexError):
        return b""
    return segment[:10] + bytes(tiff)


def _blank(tiff: bytearray) -> None:
    """Blanks the place in a TIFF directory. Raises struct.error or KeyError when it is broken."""
    order = {b"II": "<", b"MM": ">"}[bytes(tiff[:2])]
    (first,) = struct.unpack_from(order + "I", tiff, 4)
    for entry in _entries(tiff, order, first):
        tag, _, _, value = struct.unpack_from(order + "HHII", tiff, entry)
        if tag == _GPS:
            _blank_directory(tiff, order, value)


def _blank_directory(tiff: bytearray, order: str, start: int) -> None:
    for entry in _entries(tiff, order, start):
        _, kind, count, value = struct.unpack_from(order + "HHII", tiff, entry)
        size = _SIZES[kind] * count
        if size > 4:
            if value + size > len(tiff):
                raise struct.error("a value lies outside")
            tiff[value : value + size] = bytes(size)
        tiff[entry : entry + _ENTRY] = bytes(_ENTRY)
    tiff[start : start + 2] = bytes(2)


def _entries(tiff: bytearray, order: str, start: int) -> list[int]:
    """Where the entries of the directory at `start` stand."""
    (count,) = struct.unpack_from(order + "H", tiff, start)
    if start + 2 + count * _ENTRY > len(tiff):
        raise struct.error("a directory lies outside")
    return [start + 2 + number * _ENTRY for number in range(count)]


def _png(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    at = 8
    while at + 12 <= len(content):
        size = struct.unpack_from(">I", content, at)[0] + 12
        if content[at + 4 : at + 8] not in _PNG_TEXTS:
            yield content[at : at + size]
        at += size
    yield content[at:]


def _webp(content: bytes) -> Iterator[bytes]:
    kept, at = [], 12
    while at + 8 <= len(content):
        size = struct.unpack_from("<I", content, at + 4)[0]
        size += 8 + size % 2
        if content[at : at + 4] not in _WEBP_TEXTS:
            kept.append(content[at : at + size])
        at += size
    body = b"WEBP" + b"".join(kept)
    yield b"RIFF" + struct.pack("<I", len(body)) + body
