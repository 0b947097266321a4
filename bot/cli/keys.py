"""`./huiyin key [make | status | rotate]`: keys for personal data, and sealing anew."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from cryptography.fernet import Fernet

from actions.bootstrap import Services
from actions.privacy.rotation import Rotated, Rotation
from bot.cli.admin import with_services
from bot.cli.command import Command


def _key(arguments: Namespace) -> None:
    if arguments.action == "make":
        print(Fernet.generate_key().decode())
    else:
        with_services(_status if arguments.action == "status" else _rotate)


async def _status(services: Services) -> None:
    _tell(await Rotation(services.engine, services.vault).status())


async def _rotate(services: Services) -> None:
    found = await Rotation(services.engine, services.vault).rotate()
    unreadable = sum(found.unreadable.values())
    await services.trail.note(
        "command", "keys rotated", rows=found.resealed, left=found.older, unreadable=unreadable
    )
    print(f"{found.resealed} rows were sealed anew.")
    _tell(found)
    if found.older:
        print("Somebody still seals with an older key: see that every part has the new DATA_KEYS.")
    elif not unreadable:
        print("Older keys can be taken out of DATA_KEYS.")


def _tell(found: Rotated) -> None:
    for key, count in sorted(found.by_key.items()):
        print(f"key {key + 1} of DATA_KEYS: {count} values")
    for name, count in sorted(found.unreadable.items()):
        print(f"no key opens {count} values of {name}")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=("make", "status", "rotate"),
        default="make",
        help="make one (if nothing is said), tell which are in use, or seal all with the newest",
    )


COMMANDS = (
    Command("key", "make a key for DATA_KEYS, or seal all with the newest", _key, _arguments),
)
