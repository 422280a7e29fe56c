"""Receipts say how much they took from advances that other receipts state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    # added in place: a table made anew would lose its triggers
    op.add_column("receipts", sa.Column("moved_yen", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("receipts", sa.Column("parts", DOCUMENT, server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("receipts", "parts")
    op.drop_column("receipts", "moved_yen")
