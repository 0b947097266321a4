"""The entry page as HTML; everything that people wrote is escaped."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from actions.callbacks.script import CallScript
from actions.clock import beijing
from actions.desk.entry import EntryKind, Source
from actions.desk.lookups import Written
from actions.desk.service import Recorded
from actions.notices.dates import say_date
from actions.notices.notices import Wording
from actions.org.org import Unit
from bot.web.desk.fields import Form
from bot.web.staff_pages import StaffPages


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page shows around the form. `proof` goes with every form of the session."""

    language: str
    proof: str
    who: str
    sources: Sequence[Source]
    kinds: Sequence[EntryKind]
    grades: Sequence[str]
    today: Sequence[Written] = ()
    calls: Sequence[str] = ()  # numbers of cases that this person has to call about


@dataclass(frozen=True, slots=True)
class Wrong:
    """What stands in the way: field → key of a sentence; `units` to choose from; `top`: a key."""

    fields: Mapping[str, str] = field(default_factory=dict)
    units: Sequence[Unit] = ()
    known: str = ""  # open cases of the same number
    top: str = ""
    danger: bool = False


class DeskPages:
    """Draws the form, what came of it, and scripts."""

    def __init__(self, pages: StaffPages, wording: Wording) -> None:
        self._pages = pages
        self._wording = wording

    def form(self, screen: Screen, form: Form, wrong: Wrong | None = None) -> str:
        """The form, as it was filled in where something is wrong with it."""
        wrong = wrong or Wrong()
        say = self._speaker(screen.language)
        body = (
            f'<h1 class="hear">{say("desk_title")}</h1>{self._above(say, wrong)}'
            f'<div class="columns"><div class="sheet">{self._entry(say, screen, form, wrong)}</div>'
            f"<aside>{self._today(say, screen)}{self._scripts(say, screen)}</aside></div>"
        )
        return self._pages.page(screen.language, "desk_title", body, self._head(say, screen))

    def done(self, screen: Screen, recorded: Recorded, *, danger: bool) -> str:
        """Number and short code in large letters, and what happens next."""
        say = self._speaker(screen.language)
        again = f'<a class="main" href="/desk" autofocus>{say("desk_again")}</a>'
        body = (
            f'<div class="columns" data-done><div class="sheet">{_danger(say, danger)}'
            f"{self._outcome(say, screen.language, recorded)}{again}</div>"
            f"<aside>{self._today(say, screen)}</aside></div>"
        )
        return self._pages.page(screen.language, "desk_done", body, self._head(say, screen))

    def script(self, screen: Screen, script: CallScript) -> str:
        """What to say in a call."""
        say = self._speaker(screen.language)
        asked = "".join(f"<li>{html.escape(each)}</li>" for each in script.questions)
        questions = f"<ol>{asked}</ol>" if asked else ""
        title = say("desk_script_of", number=script.number)
        body = (
            f'<div class="columns"><div class="sheet said"><h1>{title}</h1>'
            f"<section>{_paragraphs(script.opening)}{questions}</section>"
            f"<section><h2>{say('desk_what_if')}</h2>{_paragraphs(script.situations)}</section>"
            f"<section>{_paragraphs((script.closing, script.record))}</section>"
            f'<p><a class="main" href="/desk">{say("desk_back")}</a></p></div>'
            f"<aside>{self._scripts(say, screen)}</aside></div>"
        )
        return self._pages.page(screen.language, "desk_scripts", body, self._head(say, screen))

    def known(self, numbers: str, language: str) -> str:
        """The warning that a number has open cases; empty without any. Not escaped."""
        return self._wording.say("desk_known", language, numbers=numbers) if numbers else ""

    # --- parts ------------------------------------------------------------------------------------

    def _entry(self, say: Speaker, screen: Screen, form: Form, wrong: Wrong) -> str:
        """One thing under the other, in the order in which a caller tells them."""
        grades = [(grade, say(f"grade_{grade}")) for grade in screen.grades]
        parts = [
            _radios(
                say, "source", [(s, say(f"desk_source_{s}")) for s in screen.sources], form, wrong
            ),
            _radios(say, "kind", [(k, say(f"desk_kind_{k}")) for k in screen.kinds], form, wrong),
        ]
        if EntryKind.RATING in screen.kinds:
            parts.append(f'<div class="graded">{_radios(say, "grade", grades, form, wrong)}</div>')
        what = (
            f'<div><label for="what">{say("desk_field_what")}</label>{_wrong(say, "what", wrong)}'
            f'<textarea id="what" name="what" rows="4" maxlength="4000"{_told("what", wrong)}>'
            f"{html.escape(form['what'])}</textarea></div>"
        )
        unit = (
            f'<div class="suggest">{_line(say, "unit", form, wrong)}'
            f'<ul id="units" role="listbox" aria-label="{say("desk_units")}" hidden></ul>'
            f"{_which(say, wrong) or _hidden('unit_id', form['unit_id'])}</div>"
        )
        ticked = " checked" if form["news"] else ""
        news = (
            f'<label class="tick"><input type="checkbox" name="news" value="yes"{ticked}>'
            f"{say('desk_field_news')}</label>"
        )
        parts += [
            what,
            f'<div class="pair">{unit}<div>{_line(say, "badge", form, wrong)}</div></div>',
            f'<div class="pair"><div>{_line(say, "phone", form, wrong, kind="tel")}{news}</div>'
            f"<div>{_line(say, 'when', form, wrong)}</div></div>",
            f'<div class="sending"><button class="main">{say("desk_send")}</button>'
            f'<span class="hint">{say("desk_keys", last=str(len(screen.kinds)))}</span></div>'
            '<p class="saved" id="live" role="status"></p>',
        ]
        told = "".join(
            f' data-{name}="{say(f"desk_{name}")}"'
            for name in ("saved", "restored", "offline", "sending")
        )
        filled = ' data-filled="yes"' if wrong.fields or wrong.known or wrong.top else ""
        return (
            f'<form class="entry" method="post" action="/desk" autocomplete="off" novalidate{told}{filled}>'
            f"{_hidden('id', form.id)}{_hidden('proof', screen.proof)}{_hidden('seen', form.seen)}"
            f"{''.join(parts)}</form>"
        )

    def _above(self, say: Speaker, wrong: Wrong) -> str:
        known = say("desk_known_send", numbers=wrong.known) if wrong.known else ""
        hidden = "" if known else " hidden"
        top = f'<p class="warning" role="alert">{say(wrong.top)}</p>' if wrong.top else ""
        return (
            f"{_danger(say, wrong.danger)}{top}"
            f'<p class="warning" id="known" role="alert"{hidden}>{known}</p>'
        )

    def _outcome(self, say: Speaker, language: str, recorded: Recorded) -> str:
        receipt = recorded.receipt
        if receipt is None:
            grade = say(f"grade_{recorded.grade}")
            return (
                f"<h1>{say('desk_done')}</h1><div class='next'>"
                f"<p>{say('desk_rated', grade=grade, unit=recorded.unit_label)}</p></div>"
            )
        at = say_date(self._wording, receipt.answer_by, language, certain=receipt.certain)
        dates = [say("desk_answer_by", at=at)]
        if receipt.call_by is not None:
            dates.insert(
                0, say("desk_call_by", at=say_date(self._wording, receipt.call_by, language))
            )
        code = f"<div><dt>{say('desk_code')}</dt><dd>{recorded.short_code}</dd></div>"
        texted = [say("desk_texted")] if recorded.texted else []
        why = [say("desk_withheld")] if recorded.withheld else [say("desk_read_aloud")]
        lines = [say("desk_with", unit=receipt.unit_label), *dates, *texted, *why]
        return (
            f"<h1>{say('desk_done')}</h1><dl class='big'><div><dt>{say('desk_number')}</dt>"
            f"<dd>{receipt.number}</dd></div>{code if recorded.short_code else ''}</dl>"
            f"<div class='next'>{''.join(f'<p>{line}</p>' for line in lines)}</div>"
        )

    def _today(self, say: Speaker, screen: Screen) -> str:
        if not screen.today:
            listed = f'<p class="hint">{say("desk_none_today")}</p>'
        else:
            items = "".join(
                f"<li><time>{beijing(each.at):%H:%M}</time><span>"
                f"{each.number or say('desk_kind_rating')}</span>"
                f'<span class="hint">{say(f"desk_source_{each.source}")}</span></li>'
                for each in screen.today
            )
            listed = f'<ol class="today">{items}</ol>'
        return f'<section class="sheet"><h2>{say("desk_today")}</h2>{listed}</section>'

    def _scripts(self, say: Speaker, screen: Screen) -> str:
        calls = "".join(
            f'<a href="/desk/script?number={html.escape(number)}">{html.escape(number)}</a> '
            for number in screen.calls
        )
        return (
            f'<section class="sheet"><h2>{say("desk_scripts")}</h2>'
            f'<form class="row" action="/desk/script"><label class="hear" for="number">{say("desk_number")}'
            f'</label><input type="text" id="number" name="number" placeholder="Q26-0017" maxlength="20">'
            f'<button>{say("desk_show")}</button></form><p class="calls">{calls}</p></section>'
        )

    def _head(self, say: Speaker, screen: Screen) -> str:
        return (
            f'<span class="who">{html.escape(screen.who)}</span><form method="post" action="/logout">'
            f'{_hidden("proof", screen.proof)}<button class="quiet">{say("desk_log_out")}</button></form>'
        )

    def _speaker(self, language: str) -> Speaker:
        return Speaker(self._pages, language)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says sentences in one language, escaped."""

    pages: StaffPages
    language: str

    def __call__(self, key: str, **params: str) -> str:
        return self.pages.say(key, self.language, **params)


def _radios(
    say: Speaker, name: str, values: Sequence[tuple[str, str]], form: Form, wrong: Wrong
) -> str:
    buttons = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"'
        f"{' checked' if form[name] == value else ''}>{label}</label>"
        for value, label in values
    )
    legend = say(f"desk_field_{name}") + _wrong(say, name, wrong)
    return (
        f"<fieldset{_told(name, wrong)}><legend>{legend}</legend>"
        f'<div class="choices">{buttons}</div></fieldset>'
    )


def _line(say: Speaker, name: str, form: Form, wrong: Wrong, kind: str = "text") -> str:
    return (
        f'<label for="{name}">{say(f"desk_field_{name}")}</label>{_wrong(say, name, wrong)}'
        f'<input type="{kind}" id="{name}" name="{name}" value="{html.escape(form[name])}"'
        f' maxlength="200"{_told(name, wrong)}>'
    )


def _which(say: Speaker, wrong: Wrong) -> str:
    """Units to choose from, and that it is none of them."""
    if not wrong.units:
        return ""
    choices = [(str(unit.id), html.escape(unit.label)) for unit in wrong.units]
    return (
        f'<div class="choices" role="radiogroup" aria-label="{say("desk_units")}">'
        + "".join(
            f'<label><input type="radio" name="unit_id" value="{value}">{label}</label>'
            for value, label in [*choices, ("0", say("desk_unit_as_said"))]
        )
        + "</div>"
    )


def _wrong(say: Speaker, name: str, wrong: Wrong) -> str:
    key = wrong.fields.get(name)
    return f'<span class="wrong" id="wrong-{name}">{say(key)}</span>' if key else ""


def _told(name: str, wrong: Wrong) -> str:
    """Ties a field to what is wrong with it, for those who hear the page."""
    if name not in wrong.fields:
        return ""
    return f' aria-describedby="wrong-{name}" aria-invalid="true"'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{html.escape(value)}">'


def _danger(say: Speaker, danger: bool) -> str:
    return f'<p class="warning danger" role="alert">{say("desk_danger")}</p>' if danger else ""


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)
