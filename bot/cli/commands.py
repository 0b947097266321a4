"""Every command, in the order in which the help shows them."""

from __future__ import annotations

from bot.cli import (
    admin,
    audit,
    backup,
    bulletins,
    cases,
    clock,
    codes,
    demo,
    develop,
    events,
    keys,
    parts,
    policy,
    roster,
    rules,
    sms,
    topics,
)
from bot.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    *demo.COMMANDS,
    *parts.COMMANDS,
    *admin.COMMANDS,
    *keys.COMMANDS,
    *audit.COMMANDS,
    *backup.COMMANDS,
    *codes.COMMANDS,
    *cases.COMMANDS,
    *events.COMMANDS,
    *bulletins.COMMANDS,
    *policy.COMMANDS,
    *roster.COMMANDS,
    *rules.COMMANDS,
    *sms.COMMANDS,
    *topics.COMMANDS,
    *clock.COMMANDS,
    *develop.COMMANDS,
)
