"""Links with which supervisors decide, and how often a pair was decided upon"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "internship_approval_links",
        sa.Column("id", KEY, nullable=False),
        sa.Column("supervision_id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["internship_rounds.id"], name=op.f("fk_internship_approval_links_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervision_id"], ["supervisions.id"], name=op.f("fk_internship_approval_links_supervision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_approval_links")),
        sa.UniqueConstraint(
            "supervision_id", "round_id", name=op.f("uq_internship_approval_links_supervision_id_round_id")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_internship_approval_links_token_hash")),
    )
    op.create_index(
        op.f("ix_internship_approval_links_round_id"), "internship_approval_links", ["round_id"], unique=False
    )
    op.add_column(
        "internship_approvals", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )


def downgrade() -> None:
    op.drop_column("internship_approvals", "version")
    op.drop_index(op.f("ix_internship_approval_links_round_id"), table_name="internship_approval_links")
    op.drop_table("internship_approval_links")
