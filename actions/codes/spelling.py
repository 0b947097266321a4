"""How a code is made, written, typed and found in what a person sends. Pure but for the dice."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from actions.spelling import tidy

DIGITS = "23456789"
LETTERS = "ACDEFGHJKMNPQRTVWXY"  # without B I L O S U Z, which are taken for 8 1 1 0 5 V 2
HALF = (
    4  # a code is two halves; each has a digit and a letter, so that no word and no number is one
)
LONGEST = 64  # what a platform's QR code can carry

_LOOK_ALIKE = str.maketrans("OILBSZ", "011852")
_PATH = "/s/"
_SCENE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{3,{LONGEST - 1}}}")
_HALVES = re.compile(
    rf"(?=[A-Z]*\d)(?=\d*[A-Z])[{DIGITS}{LETTERS}]{{{HALF}}}"
    rf"[ -]?(?=[A-Z]*\d)(?=\d*[A-Z])[{DIGITS}{LETTERS}]{{{HALF}}}"
)
_ADDRESS = re.compile(r"https?://[^\s，。；、]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What may be a code in a message: the scene as typed, and whether it can be nothing else.

    `host` is that of a pasted address, "" without one.
    """

    scene: str
    certain: bool
    host: str = ""


def new_scene() -> str:
    """A random code such as `K7M3-X9PD`: one of 157 thousand million."""
    return "-".join((_half(), _half()))


def letters(scene: str) -> str:
    """The scene as anybody may type it: capitals, no gaps or hyphens, look-alikes as one."""
    return tidy(scene).replace("-", "").replace("_", "").translate(_LOOK_ALIKE)


def shown(scene: str) -> str:
    """The scene as it is printed for people: capitals."""
    return scene.upper()


def address(public_url: str, scene: str) -> str:
    """What the QR code of a sticker says: one address for every scanner."""
    return f"{public_url.rstrip('/')}{_PATH}{quote(scene, safe='')}"


def typed_in(text: str) -> Typed | None:
    """The code or the code's address that a whole message is, or None."""
    said = text.strip(" \u3000\n。.!！")
    if _ADDRESS.fullmatch(said):
        return _of_address(said)
    plain = tidy(said) if len(said) <= 2 * LONGEST else ""
    if _HALVES.fullmatch(plain):
        return Typed(plain, certain=True)
    if _SCENE.fullmatch(plain) and re.search(r"\d", plain) and re.search(r"[A-Z]", plain):
        return Typed(plain, certain=False)
    return None


def _of_address(url: str) -> Typed | None:
    """Other sites have addresses with /s/ too: only what looks like one of ours is certain."""
    try:
        parts = urlsplit(url)
    except ValueError:  # something like http://[
        return None
    front, _, scene = unquote(parts.path).partition(_PATH)
    scene = scene.strip("/")
    if front or not _SCENE.fullmatch(scene):
        return None
    return Typed(scene, bool(_HALVES.fullmatch(tidy(scene))), parts.netloc.lower())


def _half() -> str:
    while True:
        half = "".join(secrets.choice(DIGITS + LETTERS) for _ in range(HALF))
        if any(c in DIGITS for c in half) and any(c in LETTERS for c in half):
            return half
