"""An invoice and its corrections remember what of them had been paid on another invoice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLES = ("invoices", "invoice_revisions")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("prepaid_yen", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "prepaid_yen")
