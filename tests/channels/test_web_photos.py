"""Files that visitors send: what they are, and that no photo tells where it was taken."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.sniff import sniff
from bot.channels.web.strip import without_place
from bot.message import MediaKind

PLACE = b"GPS-39.9042N-116.4074E!!"


def exif(order: str = "<") -> bytes:
    """A TIFF block: when it was taken, and a directory with the place behind it."""
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    moment = b"2026:11:20 14:05:00\x00"
    first, place, values = 8, 8 + 2 + 24 + 4, 8 + 2 + 24 + 4 + 2 + 12 + 4
    return (
        mark
        + struct.pack(order + "I", first)
        + struct.pack(order + "H", 2)
        + struct.pack(order + "HHII", 0x0132, 2, len(moment), values + len(PLACE))
        + struct.pack(order + "HHII", 0x8825, 4, 1, place)
        + struct.pack(order + "I", 0)
        + struct.pack(order + "H", 1)
        + struct.pack(order + "HHII", 2, 2, len(PLACE), values)
        + struct.pack(order + "I", 0)
        + PLACE
        + moment
    )


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg(*segments: bytes, behind: bytes = b"") -> bytes:
    table = segment(0xDB, bytes(65))
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + b"".join(segments) + table + scan + b"\xff\xd9" + behind


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_place_goes_and_the_moment_stays(order: str) -> None:
    photo = jpeg(segment(0xE1, b"Exif\x00\x00" + exif(order)))
    kept = without_place(photo, "image/jpeg")
    assert PLACE not in kept
    assert b"2026:11:20 14:05:00" in kept
    assert len(kept) == len(photo)


def test_what_else_may_hold_a_place_goes_whole() -> None:
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x GPSLatitude='39'/>")
    kept = without_place(
        jpeg(xmp, segment(0xED, b"IPTC Beijing"), segment(0xFE, b"39N")), "image/jpeg"
    )
    assert kept == jpeg()


def test_what_a_phone_hangs_behind_the_picture_goes() -> None:
    assert without_place(jpeg(behind=b"ftypmp4 +39.9+116.4"), "image/jpeg") == jpeg()


def test_an_exif_that_cannot_be_read_goes_whole() -> None:
    broken = segment(0xE1, b"Exif\x00\x00" + exif()[:40] + PLACE)
    assert PLACE not in without_place(jpeg(broken), "image/jpeg")


def test_png_and_webp() -> None:
    head, data = chunk(b"IHDR", bytes(13)), chunk(b"IDAT", b"x")
    png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"eXIf", exif()) + data + chunk(b"IEND", b"")
    assert PLACE not in without_place(png, "image/png")
    assert data in without_place(png, "image/png")
    parts = (
        b"VP8 " + struct.pack("<I", 4) + b"abcd" + b"EXIF" + struct.pack("<I", len(exif())) + exif()
    )
    webp = b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts
    assert without_place(webp, "image/webp") == b"RIFF\x10\x00\x00\x00WEBPVP8 \x04\x00\x00\x00abcd"


@given(st.binary(max_size=300), st.sampled_from(["image/jpeg", "image/png", "image/webp"]))
def test_whatever_it_is_it_never_fails_nor_grows(content: bytes, kind: str) -> None:
    assert len(without_place(b"\xff\xd8\xff\xe1" + content, kind)) <= len(content) + 12


@given(st.binary(max_size=120))
def test_whatever_stands_in_an_exif_it_never_fails(content: bytes) -> None:
    without_place(
        jpeg(segment(0xE1, b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + content)), "image/jpeg"
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0 jpeg", (MediaKind.IMAGE, "image/jpeg")),
        (b"\x89PNG\r\n\x1a\n", (MediaKind.IMAGE, "image/png")),
        (b"GIF89a", (MediaKind.IMAGE, "image/gif")),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", (MediaKind.IMAGE, "image/webp")),
        (b"\x1a\x45\xdf\xa3 webm", (MediaKind.VOICE, "audio/webm")),
        (b"OggS", (MediaKind.VOICE, "audio/ogg")),
        (b"\x00\x00\x00\x20ftypisom", (MediaKind.VOICE, "audio/mp4")),
        (b"\x00\x00\x00\x20ftypheic", None),
        (b"<html><script>alert(1)</script>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"%PDF-1.7", None),
        (b"MZ\x90", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, kind: tuple[MediaKind, str] | None) -> None:
    assert sniff(content) == kind
