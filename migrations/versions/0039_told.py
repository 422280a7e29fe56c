"""A result is out once everybody was told, not by the clock alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEYS = {"round_id": "internship_rounds", "attempt_id": "match_attempts"}

rounds = sa.table("internship_rounds", sa.column("id"), sa.column("told_at"))
told = sa.table(
    "match_publications", sa.column("round_id"), sa.column("attempt_id"), sa.column("published_at")
)
runs = sa.table("match_attempts", sa.column("id"), sa.column("round_id"), sa.column("chosen_at"))


def upgrade() -> None:
    op.add_column("internship_rounds", sa.Column("told_at", MOMENT, nullable=True))
    when = sa.select(told.c.published_at).where(told.c.round_id == rounds.c.id).scalar_subquery()
    op.execute(rounds.update().values(told_at=when))
    op.drop_table("match_publications")


def downgrade() -> None:
    op.create_table(
        "match_publications",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(name, KEY, nullable=False) for name in KEYS),
        sa.Column("published_at", MOMENT, nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_match_publications_{name}"))
            for name, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_publications")),
        sa.UniqueConstraint("round_id", name=op.f("uq_match_publications_round_id")),
    )
    chosen = sa.and_(runs.c.round_id == rounds.c.id, runs.c.chosen_at.is_not(None))
    kept = sa.select(rounds.c.id, runs.c.id, rounds.c.told_at).join_from(rounds, runs, chosen)
    op.execute(
        told.insert().from_select(
            ["round_id", "attempt_id", "published_at"], kept.where(rounds.c.told_at.is_not(None))
        )
    )
    op.drop_column("internship_rounds", "told_at")
