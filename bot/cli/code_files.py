"""What `./huiyin codes` writes: PDF, CSV, pictures of the official account's codes."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import segno

from actions.bootstrap import Services
from actions.codes.listing import Listed
from actions.codes.spelling import address
from actions.errors import ConfigurationError
from bot.app import build
from bot.channels.wechat import WeChatChannel
from bot.print.wording import SHIPPED, PrintWording
from bot.settings import BotSettings
from bot.tickets import make_tickets, urls


def draw_sheets(
    out: Path, form: str, codes: Sequence[Listed], settings: BotSettings, wording: str
) -> str:
    """Writes the PDF; a sentence about it."""
    said = PrintWording(Path(wording) if wording else SHIPPED)
    url = settings.public_url
    from bot.print.sheets import write_sheets  # reportlab: for who prints only

    pages = write_sheets(out, form, codes, url, settings.hotline, said)
    done = f"{len(codes)} codes on {pages} pages written to {out}; they lead to {url}/s/…"
    if not url.startswith("https://"):
        done += "\nPUBLIC_URL does not begin with https://: phones will warn people or refuse it."
    return done


def as_csv(rows: Sequence[Listed], public_url: str) -> str:
    """The codes in use as codes.csv, as `units load` reads it.

    With a public address: every code, with what a printer or a list on the wall needs.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = ["scene", "unit", "officer", "label"]
    writer.writerow([*columns, "address", "state", "replaced_by"] if public_url else columns)
    for row in rows:
        own = [row.scene, row.unit, row.badge, row.label]
        if public_url:
            state = "live" if row.live else "retired"
            writer.writerow([*own, address(public_url, row.scene), state, row.newer])
        elif row.live:
            writer.writerow(own)
    return out.getvalue()


def give(text: str, out: str) -> None:
    """Writes the text to the file, or prints it here."""
    if out:
        Path(out).write_text(text, encoding="utf-8-sig")  # spreadsheet programs need the mark
        print(f"{text.count(chr(10)) - 1} codes written to {out}.")
    else:
        sys.stdout.write(text)


async def draw_wechat(
    services: Services, settings: BotSettings, codes: Sequence[Listed], folder: str
) -> str:
    """Makes what the account lacks, draws pictures of all; a sentence about it.

    Raises ConfigurationError when the account refuses; what was made until then is kept.
    """
    bot = build(settings)
    try:
        channel = bot.channels.get("wechat")
        if not isinstance(channel, WeChatChannel):
            raise ConfigurationError("No official account is connected; set WECHAT_APP_ID.")
        app_id = settings.wechat_app_id
        done = await make_tickets(services.engine, channel.api, app_id, codes)
        known = await urls(services.engine, app_id)
        drawn = _pictures(Path(folder), codes, known) if folder else ""
    finally:
        await bot.close()
    told = f"{done.made} codes made, {done.stood} stood already.{drawn}"
    if done.ended:
        raise ConfigurationError(f"{told} Then it ended: {done.ended}. Call it again to go on.")
    return told


def _pictures(folder: Path, codes: Sequence[Listed], known: Mapping[int, str]) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [code for code in codes if code.code_id in known]
    for code in wanted:
        picture = segno.make(known[code.code_id], error="m", micro=False)
        picture.save(str(folder / f"{code.scene}.png"), scale=10)
    return f" {len(wanted)} pictures are in {folder}."
