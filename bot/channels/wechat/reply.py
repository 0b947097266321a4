"""Outgoing → the text of a WeChat message, and the XML of a passive reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from wechatpy.replies import TextReply

from bot.channels.markup import TEXT_LIMIT, pieces, plain
from bot.channels.wechat.config import MenuStyle
from bot.message import Choice, Outgoing
from bot.text import CHOOSE, clean, split, utf8_size


def choice_line(number: int, choice: Choice, style: MenuStyle) -> str:
    """One choice on its line: a link that answers when tapped, or a number to type."""
    label = " ".join(plain(choice.label).split())
    if style == "numbers":
        return f"{number} {label}"
    content, token = quote(label, safe=""), quote(choice.token, safe="")
    href = f"weixin://bizmsgmenu?msgmenucontent={content}&msgmenuid={token}"
    return f'<a href="{href}">{number} {label}</a>'


def as_text(message: Outgoing, style: MenuStyle) -> str:
    """Words and choices of one message as text; '' when it has neither."""
    lines = [choice_line(n, choice, style) for n, choice in enumerate(message.choices, 1)]
    words = plain(message.text).strip() or (CHOOSE if lines else "")
    return "\n".join([words, *lines]) if words else ""


def fitting_text(message: Outgoing, style: MenuStyle) -> str | None:
    """The text form within the limit, with numbers where links are too long; None if neither is."""
    for form in (as_text(message, style), as_text(message, "numbers")):
        if utf8_size(form) <= TEXT_LIMIT:
            return form
    return None


def pieces_and_choices(message: Outgoing) -> tuple[list[str], Outgoing | None]:
    """The words in pieces of their own, and the choices with the last of them, if there are any.

    The last piece stays with the choices where all of it fits into one text with numbers.
    """
    words = pieces(message.text)
    if not message.choices:
        return words, None
    last = Outgoing(words[-1] if words else CHOOSE, message.choices)
    if words and utf8_size(as_text(last, "numbers")) <= TEXT_LIMIT:
        return words[:-1], last
    return words, Outgoing(CHOOSE, message.choices)


def choices_as_texts(message: Outgoing, style: MenuStyle) -> list[str]:
    """Words and choices as text; more than one only where the choices alone are too long."""
    form = fitting_text(message, style)
    return [form] if form else pieces(as_text(message, "numbers"))


def passive_and_rest(
    messages: Sequence[Outgoing], style: MenuStyle = "links"
) -> tuple[str, list[Outgoing]]:
    """What fits into one passive reply, joined by blank lines, and what must be pushed, in order.

    A message that does not fit behind others goes into the rest whole; one that is too long even
    alone is cut on a sentence border. Pictures are always pushed. '' when there is nothing to say.
    """
    rest, taken = [m for m in messages if m.text.strip() or m.choices or _picture(m)], ""
    while rest:
        form = fitting_text(rest[0], style)
        joined = "\n\n".join(filter(None, [taken, form]))
        if form is None or utf8_size(joined) > TEXT_LIMIT:
            break
        taken, first = joined, rest.pop(0)
        if _picture(first):
            rest.insert(0, replace(first, text="", choices=()))
            break
    if rest and not taken and not _only_picture(rest[0]):
        taken, rest[0] = _cut(rest[0])
    return taken, rest


def render(recipient: str, account: str, text: str, now: float) -> str:
    """The XML of a passive text reply from `account`; no value can add or close an element."""
    reply = TextReply(
        target=_cdata(recipient), source=_cdata(account), content=_cdata(text), time=int(now)
    )
    return str(reply.render())


def _picture(message: Outgoing) -> bool:
    return message.image is not None or bool(message.drawn)


def _only_picture(message: Outgoing) -> bool:
    return not message.text.strip() and not message.choices


def _cut(message: Outgoing) -> tuple[str, Outgoing]:
    first, *others = split(plain(message.text).strip() or CHOOSE, TEXT_LIMIT)
    return first.strip(), replace(message, text="".join(others).strip())


def _cdata(text: str) -> str:
    """`text` for wechatpy's CDATA sections: `]]>` is spread over two of them."""
    return clean(text).replace("]]>", "]]]]><![CDATA[>")
