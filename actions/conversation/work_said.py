"""What an officer's words already say of what a verb needs. Pure: words in, answers out.

Words behind a command (`回访 Q26-0017 没打通`) are taken whole; of a sentence in plain words
(`已电话回访，群众同意`) the clause that only names the verb is left out.
"""

from __future__ import annotations

import re
import unicodedata

from actions.cases.states import Verb
from actions.deadlines.said_spans import span_in
from actions.numerals import number

NUMBER = re.compile(r"[Qq]\s*\d{2}\s*[-—–_ ]?\s*\d{4,9}")
_SEPARATORS = r"[，,。；;：:！!、\n]"
_CLAUSE = re.compile(rf"[^，,。；;：:！!\n]+{_SEPARATORS}*")
_SPACED = re.compile(r"[^，,。；;：:！!\s]+[，,。；;：:！!\s]*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_COLON = re.compile(r"[：:]\s*(?P<words>.{2,})", re.DOTALL)
_EDGE = " \u3000，,。；;：:、"

# The first pattern that is found decides.
_CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "reached": (
        (
            "no",
            r"没有?(?:打通|人接|接通?|联系上|通)|打不通|不通|未接|无人接听?|关机|空号|停机|拒接|不接|占线|不在服务区"
            r"|联系不上|not reached|no answer|unreachable|(?:did ?n.?t|did not) (?:answer|pick)|voicemail|busy"
            r"|(?:could ?n.?t|could not) reach|no reply",
        ),
        (
            "yes",
            r"打通|通了|接通|电话接了|联系上|已经?(?:电话)?(?:回访|联系|沟通|打过?)|已电话|(?:回访|联系|沟通)(?:过|了|完)"
            r"|(?:群众|对方|他|她|本人|当事人)(?:已经?)?(?:说|表示|同意|要求|反映|讲|愿意|不愿)|\breached|spoke|got through"
            r"|answered|called (?:back|him|her|them)|talked",
        ),
    ),
    "finding": (
        ("partly", r"部分属实|部分是真|一半属实|基本属实|部分|partly|partially"),
        (
            "unsubstantiated",
            r"不属实|不实|失实|没有这回事|没这回事|查无|无依据|不成立|不存在|unsubstantiated|not substantiated"
            r"|unfounded|not true|untrue",
        ),
        (
            "substantiated",
            r"属实|查实|确有|确实|是真的|真有|成立|substantiated|confirmed|\btrue|founded",
        ),
    ),
    "grade": (
        (
            "unsatisfied",
            r"(?:还是)?不满意|没解决|没有解决|不认可|不行|not satisfied|unsatisfied|dissatisfied|not solved",
        ),
        ("basically", r"基本满意|一般|还可以|还行|fairly satisfied|mostly satisfied|fair"),
        ("satisfied", r"满意|解决了|认可|satisfied|solved"),
    ),
}
_ONLY_REACHED = r"打通|通|接通|联系上|reached(?: (?:him|her|them))?"
_SHORTLY = {"reached": (("no", r"没有?|不|无|no?|nope"), ("yes", r"是的?|有|嗯|对|y(?:es)?"))}

# Of a sentence in plain words, the clause that holds this only names the verb.
_NAMES: dict[Verb, str] = {
    Verb.CALL_BACK: r"回访|电话|联系|沟通|打(?:了|过|通|完)|没打通|call|phone|spoke|reached",
    Verb.VERIFY: r"核查|核实|属实|查实|查了|查清|结论|verif|finding|substantiated",
    Verb.RECTIFY: r"整改|改好|改了|rectif|fixed",
    Verb.EXPLAIN: r"解释|说明|没法|无法|整改不了|explain|cannot be",
    Verb.VISIT: r"上门|走访|登门|去了|家里|visit",
    Verb.EXTEND: r"延期|延长|宽限|宽[^，,]{0,3}天|缓|多给|再给|晚|extend|extension|more time|longer",
    Verb.SEND_BACK: r"退回|打回|驳回|重办|重新|send.{0,6}back|sent back|redo",
    Verb.REVISIT: r"复访|回头|满意|解决|re-?visit|satisfied",
    Verb.CLOSE: r"办结|结案|结了|了结|关闭|close",
    Verb.TRANSFER: r"转|移交|transfer|hand",
}
_TO_THE_CITIZEN = frozenset({Verb.ASK, Verb.MESSAGE, Verb.ANSWER, Verb.HAND_IN})
_WHO_FIRST = frozenset({Verb.TRANSFER, Verb.DISPATCH, Verb.HAND_OVER})
_SAYS_MORE = 10  # characters: a choice said at such length says why as well
_BADGE = re.compile(r"(?<![0-9A-Za-z-])[A-Za-z]{0,2}\d{4,8}(?![0-9A-Za-z])")
_CODE = re.compile(r"(?<!\d)\d{4}(?!\d)")


def behind(whole: str, seen: str, words: str) -> str:
    """The words behind a command as they were written.

    `whole` is the message, `seen` what understanding was given of it (its first characters), and
    `words` what it found behind the command, folded and simplified.
    """
    head = _ink(unicodedata.normalize("NFKC", seen).rstrip(" 。.!！~")) - _ink(words)
    for index, char in enumerate(whole):
        if head <= 0 and not char.isspace():
            return whole[index:].strip()
        head -= _ink(unicodedata.normalize("NFKC", char))
    return words


def _ink(text: str) -> int:
    """How many characters are not blank."""
    return sum(not char.isspace() for char in text)


def choice_in(name: str, text: str) -> str | None:
    """Which of the question's choices the text says, or None."""
    for value, pattern in _SHORTLY.get(name, ()):
        if re.fullmatch(pattern, text.strip(" 。.!！"), re.IGNORECASE):
            return value
    for value, pattern in _CHOICES.get(name, ()):
        if re.search(pattern, text, re.IGNORECASE):
            return value
    return None


def score_in(text: str) -> str | None:
    """A score from one to five, in digits or Chinese; None when there is no such."""
    found = re.search(r"[1-5１-５一二两三四五]", text)
    value = number(unicodedata.normalize("NFKC", found.group())) if found else None
    return str(value) if value else None


def answers_behind(verb: Verb, words: str) -> dict[str, str]:
    """What the words behind a command say. Units and colleagues are not looked up here."""
    found = _facts(verb, words)
    if verb is Verb.CALL_BACK:
        found.setdefault("reached", "yes")
    text = words if verb in _TO_THE_CITIZEN else _without(verb, words, found)
    return {**found, **({"text": text} if text and verb not in _WHO_FIRST else {})}


def answers_in(verb: Verb, sentence: str) -> dict[str, str]:
    """What a sentence in plain words says. What goes to the citizen stands behind a colon only."""
    said = NUMBER.sub(" ", sentence).strip(_EDGE)
    found = _facts(verb, said)
    if verb in _TO_THE_CITIZEN:
        colon = _COLON.search(said)
        text = colon["words"].strip() if colon else ""
    else:
        text = rest_of(verb, said)
    return {**found, **({"text": text} if text else {})}


def rest_of(verb: Verb, sentence: str) -> str:
    """The sentence without the clause that only names the verb; empty when nothing is left."""
    names = _NAMES.get(verb)
    if names is None:
        return ""
    clauses = _clauses(sentence)
    named = [each for each in clauses if re.search(names, each, re.IGNORECASE)]
    if verb is Verb.EXTEND:
        named = [each for each in clauses if each in named or span_in(each)]
    if not named:
        return sentence
    drop = named if verb is Verb.EXTEND else named[:1]
    return "".join(each for each in clauses if each not in drop).strip(_EDGE)


def _clauses(sentence: str) -> list[str]:
    marked = _CLAUSE.findall(sentence)
    if len(marked) > 1 or not _CHINESE.search(sentence):
        return marked
    return _SPACED.findall(sentence)


def _facts(verb: Verb, words: str) -> dict[str, str]:
    """The answers that are no free words."""
    found: dict[str, str | None] = {}
    match verb:
        case Verb.CALL_BACK:
            found["reached"] = choice_in("reached", words)
        case Verb.VERIFY:
            found["finding"] = choice_in("finding", words)
        case Verb.REVISIT:
            found["grade"] = choice_in("grade", words)
        case Verb.EXTEND:
            span = span_in(words)
            found["span"] = span.span if span else None
        case Verb.MERGE:
            found["into"] = _first(NUMBER, words)
        case Verb.NAME_SUBJECT:
            found["officer"] = _first(_BADGE, words)
        case Verb.CONFIRM_VISIT:
            found["code"] = _first(_CODE, words)
    return {name: value for name, value in found.items() if value}


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found.group() if found else None


def _without(verb: Verb, words: str, found: dict[str, str]) -> str:
    """The words without the answer that stands at their beginning: 2天 等街道回复 → 等街道回复."""
    if verb is Verb.EXTEND:
        span = span_in(words)
        cut = words[: span.start] + words[span.end :] if span else words
        return re.sub(r"^[\s，,]*(?:申请)?延期?[\s，,]*", "", cut).strip(_EDGE)
    for name in ("reached", "finding", "grade"):
        if name in found:
            return _behind_choice(name, found[name], words)
    return "" if verb in (Verb.MERGE, Verb.NAME_SUBJECT, Verb.CONFIRM_VISIT) else words


def words_after_choice(name: str, value: str, words: str) -> str:
    """What was said besides the choice: 打通了，下午来取 → 下午来取; empty when that was all."""
    rest = _behind_choice(name, value, words)
    return rest if rest != words or len(words) >= _SAYS_MORE else ""


def _behind_choice(name: str, value: str, words: str) -> str:
    pattern = _ONLY_REACHED if value == "yes" else dict(_CHOICES[name])[value]
    leading = re.match(
        rf"(?:是|已经?|结论)?[:：]?\s*(?:{pattern})了?(?=$|[\s，,。；;：:])", words, re.IGNORECASE
    )
    return (words[leading.end() :] if leading else words).strip(_EDGE)
