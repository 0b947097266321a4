"""`./huiyin policy check | show | diff`: what a deployment's policy says and whether it is right."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from actions.bootstrap import Services
from actions.errors import ConfigurationError
from actions.policy.load import load_policy, read_policy, shipped
from actions.policy.show import difference, shown_in_full
from bot.cli.admin import with_services
from bot.cli.command import Command


def _check(arguments: Namespace) -> None:
    """Reads each policy; says every mistake of every one of them at the end."""
    wrong = []
    for name in arguments.policies or shipped():
        try:
            read = read_policy(name)
        except ConfigurationError as error:
            wrong.append(str(error))
        else:
            policy = read.policy
            print(f"{read.file} is right: {policy.name}, version {policy.version}, {policy.digest}")
    if wrong:
        raise ConfigurationError("\n".join(wrong))


def _show(arguments: Namespace) -> None:
    for line in shown_in_full(read_policy(arguments.policy), arguments.lang):
        print(line)


def _diff(arguments: Namespace) -> None:
    before, after = load_policy(arguments.before), load_policy(arguments.after)
    lines = difference(before, after)
    for line in lines:
        print(line)
    if not lines:
        print(f"{before.name} and {after.name} say the same.")


def _adopt(_: Namespace) -> None:
    """Open cases keep the clocks they began with, until this is said."""

    async def work(services: Services) -> None:
        changed = await services.rounds.adopt_policy()
        policy = services.policy
        await services.trail.note(
            "command", "policy adopted", policy.name, digest=policy.digest, clocks=changed
        )
        print(f"{changed} running clocks now follow {services.policy.name}.")

    with_services(work)


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="check|show|diff|adopt", required=True)
    checking = actions.add_parser("check", help="say what is wrong, a sentence per mistake")
    checking.add_argument("policies", nargs="*", help="names or files; none: all that ship")
    checking.set_defaults(work=_check)
    showing = actions.add_parser("show", help="every line in words, with its comment")
    showing.add_argument("policy", nargs="?", default="", help="name or file; none: the default")
    showing.add_argument("--lang", choices=("zh", "en"), default="zh")
    showing.set_defaults(work=_show)
    differing = actions.add_parser("diff", help="only the lines in which two policies differ")
    differing.add_argument("before", help="name or file")
    differing.add_argument("after", help="name or file")
    differing.set_defaults(work=_diff)
    adopting = actions.add_parser("adopt", help="let the clocks of open cases follow POLICY")
    adopting.set_defaults(work=_adopt)


COMMANDS = (
    Command(
        "policy",
        "check, show, compare or adopt policies: how cases live here",
        lambda arguments: arguments.work(arguments),
        _arguments,
    ),
)
