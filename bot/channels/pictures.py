"""What a picture is called where a platform wants a file's name."""

from __future__ import annotations


def name_and_type(picture: bytes) -> tuple[str, str]:
    """A file name and its content type: ours are PNG, people's photos mostly JPEG."""
    if picture.startswith(b"\xff\xd8\xff"):
        return "picture.jpg", "image/jpeg"
    return "picture.png", "image/png"
