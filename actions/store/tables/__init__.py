"""Every table. Columns named *_sealed hold personal data sealed by the vault, *_digest its hash."""

from actions.store.tables.asking import codes, ratings
from actions.store.tables.base import metadata
from actions.store.tables.cases import (
    attachments,
    case_events,
    case_followers,
    case_numbers,
    cases,
)
from actions.store.tables.messages import deliveries, inbox
from actions.store.tables.people import (
    absences,
    binding_codes,
    identities,
    officers,
    posts,
    shifts,
    units,
)
from actions.store.tables.web import web_files, web_messages, web_visitors
from actions.store.tables.work import (
    alarms,
    callback_tasks,
    case_links,
    deadlines,
    draws,
    escrow_openings,
    reveals,
    visits,
)

__all__ = [
    "absences",
    "alarms",
    "attachments",
    "binding_codes",
    "callback_tasks",
    "case_events",
    "case_followers",
    "case_links",
    "case_numbers",
    "cases",
    "codes",
    "deadlines",
    "deliveries",
    "draws",
    "escrow_openings",
    "identities",
    "inbox",
    "metadata",
    "officers",
    "posts",
    "ratings",
    "reveals",
    "shifts",
    "units",
    "visits",
    "web_files",
    "web_messages",
    "web_visitors",
]
