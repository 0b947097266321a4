"""The pages as HTML. What people wrote is escaped; lines are drawn here and nowhere else."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import segno

from actions.clock import beijing
from bot.web.files import frame, static_files
from bot.web.lines import Grade, Line, Place

_GAP = re.compile(r"\{\{(\w+)\}\}")
_SCRIPT = (
    *("me", "pending", "sending", "uploading", "failed", "again", "drop", "offline", "online"),
    *("slow", "busy", "too_fast", "too_big", "unknown_kind", "unreadable", "no_cookie", "thinking"),
    *("recording", "voice_hint", "voice_refused", "place_refused", "place_asking", "voice_sent"),
    *("photo_of_mine", "place_sent"),
)  # what bot/web/static/chat.js says
_MENU = ("rate", "complain", "mine", "help", "hotline")


class Say(Protocol):
    """The sentence of this key in a language, its gaps filled."""

    def __call__(self, key: str, language: str, **params: str) -> str: ...


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows. `back`: its own address. `warning`: the key of a sentence on top."""

    language: str
    back: str
    lines: Sequence[Line] = ()
    place: Place | None = None
    warning: str = ""

    @property
    def rated(self) -> Place | None:
        """The place, if it can be rated."""
        return self.place if self.place and self.place.rated else None


class Pages:
    """Draws pages in either language. `grades`: the policy's scale."""

    def __init__(self, say: Say, grades: Sequence[Grade], hotline: str, keep_days: int) -> None:
        self._say = say
        self.grades = tuple(grades)
        self._hotline = hotline
        self._days = str(keep_days)
        self._chat, self._account, self._notice = map(
            frame, ("chat.html", "account.html", "notice.html")
        )
        self.static = static_files()

    # --- whole pages ----------------------------------------------------------------------------

    def chat(self, view: View, today: date) -> str:
        """The chat. `today` is the day in Beijing: lines of other days show theirs."""
        say = self._speaker(view.language)
        fresh = not view.lines
        return self._fill(
            self._chat,
            view.language,
            back=html.escape(view.back),
            scene=html.escape(view.rated.scene if view.rated else ""),
            after=str(max((line.change for line in view.lines), default=0)),
            warning=f'<p class="warning">{say(view.warning)}</p>' if view.warning else "",
            greeting=self._greeting(view) if fresh else "",
            lines="".join(self.line(line, view.language, today) for line in view.lines),
            card=self._card(view) if view.place else "",
            menu="" if view.rated or not fresh else self._menu(view.language),
            end_hidden="hidden" if fresh else "",
            id=str(uuid.uuid4()),
        )

    def account(self, place: Place, code_url: str, language: str) -> str:
        """Inside WeChat: the official account's code to press long, or on to the chat."""
        code = segno.make(code_url, error="m")
        svg = code.svg_inline(border=3, light="#fff", dark="#000", omitsize=True)
        return self._fill(
            self._account,
            language,
            label=html.escape(place.label),
            code=svg,
            here=f"/s/{html.escape(place.scene)}?here=1",
        )

    def notice(self, key: str, language: str) -> str:
        """A page with one sentence and a way back to the chat."""
        return self._fill(self._notice, language, sentence=self._speaker(language)(key))

    def menu_label(self, entry: str, language: str) -> str:
        """What a menu entry says."""
        return self._say(f"web_menu_{entry}", language)

    # --- lines ----------------------------------------------------------------------------------

    def line(self, line: Line, language: str, today: date) -> str:
        """One message as a list item; `data-key` lets the page find what it had shown itself."""
        say = self._speaker(language)
        side = "mine" if line.mine else "theirs"
        kind = "note" if line.kind == "scan" else f"said {side}"
        who = say("web_me" if line.mine else "web_us")
        at = beijing(line.sent_at)
        shown = f"{at:%H:%M}" if at.date() == today else _day_and_time(at)
        return (
            f'<li class="{kind}" id="m{line.number}" data-change="{line.change}"'
            f' data-key="{html.escape(line.key)}"><span class="who">{who}</span>'
            f'<div class="bubble">{self._body(line, language)}</div>'
            f'{self._choices(line)}<time datetime="{at.isoformat(timespec="minutes")}">{shown}</time>'
            "</li>"
        )

    def _body(self, line: Line, language: str) -> str:
        say = self._speaker(language)
        text = f"<p>{html.escape(line.text)}</p>" if line.text else ""
        address = f"/chat/files/{line.number}"
        match line.kind:
            case "scan":
                return f"<p>{say('web_scanned', label=line.text)}</p>"
            case "image" if line.has_file:
                alt = say("web_photo_of_mine" if line.mine else "web_picture")
                picture = f'<img src="{address}" alt="{alt}" loading="lazy">'
                return f'<a href="{address}" target="_blank" rel="noopener">{picture}</a>{text}'
            case "voice" if line.has_file:
                sound = f'<audio controls preload="none" src="{address}"></audio>'
                return f"<p>{say('web_voice_sent')}</p>{sound}{text}"
            case "image" | "voice":
                return f"<p>{say('web_file_gone')}</p>{text}"
            case "location":
                return f"<p>{say('web_place_sent', place=line.text)}</p>"
        return text

    def _choices(self, line: Line) -> str:
        """Buttons that work without a script as well; each form has an id, so a double tap is one."""
        if not line.choices:
            return ""
        buttons = "".join(
            f'<button name="token" value="{html.escape(c.token)}">{html.escape(c.label)}</button>'
            for c in line.choices
        )
        hidden = f'<input type="hidden" name="id" value="{uuid.uuid4()}">'
        return (
            f'<form class="choices" method="post" action="/chat/messages">{hidden}{buttons}</form>'
        )

    # --- parts ----------------------------------------------------------------------------------

    def _greeting(self, view: View) -> str:
        say = self._speaker(view.language)
        hello = "" if view.rated else f'<p class="hello">{say("web_hello")}</p>'
        return f'{hello}<p class="aside">{say("web_no_account", days=self._days)}</p>'

    def _card(self, view: View) -> str:
        """What a scanned code offers before anything was said."""
        say, place = self._speaker(view.language), view.place
        if place is None:
            return ""
        if not place.rated:
            told = say(f"web_{place.state}", was=place.was or place.label, label=place.label)
            return f'<p class="warning">{told}</p>'
        moved = (
            f'<p class="warning">{say("web_moved", was=place.was, label=place.label)}</p>'
            if place.state == "moved"
            else ""
        )
        grades = "".join(
            f'<button class="grade {html.escape(grade.name)}" name="grade"'
            f' value="{html.escape(grade.name)}">{html.escape(grade.labels[view.language])}</button>'
            for grade in self.grades
        )
        alone = f'<p class="aside">{say("web_one_time")}</p>' if place.one_time else ""
        return (
            f'{moved}<form class="card" method="post" action="/chat/messages">'
            f'<h2><span class="place">{html.escape(place.label)}</span>{say("web_how")}</h2>{alone}'
            f'<input type="hidden" name="id" value="{uuid.uuid4()}">'
            f'<input type="hidden" name="scene" value="{html.escape(place.scene)}">'
            f'<label class="plain-only">{say("web_one_sentence")}'
            f'<textarea name="text" rows="2" maxlength="2000"></textarea></label>'
            f'<div class="grades">{grades}</div></form>'
        )

    def _menu(self, language: str) -> str:
        say = self._speaker(language)
        buttons = "".join(
            f'<button name="menu" value="{entry}">{say(f"web_menu_{entry}")}</button>'
            for entry in _MENU
        )
        hidden = f'<input type="hidden" name="id" value="{uuid.uuid4()}">'
        return f'<form class="choices menu" method="post" action="/chat/messages">{hidden}{buttons}</form>'

    def _words(self, language: str) -> str:
        """The sentences that the page's script says by itself, as JSON that no tag can end."""
        told = {"hotline": self._hotline, "days": self._days, "place": "{place}"}
        words = {key: self._say(f"web_{key}", language, **told) for key in _SCRIPT}
        return json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")

    # --- filling --------------------------------------------------------------------------------

    def _speaker(self, language: str) -> _Speaker:
        return _Speaker(self._say, language, self._hotline, self._days)

    def _fill(self, template: str, language: str, **parts: str) -> str:
        """The template with `{{part}}` replaced by a part, else by the sentence web_<part>."""
        say = self._speaker(language)
        known = {
            "lang": "zh-CN" if language == "zh" else "en",
            "language": language,
            "other": "en" if language == "zh" else "zh",
            "other_lang": "en" if language == "zh" else "zh-CN",
            "other_name": "English" if language == "zh" else "中文",
            "words": self._words(language),
            **{f"{name.replace('.', '_')}": f"/chat/static/{name}?v={file.version}"
               for name, file in self.static.items()},
            **parts,
        }  # fmt: skip

        def put(found: re.Match[str]) -> str:
            name = found[1]
            return known[name] if name in known else say(f"web_{name}")

        return _GAP.sub(put, template)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says sentences in one language, escaped."""

    say: Say
    language: str
    hotline: str
    days: str

    def __call__(self, key: str, **params: str) -> str:
        told = {"hotline": self.hotline, "days": self.days, **params}
        return html.escape(self.say(key, self.language, **told))


def _day_and_time(moment: datetime) -> str:
    return f"{moment.month}-{moment.day} {moment:%H:%M}"
