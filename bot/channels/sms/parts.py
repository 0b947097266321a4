"""How long a text message is: alphabets, parts, and where a long one is cut. Pure.

3GPP TS 23.038: a part carries 160 characters of the GSM alphabet or 70 UTF-16 units; as one of
several parts 153 or 67, because a header says which it is. The clouds in mainland China count
every message in UTF-16 units, Latin letters too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.text import utf16_size

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = {"^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}
_CODES = {character: bytes([code]) for code, character in enumerate(_BASIC) if code != 27}
_CODES |= {character: bytes([27, code]) for character, code in _EXTENDED.items()}


@dataclass(frozen=True, slots=True)
class Alphabet:
    """How many units fit into a message alone, and into one of several parts."""

    name: str
    alone: int
    joined: int

    def size(self, text: str) -> int:
        """Units of the text; a character of the GSM alphabet's second table takes two."""
        if self is GSM:
            return sum(len(_CODES[character]) for character in text)
        return utf16_size(text)


GSM = Alphabet("GSM-7", 160, 153)
UCS2 = Alphabet("UCS-2", 70, 67)


def alphabet(text: str, *, gsm: bool) -> Alphabet:
    """The alphabet that the text needs; `gsm`: whether the line counts Latin letters as such."""
    return GSM if gsm and all(character in _CODES for character in text) else UCS2


def cut(text: str, *, gsm: bool = False) -> list[str]:
    """The text as its parts carry it; joined they give it again. Empty: no part.

    No part ends in the middle of a character that takes two units.
    """
    letters = alphabet(text, gsm=gsm)
    if letters.size(text) <= letters.alone:
        return [text] if text else []
    return list(_parts(text, letters))


def count(text: str, *, gsm: bool = False) -> int:
    """Of how many parts the message is."""
    return len(cut(text, gsm=gsm))


def fit(text: str, most: int, ending: str, *, tail: str = "", gsm: bool = False) -> str:
    """`text` and `tail` in at most `most` parts; the text is cut, and `ending` says where to read on.

    The tail (what can be answered) is kept whole. Where even ending and tail are too long, they
    alone are left.
    """
    if count(text + tail, gsm=gsm) <= most:
        return text + tail
    low, high = 0, len(text)
    while low < high:  # the longest beginning that still fits
        middle = (low + high + 1) // 2
        if count(text[:middle].rstrip() + ending + tail, gsm=gsm) <= most:
            low = middle
        else:
            high = middle - 1
    return _at_a_border(text, low) + ending + tail


def gsm_octets(text: str) -> bytes:
    """The text in the GSM alphabet, a septet an octet. Raises KeyError for another character."""
    return b"".join(_CODES[character] for character in text)


def gsm_text(octets: bytes) -> str:
    """What is written in the GSM alphabet; unknown codes as �."""
    plain = {code: character for character, code in _CODES.items()}
    found, place = [], 0
    while place < len(octets):
        length = 2 if octets[place] == 27 else 1
        found.append(plain.get(octets[place : place + length], "�"))
        place += length
    return "".join(found)


def _parts(text: str, letters: Alphabet) -> Iterator[str]:
    start, used = 0, 0
    for place, character in enumerate(text):
        size = letters.size(character)
        if used + size > letters.joined:
            yield text[start:place]
            start, used = place, 0
        used += size
    yield text[start:]


def _at_a_border(text: str, length: int) -> str:
    """The beginning of that length, or back to the last sentence, word or line within 20 of it.

    Never in the middle of a number, a date or a code.
    """
    if length >= len(text):
        return text
    for place in range(length, max(0, length - 20), -1):
        if text[place - 1] in "。！？；，、,.!?; \n":
            return text[:place].rstrip(" \n，、,;；")
    while length and _runs_on(text[length - 1], text[length]):
        length -= 1
    return text[:length].rstrip()


def _runs_on(before: str, behind: str) -> bool:
    return all(c.isascii() and (c.isalnum() or c in "-:/") for c in (before, behind))
