"""What a file is, by its first bytes; what it is called or declared to be does not count."""

from __future__ import annotations

from bot.channels.web.strip import without_place
from bot.message import MediaKind

FILE_LIMIT = 20 * 1024 * 1024

_IMAGES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_SOUNDS = (
    (b"OggS", "audio/ogg"),
    (b"\x1a\x45\xdf\xa3", "audio/webm"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"#!AMR", "audio/amr"),
)
_SOUND_BRANDS = (b"M4A ", b"isom", b"iso2", b"iso5", b"mp41", b"mp42", b"MSNV")


def sniff(content: bytes) -> tuple[MediaKind, str] | None:
    """The kind and content type of a picture or a sound; None for anything else.

    A container of sound and film is taken for sound: the page records nothing else.
    """
    for beginning, content_type in _IMAGES:
        if content.startswith(beginning):
            return MediaKind.IMAGE, content_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return MediaKind.IMAGE, "image/webp"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return MediaKind.VOICE, "audio/wav"
    for beginning, content_type in _SOUNDS:
        if content.startswith(beginning):
            return MediaKind.VOICE, content_type
    if content[4:8] == b"ftyp" and content[8:12] in _SOUND_BRANDS:
        return MediaKind.VOICE, "audio/mp4"
    return None


def fit_to_keep(content: bytes, content_type: str) -> bytes:
    """The picture without the place where it was taken, which nobody knowingly gave."""
    return without_place(content, content_type)
