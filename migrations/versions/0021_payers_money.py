"""What payers have with the provider is counted along an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

HELD = sa.text("balance_yen > 0")


def upgrade() -> None:
    op.create_index(
        "ix_payer_balances_held", "payer_balances", ["id"], sqlite_where=HELD, postgresql_where=HELD
    )


def downgrade() -> None:
    op.drop_index("ix_payer_balances_held", table_name="payer_balances")
