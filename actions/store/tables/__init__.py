"""Every table. Columns named *_sealed hold personal data sealed by the vault, *_digest its hash."""

from actions.store.tables.asking import ratings
from actions.store.tables.audit import audit_chain, audit_entries, audit_waiting
from actions.store.tables.base import metadata
from actions.store.tables.bulletins import bulletin_copies, bulletin_rounds, bulletins
from actions.store.tables.cases import (
    attachments,
    case_events,
    case_followers,
    case_numbers,
    cases,
)
from actions.store.tables.codes import code_events, code_tickets, codes
from actions.store.tables.contacts import contact_proofs, contacts
from actions.store.tables.desk import desk_entries, login_links, sessions, voice_calls
from actions.store.tables.feeds import case_feeds, fed_cases, feed_results
from actions.store.tables.figures import (
    figure_changes,
    figure_day_grades,
    figure_days,
    figure_month_grades,
    figure_months,
)
from actions.store.tables.invitations import (
    feeds,
    invitation_draws,
    invitations,
    opt_outs,
    service_events,
    unplanned_events,
)
from actions.store.tables.messages import deliveries, inbox
from actions.store.tables.one_time import one_time_codes
from actions.store.tables.people import (
    absences,
    binding_codes,
    identities,
    officers,
    posts,
    shifts,
    units,
)
from actions.store.tables.proposals import proposal_events, proposals, rule_evaluations
from actions.store.tables.queries import figure_queries
from actions.store.tables.retention import retention_marks
from actions.store.tables.sms import sms_parts
from actions.store.tables.topics import topic_reports
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
    "audit_chain",
    "audit_entries",
    "audit_waiting",
    "binding_codes",
    "bulletin_copies",
    "bulletin_rounds",
    "bulletins",
    "callback_tasks",
    "case_events",
    "case_feeds",
    "case_followers",
    "case_links",
    "case_numbers",
    "cases",
    "code_events",
    "code_tickets",
    "codes",
    "contact_proofs",
    "contacts",
    "deadlines",
    "deliveries",
    "desk_entries",
    "draws",
    "escrow_openings",
    "fed_cases",
    "feed_results",
    "feeds",
    "figure_changes",
    "figure_day_grades",
    "figure_days",
    "figure_month_grades",
    "figure_months",
    "figure_queries",
    "identities",
    "inbox",
    "invitation_draws",
    "invitations",
    "login_links",
    "metadata",
    "officers",
    "one_time_codes",
    "opt_outs",
    "posts",
    "proposal_events",
    "proposals",
    "ratings",
    "retention_marks",
    "reveals",
    "rule_evaluations",
    "service_events",
    "sessions",
    "shifts",
    "sms_parts",
    "topic_reports",
    "units",
    "unplanned_events",
    "visits",
    "voice_calls",
    "web_files",
    "web_messages",
    "web_visitors",
]
