"""Every question for figures: who asked what, and what was answered. Only ever added to."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from actions.store.tables.base import metadata, moment

figure_queries = Table(
    "figure_queries",
    metadata,
    Column("number", Text, primary_key=True),
    Column("inbox_id", Uuid, nullable=False, unique=True),
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("unit_id", Integer, ForeignKey("units.id")),  # what the answer is about
    Column("view", Text, nullable=False),
    Column("question", JSONB, nullable=False),  # see actions/figures/question.py
    Column("answer_sealed", LargeBinary),  # words, buttons and chart as they were given
    moment("asked_at"),
    Index("ix_figure_queries_identity_id", "identity_id", "asked_at"),
)
