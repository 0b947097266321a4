"""Conversations in Redis, kept short: the last turns, and what the earlier ones left behind.

They hold what citizens wrote, so they are sealed, with a key that is made from NLU_SECRET; and
pressed before that, to a fifth: Redis has to hold those of two days.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from typing import Any, List, Optional
from urllib.parse import unquote, urlsplit

from cryptography.fernet import Fernet, InvalidToken
from rasa.core.tracker_store import RedisTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

TWO_DAYS = 2 * 24 * 3600
KEPT_TURNS = 2
LONGEST_TURNS = 4  # shortened to KEPT_TURNS when this is passed, so not at every turn
FORM = b"pressed trackers:"  # another one for another form: what is not readable begins anew
PRESSED = 1  # zlib's level; the highest saves a tenth more

# Replaces what is stored only if it is what was read: with several Rasas one that hung in a turn may
# come to its end when another one has taken the conversation further. KEYS: the conversation. ARGV:
# what was read ("" for nothing), what is to be stored, seconds. Returns 1, or 0 when it is neither
# that nor gone.
_REPLACE = """
local now = redis.call('GET', KEYS[1])
if now and now ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""

_KINDS = {kind.type_name: kind for kind in all_subclasses(Event)}


class OvertakenError(Exception):
    """The conversation has gone further meanwhile; the turn has to be taken again from there."""


class ShortTrackerStore(RedisTrackerStore):
    """Rasa's Redis store without its merging of old and new, which reads everything twice.

    The gateway orders each conversation, so the tracker of the turn is the newest one. Errors of
    Redis rise.
    """

    sealing: Fernet
    replace: Any

    @classmethod
    def at(cls, url: str, secret: str) -> ShortTrackerStore:
        """The store at `redis://[user:password@]host:port/db`; `rediss:` is the same with TLS."""
        parts = urlsplit(url)
        store = cls(
            None,
            host=parts.hostname or "localhost",
            port=parts.port or 6379,
            db=int(parts.path.strip("/") or 0),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_ssl=parts.scheme == "rediss",
            record_exp=TWO_DAYS,
            key_prefix="huiyin",
        )
        key = hashlib.sha256(FORM + secret.encode()).digest()
        store.sealing = Fernet(base64.urlsafe_b64encode(key))
        store.replace = store.red.register_script(_REPLACE)
        return store

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A new tracker. It is saved when its first turn has happened, not before."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def _retrieve(
        self, sender_id: str, fetch_all_sessions: bool
    ) -> Optional[DialogueStateTracker]:
        stored = self.red.get(self.key_prefix + sender_id)
        try:
            if stored is None:
                return None
            pressed = self.sealing.decrypt(stored)
        except InvalidToken:  # of another version, or under another secret: it begins anew
            self.red.delete(self.key_prefix + sender_id)
            return None
        tracker = self.deserialise_tracker(sender_id, zlib.decompress(pressed))
        tracker.read_as = stored
        return tracker

    def deserialise_tracker(self, sender_id: str, serialised_tracker: Any) -> DialogueStateTracker:
        """The tracker of the stored events. Rasa looks for each event's class among all classes."""
        kept = json.loads(serialised_tracker)["events"]
        events = [_KINDS[event["event"]]._from_parameters(event) for event in kept]
        tracker = self.init_tracker(sender_id)
        tracker.recreate_from_dialogue(Dialogue(sender_id, events))
        return tracker

    async def save(
        self,
        tracker: DialogueStateTracker,
        timeout: Optional[float] = None,  # noqa: ASYNC109
    ) -> None:
        """Replaces what is stored for the conversation. Raises OvertakenError when that is not what
        the turn began with.
        """
        dialogue = Dialogue(tracker.sender_id, shortened(tracker)).as_dict()
        pressed = zlib.compress(json.dumps(dialogue, ensure_ascii=False).encode(), PRESSED)
        sealed = self.sealing.encrypt(pressed)
        lives = int(timeout or self.record_exp)
        read = getattr(tracker, "read_as", b"")
        if not self.replace([self.key_prefix + tracker.sender_id], [read, sealed, lives]):
            raise OvertakenError
        tracker.read_as = sealed


def shortened(tracker: DialogueStateTracker) -> List[Event]:
    """The events of the last turns, preceded by the state (slots, form) in which they began.

    The dialogue is led by rules, which look back one turn: it goes on as if nothing was missing.
    """
    events = _of_this_session(list(tracker.events))
    turns = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= LONGEST_TURNS:
        return events
    cut = turns[-KEPT_TURNS]
    while not _listens(events[cut]):
        cut -= 1
    return _opening(tracker, events[:cut]) + events[cut:]


def _of_this_session(events: List[Event]) -> List[Event]:
    starts = [index for index, event in enumerate(events) if isinstance(event, SessionStarted)]
    return events[max(starts[-1] - 1, 0) :] if starts else events


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _opening(tracker: DialogueStateTracker, events: List[Event]) -> List[Event]:
    """A session that begins in the state in which these events end."""
    before = tracker.init_copy()
    initial: Any = before.current_slot_values()
    before.update_with_events(events, domain=None, override_timestamp=False)
    opening: List[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    opening += [
        SlotSet(name, value)
        for name, value in before.current_slot_values().items()
        if value != initial[name]
    ]
    if before.active_loop_name:
        opening.append(ActiveLoop(before.active_loop_name))
    for event in opening:
        event.timestamp = events[-1].timestamp
    return opening
