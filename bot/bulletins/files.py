"""A bulletin as a file. What writes them (openpyxl and reportlab) is loaded with the first one, so
that a process that writes none does not have it in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from actions.bulletins.content import Bulletin
from actions.bulletins.drawings import Say
from actions.charts.drawing import Language

FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_WRITERS = {
    "xlsx": ("bot.bulletins.spreadsheet", "workbook"),
    "pdf": ("bot.bulletins.paper", "paper"),
}


def write_file(form: str, bulletin: Bulletin, say: Say, language: Language) -> bytes:
    """The file of that form, one of FORMS. Pictures take a moment to draw: call it in a thread."""
    module, name = _WRITERS[form]
    write: Callable[[Bulletin, Say, Language], bytes] = getattr(import_module(module), name)
    return write(bulletin, say, language)
