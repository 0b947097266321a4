"""Every mistake in a policy file is one sentence: file, line, and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from actions.errors import ConfigurationError
from actions.policy.load import load_policy
from actions.policy.yaml_lines import LARGEST

EXAMPLE = Path(__file__).with_name("example.yml").read_text(encoding="utf-8")
SPAN = 'write for example "3 working days", "same day" or "30 minutes in duty hours".'
KINDS = "unsatisfied, complaint, suggestion, help, praise"

type Refused = Callable[[str | bytes], list[str]]


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refused:
    """The sentences that a file with this content is refused with."""
    monkeypatch.chdir(tmp_path)

    def read(content: str | bytes) -> list[str]:
        data = content.encode() if isinstance(content, str) else content
        Path("p.yml").write_bytes(data)
        with pytest.raises(ConfigurationError) as raised:
            load_policy("p.yml")
        return str(raised.value).splitlines()

    return read


def changed(old: str, new: str) -> str:
    assert EXAMPLE.count(old) == 1, old
    return EXAMPLE.replace(old, new)


def test_the_example_is_right(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert load_policy(str(path)).name == "example"


ONE_LINE = [
    # spans
    (
        "within: 3 working days\n    warn: 1 working day\n    kinds",
        "within: 3 workdays\n    warn: 1 working day\n    kinds",
        30,
        f'deadlines.rectify.within is "3 workdays"; {SPAN}',
    ),
    (
        "help: 2 days",
        "help: 400 days",
        33,
        'deadlines.rectify.kinds.help is "400 days"; allowed are 1 to 366.',
    ),
    (
        "most: 3 working days",
        "most: 3 days in duty hours",
        70,
        'extension.most is "3 days in duty hours"; only minutes and hours can be counted in duty '
        "hours.",
    ),
    ("close_after: 7 days", "close_after: 7", 65, f"silence.close_after is 7; {SPAN}"),
    (
        "close_after: 7 days",
        "close_after: 0 minutes",
        65,
        'silence.close_after is "0 minutes"; write more than nothing.',
    ),
    ("same_citizen: 7 days", "same_citizen:", 90, f"duplicates.same_citizen is null; {SPAN}"),
    (
        "[30 days, 90 days]",
        "[30 days, soon]",
        87,
        f'retaliation.after[2] is "soon"; {SPAN}',
    ),
    # hours of the day
    (
        '"08:00-20:00"',
        "8-20",
        9,
        'hours.duty is "8-20"; write for example "08:00-20:00" or "00:00-24:00".',
    ),
    (
        '"08:30-18:00"',
        '"18:00-08:30"',
        10,
        'hours.office is "18:00-08:30"; write for example "08:00-20:00".',
    ),
    ('"10:00"', "25:00", 12, 'hours.same_day_late is "25:00"; write a time such as "10:00".'),
    (
        '"10:00"',
        '"08:00"',
        12,
        "hours.same_day_late does not fit: same_day_late has to lie within the hours for calls.",
    ),
    (
        '"09:00-21:00"',
        '"09:00-24:00"',
        11,
        "hours.calls does not fit: the calls hours have to end before midnight.",
    ),
    (
        '"22:00-07:00"',
        "22:00",
        13,
        'hours.quiet is "22:00"; write for example "08:00-20:00" or "00:00-24:00".',
    ),
    # words from a list
    (
        "  by: sub_centre\n  form",
        "  by: sub-center\n  form",
        44,
        'callback.by is "sub-center"; write unit, sub_centre, centre or inspector.',
    ),
    (
        "  by: sub_centre\n  kinds",
        "  by: unit\n  kinds",
        56,
        'review.by is "unit"; write sub_centre, centre or inspector.',
    ),
    (
        "unsatisfied_result: review",
        "unsatisfied_result: reopen",
        63,
        'unsatisfied_result is "reopen"; write review or close.',
    ),
    ("[arrival, attitude]", "[speed]", 7, 'aspects[1] is "speed"; write arrival, attitude, '
     "result, equipment or appearance."),
    (
        "{kinds: [praise], words",
        "{kinds: [thanks], words",
        15,
        'routing[1].when.kinds[1] is "thanks"; write unsatisfied, complaint, suggestion, help or '
        "praise.",
    ),
    (
        "code:130702",
        "code:桥西",
        18,
        'routing[2].to is "code:桥西"; write named, station, county, city or "code:" and the code '
        "of a unit.",
    ),
    # numbers, yes and no
    ("attempts: 3", "attempts: 6", 46, "callback.attempts is 6; write a whole number from 1 to 5."),
    ("attempts: 3", 'attempts: "3"', 46, 'callback.attempts is "3"; write 3 without quotes.'),
    ("photos: 1", "photos: 1.5", 54, "before_answer.photos is 1.5; write a whole number from 0 to "
     "9."),
    ("alike: 0.75", "alike: 75", 92, "duplicates.alike is 75; write a number from 0 to 1."),
    ("measures: true", "measures: yes", 53, 'before_answer.measures is "yes"; write true or false.'),
    ('version: "1"', "version: 1", 5, 'version is 1; put it in quotes: "1".'),
    ("name: example", "name: My Policy", 1, 'name is "My Policy"; write small letters, digits and '
     "_, beginning with a letter."),
    ("  zh: 例子", '  zh: ""', 3, 'title.zh is ""; write a few words in quotes.'),
    # sections and lists
    ("silence:\n  close_after: 7 days", "silence: 7 days", 64, 'silence is "7 days"; write a '
     "section with close_after."),
    ("of: [closed, satisfied]", "of: closed", 81, 'spot_checks.of is "closed"; write a list in [ ] '
     "of closed, satisfied."),
    ("of: [closed, satisfied]", "of: []", 81, "spot_checks.of is []; name at least one: a list in "
     "[ ] of closed, satisfied."),
    ("stayed_solved:\n  after: 30 days", "stayed_solved: []", 84, "stayed_solved is []; write a "
     "section with after, or null."),
    ("identity:", "identity: null\nidentities:", 73, "identity is null; write a section with "
     "escrow, callers_see_phone and officer_named."),
    # names
    ("  attempts: 3", "  atempts: 3", 46, "callback.atempts is not known; did you mean attempts?"),
    ("  revisit:\n    within", "  revisits:\n    within", 38, "deadlines.revisits is not known; did "
     "you mean revisit?"),
    ("      help: 2 days", "      question: 2 days", 33, "deadlines.rectify.kinds.question is not "
     f"known; known here are {KINDS}."),
    ("  times: 2\n", "", 66, "reopen.times is missing; write a whole number from 0 to 10."),
    ("urge:\n  at_most: 3\n", "", 1, "urge is missing; write a section with at_most."),
    (
        "  answer:\n    within: 5 working days\n",
        "",
        19,
        "deadlines.answer is missing; write a section with within, warn, escalate, only and kinds.",
    ),
    ("callback: false", "callback: false\n  callback: true", 51, "before_answer.callback stands "
     "twice; it already stands in line 50."),
    # what does not go together
    (
        "[satisfied, basically, unsatisfied]",
        "[unsatisfied, satisfied]",
        6,
        "scale is [unsatisfied, satisfied]; write [satisfied, basically, unsatisfied] or "
        "[satisfied, unsatisfied], the best first.",
    ),
    ("[arrival, attitude]", "[arrival, arrival]", 7, "aspects names arrival twice; once is enough."),
    (
        "{kinds: [praise], words: [谢谢]}",
        "{}",
        15,
        "routing[1] takes every case, so what follows it is never reached; make it the last.",
    ),
    ("warn: 1 working day", "warn: 2 days", 31, 'deadlines.rectify.warn is "2 days", not shorter '
     'than deadlines.rectify.kinds.help, "2 days".'),
    ("warn: 1 working day", "warn: 72 hours", 31, 'deadlines.rectify.warn is "72 hours", not '
     'shorter than deadlines.rectify.within, "3 working days".'),
    ("warn: 1 working day", "warn: same day", 31, 'deadlines.rectify.warn is "same day"; write how '
     'long before, for example "4 hours".'),
    ("{after: 2 hours, to: centre}", "{after: 2 hours, to: lead}", 24, "deadlines.accept.escalate"
     "[2].to is lead after lead; each step goes further up: lead, sub_centre, centre."),
    ("{after: 0 minutes, to: lead}", "{after: 3 hours, to: lead}", 24, "deadlines.accept.escalate"
     '[2].after is "2 hours", earlier than the step before, "3 hours".'),
    ("finding: true", "finding: false", 27, "deadlines.verify never runs, because "
     "before_answer.finding is false; take it out or change that."),
    ("  times: 1\n", "  times: 0\n", 40, "deadlines.extension never runs, because extension.times "
     "is 0; take it out or change that."),
    ("kinds: [unsatisfied, complaint]", "kinds: []", 49, "before_answer.kinds is [], but finding is "
     "asked; name the kinds of case."),
    ("unsatisfied_result: review", "unsatisfied_result: close", 61, "revisit.own_answer_counts is "
     "true, but unsatisfied_result is close; then a citizen who is not satisfied would never be "
     "asked again: write false, or review there."),
    ("[30 days, 90 days]", "[90 days, 30 days]", 87, 'retaliation.after[2] is "30 days", earlier '
     'than the one before, "90 days".'),
    # YAML that is none, or more than plain
    ("  zh: 例子", "\tzh: 例子", 3, "is not YAML: indent with spaces, and quote a text that begins "
     "with a sign."),
    ("  en: Example", "  en: Rate: us", 4, 'is not YAML: put a text that holds ": " in quotes, and '
     "check the indent."),
    ("  en: Example", '  en: "Example', 5, "is not YAML: the indent or a quotation mark is wrong, "
     "here or just above."),
    ("  by: inspector", "  by: &who inspector\n  to: *who", 89, "retaliation.to refers to another "
     "line with *; write it out."),
    ("alike: 0.75", "alike: !!python/name:os.system x", 92, "duplicates.alike has a tag with !; "
     "write the value without it."),
    ("  at_most: 3", "  at_most: 3\n---\nname: two", 95, "is not YAML: one file holds one policy, so "
     "--- may not stand in it."),
    ("urge:\n  at_most: 3", "? [urge]\n: 3", 93, "a name before a colon has to be one word."),
    # invitations
    ("police_call: 7 days", "police_call: 3 working days", 97, 'invitations.after.police_call is '
     '"3 working days"; write minutes, hours or days.'),
    ("police_call: 7 days", "police_call: 20 days", 97, 'invitations.after.police_call is "20 '
     'days", not shorter than invitations.oldest.'),
    ("reminder: 3 days", "reminder: 8 days", 105, 'invitations.reminder is "8 days", not shorter than '
     "invitations.expires."),
    ("by: account_first", "by: post", 104, 'invitations.by is "post"; write account_first, account or sms.'),
    ("share: 0.5", "share: 50", 102, "invitations.share is 50; write a number from 0 to 1."),
    ("    visit: null\n", "", 96, "invitations.after.visit is missing; write for example \"3 working "
     'days\", \"same day\" or \"30 minutes in duty hours\", or null.'),
    # officer_code
    ("valid: 30 minutes", "valid: 2 days", 114, 'officer_code.valid is "2 days"; write minutes or hours.'),
    ("per_hour: 30", "per_hour: 200", 116, "officer_code.per_hour is 200, more than officer_code.per_day."),
    ("pack: 20", "pack: 21", 118, "officer_code.pack is 21; write a whole number from 0 to 20."),
    ('"07:00-19:00", "19:00-07:00"', '"07:00-19:00", "20:00-07:00"', 119, "officer_code.shifts: one ends at "
     "19:00 and the next begins at 20:00."),
    ('"07:00-19:00", "19:00-07:00"', '"07:00-19:00"', 119, 'officer_code.shifts has to fill the whole day; '
     'write ["00:00-24:00"] or more.'),
    ('"07:00-19:00", "19:00-07:00"', '"07:00-19:00", "19:00-07:00", "07:00-19:00", "19:00-07:00"', 119,
     "officer_code.shifts go round the clock more than once; name each hour once."),
    # satisfaction
    ("formula: satisfied_only", "formula: satisfied", 121, 'satisfaction.formula is "satisfied"; write '
     "satisfied_only, satisfied_or_basically or basically_half."),
    ("minimum: 30", "minimum: 4", 122, "satisfaction.minimum is 4; write a whole number from 5 to 1000."),
    ("zh: 例子", "zh: 例\x07子", 3, "holds a character that no text has; delete it."),
]  # fmt: skip


# Where a name is wrong, the one that should stand there is missing.
FOLLOWED = ("identity: null\nidentities:", "? [urge]\n: 3")


@pytest.mark.parametrize(("old", "new", "line", "sentence"), ONE_LINE)
def test_one_mistake_is_one_sentence(
    refused: Refused, old: str, new: str, line: int, sentence: str
) -> None:
    told = refused(changed(old, new))
    assert f"p.yml:{line}: {sentence}" in told
    others = [each for each in told if not each.startswith(f"p.yml:{line}:")]
    assert len(others) == (new in FOLLOWED)


SECTIONS_GONE = [
    (
        ("callback:\n  kinds: [unsatisfied]\n  by: sub_centre\n  form: [reason, wish, aspects]\n"
         "  attempts: 3\n  unreachable: continue\n", "callback: null\n"),
        ("callback: false", "callback: true"),
        [
            "p.yml:25: deadlines.callback never runs, because callback is null; take it out or "
            "change that.",
            "p.yml:45: before_answer.callback is true, but callback is null; say who calls, or "
            "write false.",
        ],
    ),
    (
        ("review:\n  by: sub_centre\n  kinds: [unsatisfied]\n", "review: null\n"),
        ("  review:\n    within: 1 working day\n", ""),
        [
            "p.yml:59: unsatisfied_result is review, but review is null; say who reviews, or write "
            "close.",
        ],
    ),
    (
        ("[reason, wish, aspects]", "[reason, wish]"),
        ("  aspects: true", "  aspects: false"),
        [
            "p.yml:7: aspects are named, but neither callback.form nor spot_checks nor invitations "
            "asks them; write [].",
        ],
    ),
    (
        ("[arrival, attitude]", "[]"),
        ("example", "example2"),
        [
            "p.yml:45: callback.form asks the aspects, but aspects is []; name some.",
            "p.yml:83: spot_checks.aspects is true, but aspects is []; name some.",
        ],
    ),
    (
        ("finding: true\n  measures: true\n  photos: 1", "finding: false\n  measures: false\n"
         "  photos: 0"),
        ("  verify:\n    within: 1 working day\n", ""),
        [
            "p.yml:47: before_answer.kinds names cases, but nothing is asked of them; write [].",
        ],
    ),
    (
        ("photos: 1", "photos: 1\n  photos: many"),
        ("attempts: 3", "attempts: &a 9"),
        [
            "p.yml:46: callback.attempts is 9; write a whole number from 1 to 5.",
            "p.yml:55: before_answer.photos stands twice; it already stands in line 54.",
        ],
    ),
    (
        ("attempts: 3", "attempts: 9"),
        ("warn: 1 working day", "warn: 9 days"),
        [
            'p.yml:31: deadlines.rectify.warn is "9 days", not shorter than '
            'deadlines.rectify.within, "3 working days".',
            "p.yml:46: callback.attempts is 9; write a whole number from 1 to 5.",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "sentences"), SECTIONS_GONE)
def test_several_mistakes_are_told_together_in_the_order_of_their_lines(
    refused: Refused, first: tuple[str, str], second: tuple[str, str], sentences: list[str]
) -> None:
    text = changed(*first)
    assert second[0] in text
    assert refused(text.replace(second[0], second[1], 1)) == sentences


WHOLE_FILES: list[tuple[str | bytes, str]] = [
    ("", "p.yml:1: holds no policy; begin with name: and copy a shipped one."),
    ("# nothing\n", "p.yml:1: holds no policy; begin with name: and copy a shipped one."),
    ("- a\n- b\n", "p.yml:1: holds no policy; begin with name: and copy a shipped one."),
    (
        "name: x\ntitle: \u6f22".encode("gb18030"),
        "p.yml:2: is not UTF-8 text; save it as UTF-8.",
    ),
    ("[" * 5000, "p.yml:1: is nested too deeply; no policy goes below six levels."),
    ("#" * (LARGEST + 1), f"p.yml:1: is longer than {LARGEST} characters; a policy is short."),
    ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "p.yml:2: b[1] refers to another line with *; "
     "write it out."),
    ("a: &a [*a]\n", "p.yml:1: a[1] refers to another line with *; write it out."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), WHOLE_FILES, ids=range(len(WHOLE_FILES)))
def test_a_file_that_is_no_policy(refused: Refused, content: str | bytes, sentence: str) -> None:
    assert sentence in refused(content)


def test_a_mark_before_the_text_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode())
    assert load_policy(str(path)).name == "example"


MISSING = [
    ("zhangjiaku", "No policy is called 'zhangjiaku'; did you mean zhangjiakou?"),
    (
        "beijing",
        "No policy is called 'beijing'; shipped are default, callbacks2014, handan, yuxi, "
        "zhangjiakou, zhumadian.",
    ),
    ("my.yml", "my.yml: there is no such file; name a file or a shipped policy."),
    ("etc/my", "etc/my: there is no such file; name a file or a shipped policy."),
    ("a\0b", "No policy is called 'a\\x00b'; shipped are default, callbacks2014, handan, yuxi, "
     "zhangjiakou, zhumadian."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sentence"), MISSING)
def test_a_policy_that_is_not_there(name: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_policy(name)
    assert str(raised.value) == sentence


def test_a_name_longer_than_any_file_has() -> None:
    with pytest.raises(ConfigurationError):
        load_policy("x" * 5000)
