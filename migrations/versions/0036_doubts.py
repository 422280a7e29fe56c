"""A chosen result is held back where something speaks against it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEYS = {
    "round_id": "internship_rounds",
    "student_id": "people",
    "posting_id": "internship_postings",
    "settled_by_id": "people",
}


def upgrade() -> None:
    op.add_column("internship_rounds", sa.Column("withheld_at", MOMENT, nullable=True))
    op.create_table(
        "match_doubts",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(name, KEY, nullable=name == "settled_by_id") for name in KEYS),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("is_kept", sa.Boolean(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_match_doubts_{name}"))
            for name, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_doubts")),
        sa.UniqueConstraint(
            "round_id", "chosen_at", "student_id", "reason",
            name=op.f("uq_match_doubts_round_id_chosen_at_student_id_reason"),
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("match_doubts")
    op.drop_column("internship_rounds", "withheld_at")
