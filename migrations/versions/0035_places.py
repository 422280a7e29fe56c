"""Who has a place stands in one table, a student once over a whole chain of rounds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TAKEN, STANDS = sa.text("state = 'taken'"), sa.text("freed_at IS NULL")
KEYS = {
    "chain_id": "internship_rounds",
    "round_id": "internship_rounds",
    "posting_id": "internship_postings",
    "student_id": "people",
    "offer_id": "rolling_offers",
}


def upgrade() -> None:
    op.create_table(
        "match_places",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(name, KEY, nullable=name == "offer_id") for name in KEYS),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("freed_at", MOMENT, nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_match_places_{name}"))
            for name, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_places")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_match_places_offer_id")),
    )
    _fill(op.get_bind())
    pairs = {
        "ix_match_places_round": ["round_id", "posting_id"],
        "ix_match_places_pair": ["posting_id", "student_id"],
        op.f("ix_match_places_student_id"): ["student_id"],
    }
    for name, columns in pairs.items():
        op.create_index(name, "match_places", columns, unique=False)
    op.create_index(
        "uq_match_places_standing", "match_places", ["chain_id", "student_id"],
        unique=True, sqlite_where=STANDS, postgresql_where=STANDS,
    )  # fmt: skip
    op.drop_index("uq_rolling_offers_taken", table_name="rolling_offers")


def downgrade() -> None:
    op.create_index(
        "uq_rolling_offers_taken", "rolling_offers", ["chain_id", "student_id"],
        unique=True, sqlite_where=TAKEN, postgresql_where=TAKEN,
    )  # fmt: skip
    op.drop_table("match_places")


def _fill(bind: sa.Connection) -> None:
    """From results and taken offers; free where the internship was called off before its start, or the student had one before."""
    bodies = sa.MetaData()
    names = (
        "match_outcomes",
        "match_attempts",
        "rolling_offers",
        "placements",
        "match_follow_ups",
        "match_places",
    )
    outcomes, runs, offers, interns, links, places = (sa.Table(n, bodies, autoload_with=bind) for n in names)
    before = {row.round_id: row.follows_id for row in bind.execute(sa.select(links))}
    off = sa.select(interns.c.posting_id, interns.c.student_id, interns.c.moved_at)
    off = off.where(interns.c.state == "cancelled", interns.c.last_on.is_(None))
    freed = {(row[0], row[1]): row[2] for row in bind.execute(off)}
    matched = sa.select(
        outcomes.c.round_id, outcomes.c.posting_id, outcomes.c.student_id, sa.null().label("offer_id"),
        sa.func.coalesce(runs.c.chosen_at, runs.c.created_at).label("made_at"),
    ).join_from(outcomes, runs, runs.c.id == outcomes.c.attempt_id)  # fmt: skip
    taken = sa.select(
        offers.c.round_id, offers.c.posting_id, offers.c.student_id, offers.c.id.label("offer_id"), offers.c.answered_at.label("made_at")
    ).where(offers.c.state == "taken")  # fmt: skip
    seen: set[tuple[int, int]] = set()
    for row in (
        *bind.execute(matched.where(outcomes.c.posting_id.is_not(None)).order_by(outcomes.c.id)),
        *bind.execute(taken.order_by(offers.c.id)),
    ):
        bind.execute(places.insert().values(**_place(row, _first(row.round_id, before), freed, seen)))


def _place(row: Any, chain: int, freed: dict[tuple[int, int], Any], seen: set[tuple[int, int]]) -> Any:
    mine = (chain, row.student_id)
    freed_at = freed.get((row.posting_id, row.student_id)) or (row.made_at if mine in seen else None)
    if freed_at is None:
        seen.add(mine)
    return {**row._mapping, "chain_id": chain, "freed_at": freed_at}


def _first(round_id: int, before: dict[int, int]) -> int:
    while round_id in before:
        round_id = before[round_id]
    return round_id
