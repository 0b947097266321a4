"""More phones for a story than the demonstration has, and what was heard on them."""

from __future__ import annotations

import re

from bot.demo.people import Chat, phone_of
from bot.simulator.driver import TelegramUser, WeComMember
from bot.simulator.persons import Person
from bot.simulator.transcript import Entry
from tests.scenarios.story import NUMBER, Story


async def hand_out(
    story: Story, name: str, badge: str, channel: str = "telegram"
) -> TelegramUser | WeComMember:
    """The phone of an officer of the sample city whom the demonstration does not have, bound."""
    phone = phone_of(story.driver, Chat(name, badge, "", "", channel))
    code = await story.services.people.make_binding_code(badge)
    await phone.types(f"/bind {code}")
    await phone.hears(name[:1], timeout=30)
    return phone


async def told(person: Person, *words: str) -> list[Entry]:
    """The messages to this person, read or not, that hold all the words; the oldest first."""
    return [
        entry
        for entry in await person.transcript()
        if entry.direction == "received" and all(word in entry.text for word in words)
    ]


def labels(entry: Entry) -> list[str]:
    """What can be tapped under a message."""
    return [choice.label for choice in entry.choices if choice.kind != "grey"]


def number_in(entry: Entry) -> str:
    """The case number that the message names."""
    found = re.search(NUMBER, entry.text)
    assert found, f"no case number in: {entry.text}"
    return found[0]
