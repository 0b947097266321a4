"""`./huiyin codes …`: codes for units, desks, cars, communities and badges."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser, Namespace
from pathlib import Path

from actions import clock
from actions.bootstrap import Services
from actions.codes.listing import Listed
from actions.codes.service import Shown
from actions.codes.spelling import address
from actions.codes.target import CodeTarget
from actions.codes.wishes import KINDS, USUAL
from actions.errors import ConfigurationError
from actions.settings import read
from bot.cli.admin import with_services
from bot.cli.code_files import as_csv, draw_sheets, draw_wechat, give
from bot.cli.command import Command
from bot.print.wording import FORM_NAMES
from bot.settings import BotSettings

BADGES_ONLY, PLACES = ("badge",), tuple(kind for kind in KINDS if kind != "badge")


def _make(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        if arguments.csv:
            made = await services.codes.make_from(Path(arguments.csv), _who())
        else:
            kinds = _kinds(arguments.kinds, USUAL)
            made = await services.codes.make(kinds, arguments.below, _who())
        print(f"{made.new} codes made; {made.stood} places had one already.")

    with_services(work)


def _sheet(arguments: Namespace) -> None:
    usual = BADGES_ONLY if arguments.form == "badge" else PLACES
    settings = _public()

    async def work(services: Services) -> None:
        codes = await _wanted(services, arguments, KINDS if arguments.code else usual)
        out = Path(arguments.out)
        print(draw_sheets(out, arguments.form, codes, settings, arguments.wording))
        await services.codes.printed([code.code_id for code in codes], _who())

    with_services(work)


def _move(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        found = await services.codes.move(arguments.code, arguments.to, _who(), arguments.label)
        print(_leads(found))
        print(f"Its sticker says {found.was}; print it anew with ./huiyin codes sheet.")

    with_services(work)


def _retire(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        newer = arguments.replaced_by
        print(_leads(await services.codes.retire(arguments.code, _who(), newer)))

    with_services(work)


def _show(arguments: Namespace) -> None:
    settings = read(BotSettings)

    async def work(services: Services) -> None:
        for line in _told(await services.codes.show(arguments.code), settings):
            print(line)

    with_services(work)


def _csv(arguments: Namespace) -> None:
    public_url = _public().public_url if arguments.addresses else ""

    async def work(services: Services) -> None:
        rows = await services.codes.listed(arguments.below, _kinds(arguments.kinds, KINDS))
        give(as_csv(rows, public_url), arguments.out)

    with_services(work)


def _wechat(arguments: Namespace) -> None:
    settings = read(BotSettings)

    async def work(services: Services) -> None:
        codes = await _wanted(services, arguments, KINDS)
        print(await draw_wechat(services, settings, codes, arguments.folder))

    with_services(work)


async def _wanted(services: Services, arguments: Namespace, usual: tuple[str, ...]) -> list[Listed]:
    """The codes in use that the arguments name. Raises ConfigurationError when there are none."""
    kinds = _kinds(arguments.kinds, usual)
    found = await services.codes.listed(arguments.below, kinds, arguments.code)
    live = [code for code in found if code.live]
    if not live:
        raise ConfigurationError("No code in use is among these; make some: ./huiyin codes make.")
    return live


def _public() -> BotSettings:
    settings = read(BotSettings)
    if not settings.public_url:
        raise ConfigurationError(
            "PUBLIC_URL is not set; the stickers need the address at which people reach you."
        )
    return settings


def _kinds(given: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    kinds = tuple(kind.strip() for kind in given.split(",") if kind.strip()) or usual
    for kind in kinds:
        if kind not in KINDS:
            raise ConfigurationError(
                f"There are no codes of kind {kind}; known: {', '.join(KINDS)}."
            )
    return kinds


def _leads(code: CodeTarget) -> str:
    return f"{code.scene} is {code.state} and leads to {code.label}."


def _told(shown: Shown, settings: BotSettings) -> list[str]:
    code = shown.target
    said = [_leads(code)]
    if settings.public_url:
        said.append(address(settings.public_url, code.scene))
    if code.was:
        said.append(f"Its sticker says: {code.was}")
    if code.newer:
        said.append(f"In its place stands: {code.newer}")
    if code.wechat:
        said.append(f"WeChat's own code: {code.wechat.url}")
    said.append(f"{shown.ratings} ratings came by it.")
    for entry in shown.history:
        at = clock.beijing(entry.at).strftime("%Y-%m-%d %H:%M")
        newer = f" → {entry.replaced_by}" if entry.replaced_by else ""
        said.append(f"{at}  {entry.verb:<8}  {entry.label}{newer}  ({entry.by})")
    return said


def _who() -> str:
    """Who sits at the shell; the history of a code says it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "unknown"


def _choice(parser: ArgumentParser, *, named: bool = False) -> None:
    parser.add_argument("--below", default="", help="only this unit and all below it: its code")
    parser.add_argument("--kinds", default="", help=f"only these, with commas: {', '.join(KINDS)}")
    if named:
        parser.add_argument(
            "--code", action="append", default=[], help="only this code; repeatable"
        )


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="action", metavar="make|sheet|move|retire|show|csv|wechat", required=True
    )
    make = actions.add_parser("make", help="make a code for every place that has none in use")
    _choice(make)
    make.add_argument("--csv", default="", help="for the rows of a file: scene,unit,officer,label")

    sheet = actions.add_parser("sheet", help="write a PDF to print: one code per page or many")
    _choice(sheet, named=True)
    sheet.add_argument("--form", choices=FORM_NAMES, default="sticker")
    sheet.add_argument("--out", required=True, help="the PDF to write")
    sheet.add_argument(
        "--wording", default="", help="your own sentences, like bot/print/wording.yml"
    )

    move = actions.add_parser("move", help="let a code lead to another unit from now on")
    move.add_argument("code")
    move.add_argument("--to", required=True, help="the unit's code, as in units.csv")
    move.add_argument("--label", default="", help="what it is called there, if not as the unit")

    retire = actions.add_parser("retire", help="take a code out of use")
    retire.add_argument("code")
    retire.add_argument("--replaced-by", default="", help="the code that stands in its place")

    show = actions.add_parser("show", help="where a code leads, and its history")
    show.add_argument("code")

    listing = actions.add_parser("csv", help="the codes in use as codes.csv")
    _choice(listing)
    listing.add_argument("--out", default="", help="the file; without, they are printed here")
    listing.add_argument(
        "--addresses", action="store_true", help="all codes, with address and state, for a printer"
    )

    wechat = actions.add_parser("wechat", help="make the official account's own codes")
    _choice(wechat, named=True)
    wechat.add_argument("folder", nargs="?", default="", help="where pictures go: <scene>.png")


ACTIONS = {
    "make": _make,
    "sheet": _sheet,
    "move": _move,
    "retire": _retire,
    "show": _show,
    "csv": _csv,
    "wechat": _wechat,
}


def _codes(arguments: Namespace) -> None:
    ACTIONS[arguments.action](arguments)


COMMANDS = (Command("codes", "make, print, move and retire codes", _codes, _arguments),)
