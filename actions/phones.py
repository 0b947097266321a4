"""Phone numbers as people write them: 138 0000 0000, +86-138…, 一三八…, 0310-123 4567转8. Pure.

Kept form: a mainland mobile is its 11 digits; a landline its area code and number in one, with
"-" and the extension behind it if there is one; Hong Kong and Macau +852 or +853 and 8 digits.
A landline needs its area code: without it nobody elsewhere can call. Other countries are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7})(?:-(\d{1,6}))?")
_AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})")
_ABROAD = re.compile(r"\+85(?:2[2-9]|3[268])\d{7}")

_MOBILE_ABROAD = re.compile(r"\+85(?:2[4-9]|36)\d{7}")

_SPOKEN = str.maketrans("零〇一幺二三四五六七八九", "001123456789")
_SPOKEN_RUN = re.compile("[零〇一幺二三四五六七八九][零〇一幺二三四五六七八九 -]{6,}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-") | {"（": "(", "）": ")", "＋": "+"})
_GAPS = re.compile(r"[ \t\xa0.()-]+")
_EXTENSION = re.compile(r"\s*(?:转|ext\.?|#)\s*(\d{1,6})$", re.IGNORECASE)
_GROUP = re.compile(r"[+(]{0,2}\d+(?:\s?(?:转|ext\.?)\s?\d{1,6})?", re.IGNORECASE)
_UNSPACED = re.compile(r"[+(]{0,2}\d+(?:[().-]+\d+)*")
_RUN = re.compile(
    r"[+(]{0,2}\d(?:[ \t\xa0().-]{0,3}\d)*(?:\s?(?:转|ext\.?)\s?\d{1,6})?", re.IGNORECASE
)
_BODY = re.compile(r"[+(]{0,2}\d[\d \t\xa0.()-]*")
_LONGEST = 40
_MOST_GROUPS = 8


@dataclass(frozen=True, slots=True)
class FoundPhone:
    """A number in its kept form, and where text[start:end] it stands."""

    number: str
    start: int
    end: int


def normalise(text: str) -> str | None:
    """The number in its kept form when the text is one and nothing else; else None."""
    plain = _plain(text).strip()
    return _number(plain)


def find_phones(text: str) -> list[FoundPhone]:
    """All phone numbers of a text, in order; not the pieces of longer numbers (cards, IDs)."""
    plain = _plain(text)
    return [found for run in _RUN.finditer(plain) for found in _in_run(plain, run)]


def text_number(phone: str) -> str | None:
    """The E.164 number that gets text messages for a number in its kept form; None: none does.

    A mainland mobile does, and a mobile of Hong Kong (4 to 9) or Macau (6). A landline does not,
    with or without an extension. A number is whoever reads it: families share phones, so what is
    sent there names no matter and no person.
    """
    if _MOBILE.fullmatch(phone):
        return f"+86{phone}"
    return phone if _MOBILE_ABROAD.fullmatch(phone) else None


def mask(phone: str) -> str:
    """The number as it may be shown: 138****0000, 0310****567, +852****567.

    The area or country code and the last digits stay; anything else is masked whole.
    """
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    if _ABROAD.fullmatch(phone):
        return f"{phone[:4]}****{phone[-3:]}"
    if landline := _LANDLINE.fullmatch(phone):
        area = _AREA.match(phone)
        return f"{area.group() if area else ''}****{landline[1][-3:]}"
    return "****"


def _plain(text: str) -> str:
    """Half-width with digits for 一三八…, of the same length as the text."""
    folded = "".join(_half_width(char) for char in text).translate(_DASHES)
    return _SPOKEN_RUN.sub(lambda run: run.group().translate(_SPOKEN), folded)


def _half_width(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def _number(written: str) -> str | None:
    """The kept form of what is written, in plain characters, as one number."""
    extension = _EXTENSION.search(written)
    body = written[: extension.start()] if extension else written
    if len(body) > _LONGEST or not _BODY.fullmatch(body):
        return None
    digits = _GAPS.sub("", body)
    dashed = re.fullmatch(r"(.*\d)-(\d{1,6})", body)
    candidates = [(digits, extension[1] if extension else "")]
    if dashed and not extension:
        candidates.append((_GAPS.sub("", dashed[1]), dashed[2]))
    return next((number for pair in candidates if (number := _kept(*pair))), None)


def _kept(digits: str, extension: str) -> str | None:
    digits = re.sub(r"^00(?=8[56])", "+", digits)
    if _ABROAD.fullmatch(digits) and not extension:
        return digits
    national = re.sub(r"^(?:\+86|86(?=1[3-9]\d{9}$))", "", digits)
    if _MOBILE.fullmatch(national) and not extension:
        return national
    if digits.startswith("+86") and not national.startswith("0"):
        national = f"0{national}"
    if _LANDLINE.fullmatch(national):
        return f"{national}-{extension}" if extension else national
    return None


def _in_run(plain: str, run: re.Match[str]) -> Iterator[FoundPhone]:
    """The numbers in a run of digits and gaps.

    Spaced groups make a number only when the run holds nothing else but a digit or two (a chosen
    number, a list's count): four groups of a bank card do not. Unspaced ones always do.
    """
    words = [(run.start() + w.start(), run.start() + w.end()) for w in _GROUP.finditer(run.group())]
    found = list(_joined(plain, words))
    covered = {place for phone in found for place in range(phone.start, phone.end)}
    left = [end - start for start, end in words if start not in covered]
    if max(left, default=0) <= 2:
        yield from found
        return
    for word in _UNSPACED.finditer(run.group()):
        if number := _number(word.group()):
            yield FoundPhone(number, run.start() + word.start(), run.start() + word.end())


def _joined(plain: str, groups: list[tuple[int, int]]) -> Iterator[FoundPhone]:
    """Numbers made of groups one behind another, the longest first."""
    first = 0
    while first < len(groups):
        start = groups[first][0]
        for last in reversed(range(first, min(first + _MOST_GROUPS, len(groups)))):
            if number := _number(plain[start : groups[last][1]]):
                yield FoundPhone(number, start, groups[last][1])
                first = last
                break
        first += 1
