"""The frame of all pages that only officers see, and the files that these load."""

from __future__ import annotations

import html
import re
from importlib import resources

from bot.web.files import packed
from bot.web.pages import Say

_GAP = re.compile(r"\{\{(\w+)\}\}")
_KINDS = {"desk.css": "text/css", "desk.js": "text/javascript"}


class StaffPages:
    """Draws whole pages. What is put into a gap is HTML already; sentences are escaped here."""

    def __init__(self, say: Say, hotline: str) -> None:
        self._say = say
        self._hotline = hotline
        folder = resources.files("bot.web.desk") / "static"
        self._frame = (folder / "frame.html").read_text("utf-8")
        self.static = {
            name: packed(kind, (folder / name).read_bytes()) for name, kind in _KINDS.items()
        }

    def say(self, key: str, language: str, **params: str) -> str:
        """The sentence, escaped."""
        return html.escape(self._say(key, language, **{"hotline": self._hotline, **params}))

    def page(self, language: str, title: str, body: str, head: str = "", name: str = "") -> str:
        """A whole page; `title` and `name` are sentences' keys, `head` what stands beside the name."""
        parts = {
            "lang": "zh-CN" if language == "zh" else "en",
            "title": self.say(title, language),
            "name": self.say(name or f"{_topic(title)}_name", language),
            "head": head,
            "body": body,
            **{
                name.replace(".", "_"): f"/desk/static/{name}?v={file.version}"
                for name, file in self.static.items()
            },
        }
        return _GAP.sub(lambda gap: parts[gap[1]], self._frame)

    def enter(self, language: str, action: str, title: str = "login_title") -> str:
        """Behind a link from the chat: one button."""
        body = (
            f'<div class="alone"><h1>{self.say(title, language)}</h1>'
            f"<p>{self.say('login_hint', language)}</p>"
            f'<form method="post" action="{html.escape(action)}">'
            f'<button class="main" autofocus>{self.say("login_enter", language)}</button></form></div>'
        )
        return self.page(
            language, title, body, name="" if title.startswith("wall") else "staff_name"
        )

    def notice(self, key: str, language: str) -> str:
        """One sentence."""
        title = f"{_topic(key)}_title"
        body = (
            f'<div class="alone"><h1>{self.say(title, language)}</h1>'
            f'<p role="status">{self.say(key, language)}</p></div>'
        )
        return self.page(language, title, body)


def _topic(key: str) -> str:
    """Whose sentence it is: the wall's, else the desk's."""
    return "wall" if key.startswith("wall_") else "desk"
