"""Agreements with host companies, and which of them a round needs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "internship_agreements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= from_on", name=op.f("ck_internship_agreements_ended")
        ),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_internship_agreements_days")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_internship_agreements_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["people.id"], name=op.f("fk_internship_agreements_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_internship_agreements_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_internship_agreements_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_agreements")),
        sa.UniqueConstraint("once_key", name=op.f("uq_internship_agreements_once_key")),
    )
    op.create_index(
        "ix_internship_agreements_company", "internship_agreements", ["organisation_id", "id"], unique=False
    )
    op.add_column(
        "internship_rounds", sa.Column("needed_agreements", DOCUMENT, server_default="[]", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("internship_rounds", "needed_agreements")
    op.drop_index("ix_internship_agreements_company", table_name="internship_agreements")
    op.drop_table("internship_agreements")
