"""Counters, kept by triggers of the database: exact whoever writes, and whatever is corrected.

A change is added, never a counter raised, so that writers of one unit do not wait for each other;
a round adds the changes up (actions/figures/counters.py).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Identity, Integer, Table, Text

from actions.store.tables.base import metadata


def _counted() -> tuple[Column[object], ...]:
    """`day` is a day in Beijing. For the measures, and what channel and way are of each, see
    actions/figures/measures.py.
    """
    return (
        Column("unit_id", Integer, ForeignKey("units.id"), primary_key=True),
        Column("day", Date, primary_key=True),
        Column("measure", Text, primary_key=True),
        Column("channel", Text, primary_key=True),
        Column("way", Text, primary_key=True),
        Column("n", BigInteger, nullable=False),
    )


figure_days = Table("figure_days", metadata, *_counted())  # of a unit and all below it
figure_months = Table("figure_months", metadata, *_counted())  # the same; day is the month's first


def _graded() -> tuple[Column[object], ...]:
    """All ratings together, for whoever sets many units beside each other."""
    return (
        Column("unit_id", Integer, ForeignKey("units.id"), primary_key=True),
        Column("day", Date, primary_key=True),
        Column("satisfied", BigInteger, nullable=False),
        Column("basically", BigInteger, nullable=False),
        Column("unsatisfied", BigInteger, nullable=False),
    )


figure_day_grades = Table("figure_day_grades", metadata, *_graded())  # units, days as above
figure_month_grades = Table("figure_month_grades", metadata, *_graded())

figure_changes = Table(  # what has not been added up yet
    "figure_changes",
    metadata,
    Column("id", BigInteger, Identity(cache=50), primary_key=True),
    Column("unit_id", Integer, nullable=False),  # where it happened
    Column("day", Date, nullable=False),
    Column("measure", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("n", BigInteger, nullable=False),
)
