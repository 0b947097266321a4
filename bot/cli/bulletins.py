"""`./huiyin bulletins list | save`: to whom they went, and their files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import timedelta
from pathlib import Path

from actions.bootstrap import Services
from actions.bulletins.drawings import picture_of
from actions.charts.drawing import Language
from actions.charts.picture import picture
from actions.clock import beijing
from actions.errors import ConfigurationError
from bot.bulletins.files import FORMS, write_file
from bot.cli.admin import with_services
from bot.cli.command import Command

_STATES = {
    "no_chat": "not delivered: no chat bound",
    "failed": "not delivered",
    "queued": "on its way",
    "held": "waits for the morning",
    "sent": "sent",
}


def _list(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        copies = await services.bulletins.copies(timedelta(days=arguments.days))
        for each in copies:
            unit = await services.org.unit_label(each.unit_id)
            state = _STATES.get(each.state, each.state)
            note = f" ({each.note})" if each.note else ""
            print(
                f"{beijing(each.made_at):%Y-%m-%d %H:%M}  {each.number}  {each.kind:9}  {unit}  "
                f"{each.badge}  {each.channel or '-'}  {state}{note}"
            )
        lost = sum(each.state in ("failed", "no_chat") for each in copies)
        print(f"{len(copies)} copies in {arguments.days} days, {lost} not delivered.")

    with_services(work)


def _save(arguments: Namespace) -> None:
    language: Language = "en" if arguments.lang == "en" else "zh"
    found: dict[str, bytes] = {}

    async def work(services: Services) -> None:
        bulletin = await services.bulletins.any(arguments.number)
        if bulletin is None:
            raise ConfigurationError(f"There is no bulletin {arguments.number}.")
        say = services.notices.wording.say
        found.update({form: write_file(form, bulletin, say, language) for form in FORMS})
        found["png"] = picture(picture_of(bulletin, say, language))

    with_services(work)
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for ending, content in found.items():
        path = folder / f"{arguments.number}.{ending}"
        path.write_bytes(content)
        print(path)


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="list|save", required=True)
    listing = actions.add_parser("list", help="to whom bulletins went, and which did not arrive")
    listing.add_argument("--days", type=int, default=14, help="how far back; 14")
    listing.set_defaults(work=_list)
    saving = actions.add_parser("save", help="write a bulletin's Excel, PDF and picture to files")
    saving.add_argument("number", help="as B26-0007")
    saving.add_argument("folder", nargs="?", default=".", help="where to; here")
    saving.add_argument("--lang", choices=("zh", "en"), default="zh")
    saving.set_defaults(work=_save)


COMMANDS = (
    Command(
        "bulletins",
        "see to whom bulletins went, or write one to files",
        lambda arguments: arguments.work(arguments),
        _arguments,
    ),
)
