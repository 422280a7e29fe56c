"""Students who took no part in a match though a list stood, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEYS = {"round_id": "internship_rounds", "student_id": "people"}


def upgrade() -> None:
    op.create_table(
        "match_absences",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(name, KEY, nullable=False) for name in KEYS),
        sa.Column("missing", sa.String(40), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_match_absences_{name}"))
            for name, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_absences")),
        sa.UniqueConstraint("round_id", "student_id", name=op.f("uq_match_absences_round_id_student_id")),
    )
    op.create_index("ix_match_absences_student", "match_absences", ["student_id"])


def downgrade() -> None:
    op.drop_table("match_absences")
