"""Parses the command line, runs the command, turns errors into one sentence and an exit code."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence

import psycopg
from cryptography.fernet import InvalidToken
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import OperationalError, ProgrammingError

from actions import logs
from actions.errors import ConfigurationError, Refusal
from actions.settings import adopt, environment
from actions.watch.readiness import NO_DATABASE, OLD_SCHEMA, WRONG_KEYS
from bot.cli.commands import COMMANDS
from bot.cli.demo import FOLDER
from bot.stack.stack import ENVIRONMENT

USAGE_ERROR = 2


def parser() -> argparse.ArgumentParser:
    """The whole command line; `./huiyin --help` prints a line per command."""
    top = argparse.ArgumentParser(
        prog="./huiyin",
        description="Huiyin 回音: 事事有着落，件件有回音",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=16),
    )
    top.add_argument(
        "--demo", action="store_true", help="talk to the running demo instead of your own settings"
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.help, description=command.help)
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    return top


def main(argv: Sequence[str]) -> int:
    """Exit code: 0 done, 1 it failed, 2 wrong settings or arguments, 130 interrupted."""
    arguments = parser().parse_args(argv)
    logs.configure(_log_level(), process=_part(arguments.command), form=_log_format())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if arguments.demo:
            adopt(FOLDER / ENVIRONMENT)
        return int(arguments.run(arguments) or 0)
    except ConfigurationError as error:
        print(str(error), file=sys.stderr)
        return USAGE_ERROR
    except Refusal as error:
        print(f"Refused: {error.key} {error.params}", file=sys.stderr)
        return 1
    except (OperationalError, psycopg.OperationalError, ConnectorException):
        print(NO_DATABASE, file=sys.stderr)
        return 1
    except ProgrammingError:
        print(OLD_SCHEMA, file=sys.stderr)
        return 1
    except InvalidToken:
        print(WRONG_KEYS, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _part(command: str) -> str:
    """The gateway's command is called `serve`; its lines are the gateway's."""
    return {"serve": "gateway"}.get(command, command)


def _log_format() -> str:
    return logs.PLAIN if environment().get("LOG_FORMAT", "").lower() == logs.PLAIN else logs.JSON


def _log_level() -> str:
    level = environment().get("LOG_LEVEL", "INFO").upper()
    return level if level in {"DEBUG", "INFO", "WARNING", "ERROR"} else "INFO"
