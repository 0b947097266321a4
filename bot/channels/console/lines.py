"""Lines of a terminal ↔ messages; plain functions."""

from __future__ import annotations

from dataclasses import replace

from bot.message import Incoming, Kind, Outgoing
from bot.text import clean

HELP = """\
:scan CODE   扫一个码 / scan a code
:menu KEY    点菜单（rate complain mine help hotline） / tap the account's menu
:follow      关注 / follow the account
:quit        退出 / leave
其他都当作您说的话；选项可以打数字。 / Anything else is what you say; choices by number."""
WELCOME = "回音 · 终端试用。直接打字；:help 看命令，:quit 退出。"
GOODBYE = "再见。"

_QUIT = (":quit", ":q")


def read_line(line: str, blank: Incoming) -> Incoming | None:
    """`blank` with what the line says; Kind.IGNORED for :help, an empty or unknown :command,
    None for :quit.
    """
    words = clean(line).strip()
    command, _, rest = words.partition(" ")
    rest = rest.strip()
    if command in _QUIT:
        return None
    if command == ":scan" and rest:
        return replace(blank, kind=Kind.SCAN, scene=rest)
    if command == ":menu" and rest:
        return replace(blank, kind=Kind.MENU, token=rest)
    if command == ":follow":
        return replace(blank, kind=Kind.FOLLOW)
    if not words or command.startswith(":"):
        return replace(blank, kind=Kind.IGNORED)
    return replace(blank, kind=Kind.TEXT, text=words)


def shown(message: Outgoing, picture: str = "") -> str:
    """A message as it stands in a terminal: indented, choices numbered, control codes removed.

    `picture` is the file in which its picture was put.
    """
    lines = clean(message.text).strip().split("\n")
    lines += [f"[{n}] {clean(choice.label)}" for n, choice in enumerate(message.choices, 1)]
    if message.image is not None:
        lines.append(f"（图片，{len(message.image)} 字节{f'：{picture}' if picture else ''}）")
    return "\n".join(f"  {line}" for line in lines if line.strip())
