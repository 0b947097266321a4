"""Everything that was to be said was said exactly once, or the row says that it could not be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.faulting.findings import Findings, Verdict
from bench.faulting.journal import Shown, squeezed
from bench.faulting.people import Notice, Row

LONG = 300  # characters; of longer words only these are looked for: platforms cut them in pieces
SHORT = 20  # the same of text messages, which end early
KEPT = "您这条我们已收到并存好"  # said to whoever waits for an answer, else by a delivery
_GONE = "\0"
_SIGNED = re.compile(r"^【[^】]*】")


@dataclass(frozen=True, slots=True)
class Expected:
    """Words that must stand on the phone once. `notice`: the delivery, None for a passive reply;
    `sure`: False for what may have been said, but need not have been.
    """

    words: str
    sure: bool
    notice: Notice | None = None


def audit_phone(
    who: tuple[str, str],
    rows: Sequence[tuple[Row, bool]],
    notices: Sequence[Notice],
    shown: Sequence[Shown],
    unsure: Callable[[float, str], bool],
    findings: Findings,
) -> None:
    """`rows`: each with whether the platform was answered. `unsure(at, channel)`: whether we could
    not know at that moment whether the platform had a message.
    """
    texts = [one.text for one in shown]
    expected = sorted(
        _expected(who[0], rows, notices), key=lambda one: (-len(one.words), not one.sure)
    )
    for one in expected:
        if not _strike(texts, one.words, whole=who[0] == "sms") and one.sure:
            which = f"{one.notice.key} ({one.notice.state})" if one.notice else "a passive reply"
            findings.add(Verdict.LOST, f"{'/'.join(who)} was never told: {which}: {one.words[:60]}")
    _surplus(who, expected, shown, texts, unsure, findings)


def _expected(
    channel: str, rows: Sequence[tuple[Row, bool]], notices: Sequence[Notice]
) -> list[Expected]:
    long = SHORT if channel == "sms" else LONG
    found = [
        Expected(squeezed(text)[:long], answered)
        for row, answered in rows
        if not row.pushed and row.state in ("done", "failed")
        for text in row.answer
    ]
    queued = {notice.key for notice in notices}
    found += [
        Expected(KEPT, False) for row, _ in rows if row.kept and f"{row.id}:kept" not in queued
    ]
    for notice in notices:
        if notice.text.strip() and notice.state in ("sent", "failed", "queued"):
            found.append(Expected(squeezed(notice.text)[:long], notice.state == "sent", notice))
    return [one for one in found if one.words]


def _strike(texts: list[str], words: str, *, whole: bool) -> bool:
    """Strikes the words out where they stand first; False when they stand nowhere. `whole`: a
    message never holds two, so that it is struck out with all that follows its beginning.
    """
    for number, text in enumerate(texts):
        bare = _SIGNED.sub("", text) if whole else text
        if bare.startswith(words) if whole else words in text:
            texts[number] = _GONE if whole else text.replace(words, _GONE, 1)
            return True
    return False


def _surplus(
    who: tuple[str, str],
    expected: Sequence[Expected],
    shown: Sequence[Shown],
    left: Sequence[str],
    unsure: Callable[[float, str], bool],
    findings: Findings,
) -> None:
    """Words that still stand on the phone after each was struck out as often as it was to be said."""
    words = list(dict.fromkeys(one.words for one in expected))
    pushed = {one.words for one in expected if one.notice is not None}
    for entry, text in zip(shown, left, strict=True):
        again = next((each for each in words if each in text), None)
        if again is None:
            continue
        earlier = [one for one in shown if one.at < entry.at and again in one.text]
        excused = again in pushed and any(unsure(one.at, entry.channel) for one in earlier)
        verdict = Verdict.TWICE if excused else Verdict.DOUBLED
        findings.add(verdict, f"{'/'.join(who)} was told again ({entry.via}): {again[:60]}")
